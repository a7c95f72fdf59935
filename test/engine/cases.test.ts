/** Every failure that people met is acted out in the lab, or it is said why not. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CASES, LEFT_OUT } from '../lab/scenarios/cases.ts';
import { BATCHES } from '../lab/scenarios/index.ts';

const scenarios = new Map(BATCHES.flatMap(({ scenarios }) => scenarios).map((scenario) => [scenario.name, scenario]));

describe('failures that people met', () => {
  test.each(Object.entries(CASES))('%s is acted out', (_, names) => {
    expect(names.filter((name) => !scenarios.has(name))).toEqual([]);
  });

  test.each(Object.entries(CASES))('%s has its cause named, or its caveat, or is left to chance', (_, names) => {
    const asks = names.flatMap((name) => scenarios.get(name)?.ask ?? []);
    expect(asks.some(({ cause, caveat, chance }) => cause ?? caveat ?? chance)).toBe(true);
  });

  test('none is both acted out and left out', () => {
    expect(Object.keys(LEFT_OUT).filter((id) => id in CASES)).toEqual([]);
  });

  const listed = resolve('../shared/cases/cases.json');
  (existsSync(listed) ? test : test.skip)('each that is known is in one list', () => {
    const ids = (JSON.parse(readFileSync(listed, 'utf8')) as { id: string }[]).map(({ id }) => id);
    expect([...Object.keys(CASES), ...Object.keys(LEFT_OUT)].sort()).toEqual([...ids].sort());
  });
});
