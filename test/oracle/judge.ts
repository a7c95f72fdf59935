/** judge.ts MANIFEST: reads the scenario's namespaces live and prints what netwhy says of every probe. */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { collectEstate } from '../../src/collectors/index.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { judge, type OracleProbe } from './classify.ts';

interface Manifest {
  readonly namespaces: readonly { readonly name: string; readonly netns: string }[];
  readonly probes: readonly OracleProbe[];
}

const manifest = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Manifest;
const facts = await collectEstate([{ name: 'lab', docker: 'none', namespaceOf: 'local', netnsFolders: [dirname(manifest.namespaces[0]!.netns)] }]);
const model = buildModel(facts);
const answers = manifest.probes.map((probe, i) => [probe.id, { result: judge(model, probe, i).result }] as const);
console.log(JSON.stringify(Object.fromEntries(answers)));
