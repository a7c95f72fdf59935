import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from 'react';
import type { MomentFields } from '../../generated/page.ts';
import type { Ends } from './choose.ts';
import { ticksOf } from './ticks.ts';
import { momentName } from './words.ts';

interface Props {
  /** Newest first. */
  readonly moments: readonly MomentFields[];
  readonly ends: Ends | null;
  /** The moment that the rest of the page shows. */
  readonly at: string | undefined;
  readonly pick: (id: string, other: boolean) => void;
}

const MOVES: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  Home: () => 0,
  End: (_, last) => last,
};

/** Height of a mark, as a share of the line: a hundred changes do not dwarf one. */
const height = (changes: number) => (changes === 0 ? 0 : Math.min(1, 0.3 + Math.log2(changes) / 6));

/** The oldest is on the left. One stop for Tab; arrows go from moment to moment. */
export function Line({ moments, ends, at, pick }: Props) {
  const line = useRef<HTMLOListElement>(null);
  const shown = [...moments].reverse();
  const ticks = ticksOf(shown.map(({ snapshot }) => new Date(snapshot.takenAt)));
  const focused = shown.some(({ snapshot }) => snapshot.id === ends?.to) ? ends?.to : shown.at(-1)?.snapshot.id;
  const to = ends?.to;
  useEffect(() => {
    line.current?.querySelector('[tabindex="0"]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [to, moments.length]);

  const onKeyDown = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    const buttons = [...(line.current?.querySelectorAll('button') ?? [])];
    const here = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (!move || here < 0) return;
    event.preventDefault();
    buttons[Math.max(0, Math.min(buttons.length - 1, move(here, buttons.length - 1)))]?.focus();
  };
  return (
    <ol className="line" ref={line} onKeyDown={onKeyDown} aria-label="Snapshots, oldest first">
      {shown.map((moment, i) => {
        const { id } = moment.snapshot;
        const end = id === ends?.to ? 'to' : id === ends?.from ? 'from' : undefined;
        return (
          <li key={id} className={between(id, ends) ? 'between' : undefined}>
            <button
              type="button"
              tabIndex={id === focused ? 0 : -1}
              aria-pressed={end !== undefined}
              aria-label={momentName(moment)}
              title={momentName(moment)}
              data-end={end}
              onClick={(event: MouseEvent) => pick(id, event.shiftKey)}
            >
              {moment.marked.length > 0 && <span className="flag">⚑</span>}
              <span className="bar" style={{ height: `${height(moment.changes) * 100}%` }} />
              <span className={id === at ? 'dot seen' : 'dot'} />
            </button>
            {ticks[i] && <span className={`tick small${i > shown.length - 4 ? ' last' : ''}`}>{ticks[i]}</span>}
          </li>
        );
      })}
    </ol>
  );
}

const between = (id: string, ends: Ends | null) =>
  ends?.from != null && Number(id) > Number(ends.from) && (ends.to === 'live' || Number(id) <= Number(ends.to));
