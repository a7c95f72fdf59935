import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildModel } from '../../src/normalize/index.ts';
import { judge, type OracleProbe } from '../oracle/classify.ts';
import { corpusFacts, corpusScenarios } from './corpus.ts';

export interface CorpusTally {
  readonly scenarios: number;
  readonly all: number;
  readonly agreed: number;
  /** UNDETERMINED or AMBIGUOUS. */
  readonly open: number;
  /** In words, one each. */
  readonly differ: readonly string[];
}

/** Every recorded probe of the corpus asked again; null where there is no corpus. */
export function corpusTally(): CorpusTally | null {
  const scenarios = corpusScenarios();
  if (scenarios.length === 0) return null;
  let all = 0;
  let agreed = 0;
  let open = 0;
  const differ: string[] = [];
  for (const folder of scenarios) {
    const model = buildModel(corpusFacts(folder));
    const probes = JSON.parse(readFileSync(join(folder, 'probes.json'), 'utf8')) as OracleProbe[];
    const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as Record<string, { result: string }>;
    for (const [i, probe] of probes.entries()) {
      const { result } = judge(model, probe, i);
      all++;
      if (result === truth[probe.id]?.result) agreed++;
      else if (result === 'UNDETERMINED' || result === 'AMBIGUOUS') open++;
      else differ.push(`${folder} ${probe.id}: ${result}, kernel ${truth[probe.id]?.result}`);
    }
  }
  return { scenarios: scenarios.length, all, agreed, open, differ };
}
