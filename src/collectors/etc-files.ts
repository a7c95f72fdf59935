/** resolv.conf and hosts as the processes of a namespace see them. */
import type { Fact } from '../model/facts.ts';
import { absent, failed, messageOf, ok } from './fact.ts';
import type { EtcSource } from './netns-sources.ts';
import { readBelow } from './transport/below.ts';

const LIMIT = 64 * 1024;
const FILES: readonly EtcSource[] = ['resolv.conf', 'hosts'];

/** A root folder and the folder of the files in it; of several, the first that has the file. */
export interface EtcPlace {
  readonly root: string;
  readonly folder: string;
}

async function etcFile(netns: string, source: EtcSource, places: readonly EtcPlace[]): Promise<Fact> {
  let command: string[] = [];
  try {
    for (const { root, folder } of places) {
      command = ['cat', `${root === '/' ? '' : root}${folder}/${source}`];
      const text = await readBelow(root, `${folder}/${source}`, LIMIT);
      if (text !== null) return ok({ source, netns, command }, text);
    }
    return absent({ source, netns, command }, places.length > 0 ? 'there is no such file' : 'no process lives in this namespace');
  } catch (error) {
    const denied = /EACCES|EPERM/.test(messageOf(error));
    return failed({ source, netns, command }, denied ? 'not permitted: needs CAP_SYS_PTRACE; run as root' : messageOf(error));
  }
}

/** One fact for each file. */
export function etcFacts(netns: string, places: readonly EtcPlace[]): Promise<Fact[]> {
  return Promise.all(FILES.map((source) => etcFile(netns, source, places)));
}
