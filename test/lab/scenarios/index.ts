import type { Batch, Scenario } from '../scenario.ts';
import { added } from './added.ts';
import { altered } from './altered.ts';
import { standing } from './standing.ts';

const alone = (scenario: Scenario): Batch => ({
  name: scenario.name,
  scenarios: [scenario],
  ...(/ is down$/.test(scenario.name) ? { patient: true } : {}),
  ...(scenario.ask.some(({ from }) => from === 'lan') ? { knowsOutside: true } : {}),
});

export const BATCHES: readonly Batch[] = [{ name: 'standing', scenarios: [...standing, ...added], patient: true }, ...altered.map(alone)];
