/** Writes each file of the built page compressed beside it: the service sends that to whoever takes it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const folder = 'dist/web';
for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  if (/[.](html|js|css|svg)$/.test(name)) writeFileSync(`${folder}/${name}.gz`, gzipSync(readFileSync(`${folder}/${name}`), { level: 9 }));
}
