import { useSyncExternalStore } from 'react';

export type Theme = 'light' | 'dark';
const KEY = 'netwhy.theme';
const kept = localStorage.getItem(KEY);
if (kept === 'light' || kept === 'dark') document.documentElement.dataset.theme = kept;
const system = matchMedia('(prefers-color-scheme: dark)');
const watchers = new Set<() => void>();

const current = (): Theme => {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return system.matches ? 'dark' : 'light';
};
const tell = () => {
  for (const watcher of watchers) watcher();
};
system.addEventListener('change', tell);

export const useTheme = (): Theme =>
  useSyncExternalStore((watcher) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, current);

export function switchTheme(): void {
  const next = current() === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = next;
  localStorage.setItem(KEY, next);
  tell();
}
