import { z } from 'zod';
import { CHECK_STATES } from '../../model/doctor.ts';

const state = z.enum(CHECK_STATES);

export const diagnosisSchema = z
  .object({
    state: state.describe('The worst of all.'),
    checks: z.array(
      z.object({
        name: z.string().describe('What was looked at.'),
        state: state.describe('WARN: something is limited; FAIL: it cannot work so.'),
        text: z.string().describe('What was found.'),
        remedy: z.string().nullable().describe('What follows from it, and what to do; null when all is well.'),
      }),
    ),
  })
  .meta({ id: 'Diagnosis' });
