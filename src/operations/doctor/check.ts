import type { Check } from '../../model/doctor.ts';

export const ok = (name: string, text: string): Check => ({ name, state: 'OK', text, remedy: null });
export const warn = (name: string, text: string, remedy: string): Check => ({ name, state: 'WARN', text, remedy });
export const fail = (name: string, text: string, remedy: string): Check => ({ name, state: 'FAIL', text, remedy });
