import { doctor } from '../operations/doctor/doctor.ts';
import { diagnosisSchema } from '../operations/doctor/schema.ts';
import type { Route } from './route.ts';

export const doctorRoute: Route = {
  method: 'GET',
  path: '/doctor',
  scope: 'admin',
  summary: 'What the service can and cannot read where it runs, and why: reads all hosts for it.',
  result: diagnosisSchema,
  run: (context) => doctor(context),
};
