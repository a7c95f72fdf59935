/** A service whose intents are watched, over a host on which db can be made to listen or not. */
import { parseIntent } from '../../src/intents/parse.ts';
import type { EstateFacts } from '../../src/model/facts.ts';
import type { NoticeTarget } from '../../src/model/notice.ts';
import { takeSnapshot } from '../../src/operations/take-snapshot.ts';
import { startService } from '../doors/service.ts';
import { hostOne } from '../doors/small-estate.ts';

export const INTENT = 'web must reach db:5432';

const DB = /tcp LISTEN 0 128 0\.0\.0\.0:5432.*\n/;

export function listening(open: boolean): EstateFacts {
  const host = hostOne();
  return [{ ...host, facts: host.facts.map((fact) => (open ? fact : { ...fact, data: fact.data.replace(DB, '') })) }];
}

export async function watchedService(targets: readonly NoticeTarget[], intents: readonly string[] = [INTENT], url?: string) {
  const watch = { intents: intents.map((text) => parseIntent(text, 'test')), targets };
  const service = await startService(listening(true), url, watch);
  /** Takes a snapshot in which db listens, or not; returns its id. */
  const snapshot = async (open: boolean) => {
    service.setFacts(listening(open));
    return (await takeSnapshot(service.context, {})).id;
  };
  return { ...service, snapshot };
}
