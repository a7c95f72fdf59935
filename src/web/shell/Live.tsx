import { useEffect, useState } from 'react';
import type { Progress } from '../../generated/page.ts';
import { progress } from '../queries/shell.ts';
import { useConnected, useSubscription } from '../use/live.ts';

type Reading = Progress['snapshotProgress'];

/** Milliseconds after the last word of a reading until it is taken for done. */
const QUIET = 4000;

/** Whether events come in, and how far the hosts are read. */
export function Live() {
  const connected = useConnected();
  const [reading, setReading] = useState<ReadonlyMap<string, Reading>>(new Map());
  useSubscription(progress, ({ snapshotProgress }) => setReading((before) => new Map(before).set(snapshotProgress.host, snapshotProgress)));
  useEffect(() => {
    if (reading.size === 0) return;
    const timer = setTimeout(() => setReading(new Map()), QUIET);
    return () => clearTimeout(timer);
  }, [reading]);

  const hosts = [...reading.values()];
  const open = hosts.filter(({ done, total }) => done < total);
  const total = hosts.reduce((sum, h) => sum + h.total, 0);
  const done = hosts.reduce((sum, h) => sum + h.done, 0);
  const text = open.length > 0 ? `reading ${open.map((h) => `${h.host}: ${h.stage}`).join(', ')}` : connected ? 'live' : 'not connected';
  return (
    <>
      <span className={`live ${connected ? 'on' : 'off'}`} role="status" title={connected ? 'Changes show by themselves' : 'Trying to reach the service again'}>
        <span aria-hidden="true">{connected ? '●' : '○'}</span> <span className="live-text">{text}</span>
      </span>
      {open.length > 0 && <progress className="reading" value={done} max={total} aria-label="Reading the hosts" />}
    </>
  );
}
