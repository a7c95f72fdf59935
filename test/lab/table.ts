/** Prints what the kernel did in every scenario, without asking netwhy: `tsx test/lab/table.ts [batch]`. */
import { runBatch } from './batch.ts';
import { createLab } from './hosts.ts';
import { BATCHES } from './scenarios/index.ts';
import { buildWorld } from './steps.ts';
import { HOSTS } from './world.ts';

const wanted = process.argv[2];
const started = Date.now();
const since = (): string => `${((Date.now() - started) / 1000).toFixed(1)} s`;
const lab = await createLab({ hosts: HOSTS });
try {
  console.log(`hosts up after ${since()}`);
  await Promise.all(lab.hosts.map((host) => buildWorld(lab, host)));
  console.log(`world built after ${since()}`);
  for (const batch of BATCHES) {
    if (wanted && batch.name !== wanted) continue;
    const { truths } = await runBatch(lab, batch, async () => []);
    console.log(`\n## ${batch.name} after ${since()}`);
    for (const { scenario } of new Map(truths.map((t) => [t.scenario, t])).values()) {
      console.log(scenario);
      for (const t of truths.filter((each) => each.scenario === scenario)) {
        const { from, to, protocol, port } = t.question;
        const died = t.drop ? `${t.drop.host} ${t.drop.direction} ${t.drop.table} ${t.drop.chain} ${t.drop.position ?? 'policy'} ${t.drop.text}` : '';
        console.log(`  ${t.host.padEnd(10)} ${`${from} > ${to} ${protocol}/${port}`.padEnd(58)} ${t.outcome.symptom}${t.outcome.half ? ' half' : ''} ${died}`);
      }
    }
  }
} finally {
  await lab.destroy();
  console.log(`gone after ${since()}`);
}
