/** Sends one real packet from a namespace of this machine, by send-one.mjs. */
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { PROBE_OUTCOMES } from '../../model/answer.ts';
import { UserError } from '../../model/errors.ts';
import type { Errand, Sent } from '../../model/probe.ts';
import { systemPath } from './helper.ts';
import { movedOn, namespaceInode } from './processes.ts';

/** Beside this file in src/ and, copied by the build, in dist/. */
const SCRIPT = join(import.meta.dirname, 'send-one.mjs');
/** How long an answer is waited for, milliseconds. */
const PATIENCE = 3000;
/** For the program to start and end, besides; then it is killed. */
const GRACE = 2000;
/** Under way at the same time. */
const MOST = 4;

const sent = z.object({ outcome: z.enum(PROBE_OUTCOMES), errno: z.string().nullable(), milliseconds: z.number() });

let underWay = 0;

/** As SendProbe of the model. */
export async function sendProbe(errand: Errand): Promise<Sent> {
  if (underWay >= MOST) throw new UserError('RATE_LIMITED', `${MOST} probes are under way already.`, 'Ask again in some seconds.', [], PATIENCE / 1000);
  underWay++;
  try {
    return await send(errand);
  } finally {
    underWay--;
  }
}

async function send({ namespace, protocol, address, port, sourcePort, sourceAddress }: Errand): Promise<Sent> {
  const program = [
    process.execPath,
    SCRIPT,
    protocol,
    address,
    String(port),
    String(PATIENCE),
    String(sourcePort ?? 0),
    ...(sourceAddress ? [sourceAddress] : []),
  ];
  const [file, ...args] = [...enter(namespace), ...program] as [string, ...string[]];
  const done = await execa(file, args, {
    env: { PATH: systemPath() },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: PATIENCE + GRACE,
    killSignal: 'SIGKILL',
    maxBuffer: 10_000,
  });
  if (done.failed) {
    const said = done.stderr.trim().split('\n')[0] || done.shortMessage;
    throw new UserError('BAD_ARGUMENT', `The probe could not be sent: ${said}.`, 'Run netwhy as root, or ask without a probe.');
  }
  return sent.parse(JSON.parse(done.stdout));
}

/** Nothing where this process stands in it already. */
function enter({ inode, paths }: Errand['namespace']): string[] {
  if (namespaceInode('/proc/self/ns/net') === inode) return [];
  const path = paths.find((path) => !movedOn(path, inode));
  if (path !== undefined) return ['nsenter', `--net=${path}`, '--'];
  throw new UserError('BAD_ARGUMENT', 'The network namespace of the source is gone.', 'Its container was started anew or removed: ask again.');
}
