/** Copies to dist what the compiler does not: SDL and the scripts that run on hosts. */
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';

const assets = [
  ['src/schema', '.graphql'],
  ['src/collectors/transport', '.sh'],
  ['src/collectors/transport', '.mjs'],
] as const;

for (const [folder, ending] of assets) {
  if (!existsSync(folder)) continue;
  mkdirSync(`dist/${folder}`, { recursive: true });
  for (const name of readdirSync(folder)) if (name.endsWith(ending)) cpSync(`${folder}/${name}`, `dist/${folder}/${name}`);
}
