/** The address is the state. */
import { useSyncExternalStore } from 'react';
import { formatRoute, type Params, parseRoute, type Route, type View } from './address.ts';

export { formatRoute, type Params, parseRoute, type View } from './address.ts';

const listen = (changed: () => void) => {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
};

let last: { readonly hash: string; readonly route: Route } | undefined;
function current(): Route {
  const { hash } = location;
  if (last?.hash !== hash) last = { hash, route: parseRoute(hash) };
  return last.route;
}

export const useRoute = (): Route => useSyncExternalStore(listen, current);

/** Goes to an address as a link does: a step that "back" takes back. */
export const go = (view: View, params?: Params, rest?: string): void => {
  location.hash = formatRoute(view, params, rest);
};

/** Changes parameters of the view that is open. `replace` leaves no step for "back": for what is typed. */
export function setParams(changes: Params, { replace = false } = {}): void {
  const { view, rest, params } = current();
  const hash = formatRoute(view, { ...params, ...changes }, rest);
  if (hash === location.hash) return;
  if (!replace) location.hash = hash;
  else {
    history.replaceState(null, '', hash);
    dispatchEvent(new HashChangeEvent('hashchange'));
  }
}
