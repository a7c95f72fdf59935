/** `netwhy completion SHELL` prints the script, which asks `netwhy __complete`. */
import type { Command } from 'commander';
import { UserError } from '../model/errors.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import type { Client } from './client.ts';
import { type Candidate, linesOf, type Names, type Wanted, wanted } from './complete.ts';
import { SCRIPTS } from './completion-scripts.ts';
import type { Output } from './output.ts';
import type { Common } from './program.ts';

export function printScript(output: Output, shell: string): void {
  const script = SCRIPTS[shell];
  if (script === undefined) throw new UserError('BAD_ARGUMENT', `There is no completion for ${shell}.`, 'Ask for bash, zsh or fish.', Object.keys(SCRIPTS));
  output.print([script.trimEnd()]);
}

/** Milliseconds: nobody waits longer for a name, unless the environment says so. */
const PATIENCE = Number(process.env.NETWHY_COMPLETION_MS) || 300;

export type Open = (options: Common) => Promise<{ readonly client: Client }>;

/** Whatever goes wrong, there is nothing to complete: a shell is no place to say why. */
export async function printCandidates(program: Command, words: readonly string[], output: Output, open: Open): Promise<void> {
  const asked = wanted(program, words);
  if (asked.names === 'files') return output.print([':files']);
  const names = asked.names === null ? [] : await inTime(namesOf(asked.names, asked, open));
  const lines = linesOf([...asked.fixed, ...names], asked);
  if (lines.length > 0) output.print(lines);
}

async function inTime(names: Promise<Candidate[]>): Promise<Candidate[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE);
  });
  const found = await Promise.race([names.catch((): Candidate[] => []), late]);
  clearTimeout(timer);
  // What is still under way must not keep the shell waiting.
  if (found === null) process.exit(0);
  return found;
}

const show = ({ value }: { readonly value: string }): Candidate => ({ value });

async function namesOf(kind: Exclude<Names, 'files'>, { options, prefix }: Wanted, open: Open): Promise<Candidate[]> {
  const at = options.snapshot ?? null;
  const live = at === null && options.server === undefined && options.recording === undefined && !process.env.NETWHY_SERVER;
  if (live && kind !== 'snapshots') return liveNames(kind, prefix, options.config);
  const { client } = await open({ ...options, json: false });
  try {
    if (kind === 'snapshots') return snapshotNames(await client.snapshots());
    if (kind === 'hosts') return (await client.list('hosts', {}, at)).items.map(({ name }) => ({ value: name }));
    if (kind === 'networks') return (await client.list('networks', {}, at)).items.map(({ name, host }) => ({ value: name, text: `on ${host}` }));
    const containers = (await client.list('containers', {}, at)).items;
    const named = containers.map(({ name, host, state }) => ({ value: name, text: `${state} on ${host}` }));
    if (kind === 'containers') return named;
    return [...named, ...placesBeside([...new Set(containers.map(({ host }) => host))])];
  } finally {
    await client.close();
  }
}

const placesBeside = (hosts: readonly string[]): Candidate[] => [
  { value: 'internet', text: 'whoever is outside' },
  ...hosts.map((host) => ({ value: `host:${host}`, text: 'the host itself' })),
];

function snapshotNames(all: readonly SnapshotInfo[]): Candidate[] {
  const labelled = all.flatMap(({ label, takenAt }) => (label === null ? [] : [{ value: label, text: takenAt }]));
  const recent = all.slice(0, 20).map(({ id, takenAt }) => ({ value: String(id), text: takenAt }));
  return [...['latest', 'previous'].map((value) => show({ value })), ...labelled, ...recent];
}

async function liveNames(kind: 'containers' | 'places' | 'hosts' | 'networks', prefix: string, config: string | undefined): Promise<Candidate[]> {
  const [{ loadConfig }, { knownNames }] = await Promise.all([import('../config.ts'), import('../operations/container-names.ts')]);
  const { hosts, containers } = knownNames((await loadConfig(config)).hosts, PATIENCE);
  if (kind === 'hosts') return hosts.map((value) => ({ value }));
  if (kind === 'networks') return [];
  const places = kind === 'places' ? placesBeside(hosts) : [];
  if (prefix.startsWith('host:')) return places;
  return [...(await containers()).map((value) => ({ value })), ...places];
}
