import { z } from 'zod';
import { doctor } from '../../operations/doctor/doctor.ts';
import { diagnosisSchema } from '../../operations/doctor/schema.ts';
import { tool } from '../tool.ts';

export const doctorTool = tool({
  name: 'doctor',
  title: 'What netwhy can and cannot read',
  description:
    'What the service can and cannot read where it runs, why, and what to do: ask it when answers are UNDETERMINED or lists have gaps. Reads all hosts.',
  scope: 'admin',
  input: z.strictObject({}),
  output: diagnosisSchema,
  run: (context) => doctor(context),
  lines: ({ checks }) =>
    checks
      .map(({ name, state, text, remedy }, i) => ({ label: state, says: `${name}: ${text}${remedy === null ? '' : ` ${remedy}`}`, backedBy: [`checks.${i}`] }))
      .toSorted((a, b) => Number(a.label === 'OK') - Number(b.label === 'OK')),
});
