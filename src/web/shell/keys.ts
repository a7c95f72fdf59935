import { useEffect } from 'react';
import { go, parseRoute, type View } from '../use/route.ts';

const VIEW_KEYS: Readonly<Record<string, View>> = { m: 'map', w: 'why', t: 'time', b: 'tables' };

const typing = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));

/** Keys that work wherever nothing is being typed. */
export function useKeys(help: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector('dialog[open]')) return;
      const view = VIEW_KEYS[event.key];
      if (event.key === '/') document.querySelector<HTMLElement>('[data-search]')?.focus();
      else if (event.key === '?') help();
      else if (view) go(view, { at: parseRoute(location.hash).params.at });
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [help]);
}
