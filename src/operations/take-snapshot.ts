import { createHash } from 'node:crypto';
import { comparedOf } from '../diff/index.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import type { EntityRow, EntityRows, NewSnapshot } from '../snapshots/types.ts';
import { checkAll } from './check.ts';
import type { Context } from './context.ts';
import type { Estate } from './estate.ts';
import { checkLabel } from './label-snapshot.ts';
import { wordNotices } from './word-notice.ts';

interface Input {
  readonly label?: string | null;
  readonly due?: NewSnapshot['due'];
}

/** Collects now and stores it. Throws UserError BAD_ARGUMENT, COLLECTION_FAILED or STORE_FAILED, and TakenBefore when it is due and was taken. */
export async function takeSnapshot(context: Context, input: Input): Promise<SnapshotInfo> {
  const label = checkLabel(input.label ?? null);
  const started = performance.now();
  let bytes = 0;
  const store = await context.store();
  const read = () => context.estates.fresh();
  const estate = await (context.events?.during(read) ?? read());
  const findings = await checkAll(estate.model, context.watch?.intents ?? []);
  const targets = (context.watch?.targets ?? []).map(({ name }) => name);
  const wrote = (size: number) => {
    bytes = size;
  };
  const taken = await store.take({ ...storable(estate, label), ...(input.due && { due: input.due }), watched: { findings, targets }, wrote });
  context.telemetry?.saw({ kind: 'snapshot', seconds: (performance.now() - started) / 1000, bytes });
  // The snapshot is kept: what cannot be put into words now will be when it is told.
  await wordNotices(context, taken.id).catch(context.report);
  context.events?.look();
  return taken;
}

const hash = (text: string) => createHash('sha256').update(text).digest('base64url');

function storable(estate: Estate, label: string | null): NewSnapshot {
  const { facts, model } = estate;
  const hosts = new Map(model.hosts.map((host) => [host.name, host]));
  const meaning = (name: string) => new Map([...comparedOf(model, hosts.get(name)!)].map(([kind, text]) => [kind, hash(text)]));
  return { facts, entities: entityRows(estate), gaps: model.gaps.length, label, meaning };
}

const present = (values: readonly (string | null)[]) => [...new Set(values.filter((value) => value !== null))];

function entityRows(estate: Estate): EntityRows {
  const row = <T extends { id: string; host: string }>(data: T, name: string, addresses: readonly (string | null)[]): EntityRow => ({
    key: data.id,
    host: data.host,
    name,
    addresses: present(addresses),
    data,
  });
  return {
    host: estate.list('hosts').map((host) => row(host, host.name, host.addresses)),
    network: estate.list('networks').map((network) =>
      row(
        network,
        network.name,
        network.subnets.flatMap(({ subnet, gateway }) => [subnet, gateway]),
      ),
    ),
    container: estate.list('containers').map((container) => row(container, container.name, container.addresses)),
    endpoint: estate.list('endpoints').map((endpoint) => row(endpoint, endpoint.containerName, [endpoint.ipv4, endpoint.ipv6])),
    // Counters stand in the facts; here they would make a new row of every rule in every snapshot.
    natRule: estate.list('natRules').map((rule) => row({ ...rule, packets: null, bytes: null }, rule.text, [rule.hostIp, rule.targetAddress])),
  };
}
