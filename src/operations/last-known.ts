/** Hosts that could not be read, and when they last could. */
import { z } from 'zod';
import { UserError } from '../model/errors.ts';
import type { HostFacts } from '../model/facts.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import type { Context } from './context.ts';
import { Estate } from './estate.ts';
import { snapshotSchema } from './snapshot-schemas.ts';
import type { HostEntity } from './views/hosts.ts';

export interface LastKnown {
  readonly host: string;
  /** The newest earlier snapshot in which something of the host could be read. */
  readonly snapshot: SnapshotInfo | null;
  /** Seconds from that snapshot to when the host could not be read. */
  readonly ageSeconds: number | null;
  /** Why there is no such snapshot. */
  readonly reason: string | null;
}

const unread = ({ facts }: HostFacts) => facts.every(({ status }) => status !== 'ok');

/** Of a stored host. */
const wasRead = (data: unknown) => {
  const { engine, namespaceCount } = data as HostEntity;
  return engine !== null || namespaceCount > 0;
};

async function find(context: Context, { snapshot }: Estate, { host, collectedAt }: HostFacts): Promise<LastKnown> {
  try {
    const store = await context.store();
    const known = await store.lastWhere(`host:${host}`, snapshot?.id ?? null, wasRead);
    if (known === null) return { host, snapshot: null, ageSeconds: null, reason: 'no earlier snapshot has it' };
    return { host, snapshot: known, ageSeconds: Math.max(0, Math.round((Date.parse(collectedAt) - Date.parse(known.takenAt)) / 1000)), reason: null };
  } catch (error) {
    // What is there now needs no database.
    if (snapshot !== null || !(error instanceof UserError)) throw error;
    return { host, snapshot: null, ageSeconds: null, reason: error.message };
  }
}

/** Of all hosts of an estate that could not be read, or of one; in the order of their names. */
export async function lastKnown(context: Context, estate: Estate, host?: string): Promise<readonly LastKnown[]> {
  const lost = estate.facts.filter((facts) => unread(facts) && (host === undefined || facts.host === host));
  return Promise.all(lost.map((facts) => find(context, estate, facts)));
}

/** The estate with the last known facts of those hosts that could not be read in it and could in the later one. */
export async function withLastKnown(context: Context, estate: Estate, later: Estate): Promise<readonly [Estate, readonly LastKnown[]]> {
  const back = new Set(later.facts.filter((facts) => !unread(facts)).map(({ host }) => host));
  const found = (await lastKnown(context, estate)).filter(({ host, snapshot }) => snapshot !== null && back.has(host));
  if (found.length === 0) return [estate, []];
  const store = await context.store();
  const known = new Map<string, HostFacts>();
  for (const { host, snapshot } of found) for (const facts of await store.facts(snapshot!.id, new Set([host]))) known.set(host, facts);
  const facts = estate.facts.map((now) => known.get(now.host) ?? now);
  return [new Estate(facts, estate.snapshot), found];
}

export const lastKnownSchema = z
  .object({
    host: z.string(),
    snapshot: snapshotSchema.nullable().describe('The newest earlier snapshot in which something of the host could be read.'),
    ageSeconds: z.number().int().nullable().describe('Seconds from that snapshot to when the host could not be read.'),
    reason: z.string().nullable().describe('Why there is no such snapshot.'),
  })
  .meta({ id: 'LastKnown' });
