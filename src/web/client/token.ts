/** The token lives as long as the tab: never in an address, a cookie or storage that stays. */
const KEY = 'netwhy.token';
const watchers = new Set<() => void>();
let version = 0;

export const token = {
  get: (): string | null => sessionStorage.getItem(KEY),
  /** Empty: there is none any more. */
  set: (value: string): void => {
    if (value === '') sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, value);
    version++;
    for (const watcher of watchers) watcher();
  },
  /** Counts the changes: what was asked with another token is asked again. */
  version: (): number => version,
  watch: (watcher: () => void): (() => void) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  },
};
