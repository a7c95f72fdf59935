import type { Batch } from '../scenario.ts';
import { standing } from './standing.ts';

export const BATCHES: readonly Batch[] = [{ name: 'standing', scenarios: standing }];
