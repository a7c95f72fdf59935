import { writeRecording } from '../collectors/recording.ts';
import type { EstateFacts } from '../model/facts.ts';

/** Writes facts as a folder, or as one file when the path ends in .tar.gz. */
export async function record(facts: EstateFacts, path: string): Promise<{ readonly path: string; readonly hosts: number; readonly facts: number }> {
  await writeRecording(path, facts);
  return { path, hosts: facts.length, facts: facts.reduce((count, host) => count + host.facts.length, 0) };
}
