import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The files of src/schema, by name. */
export function readSdl(): string[] {
  const folder = path.join(import.meta.dirname, '..', 'schema');
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
  return files.sort().map((name) => readFileSync(path.join(folder, name), 'utf8'));
}
