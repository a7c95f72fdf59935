import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { picture } from '../../src/cli/picture.ts';
import { renderAnswer } from '../../src/cli/render-answer.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { columnsOf, fit, padded } from '../../src/cli/width.ts';
import { readRecording } from '../../src/collectors/recording.ts';
import { explain } from '../../src/engine/index.ts';
import type { Answer } from '../../src/model/answer.ts';
import type { Model } from '../../src/model/model.ts';
import { buildModel } from '../../src/normalize/index.ts';

let model: Model;
beforeAll(async () => {
  model = buildModel(await readRecording('demo/estate.tar.gz'));
});

const at = (width: number, colour = false): Terminal => ({ width, fits: true, colour });
const ask = (from: string, to: string, port: number): Answer => explain(model, { from, to, protocol: 'tcp', port });
const drawn = (answer: Answer, terminal = at(80)) => picture(answer, answer.forward, terminal);

test('what is blocked is marked where it died, and what was not reached is dashed', () => {
  expect(drawn(ask('www-e28', 'db-e28', 80))).toEqual([
    '  ┌─ www-e28 ┐     ┌─ host e28 ────────────────────┐     ┌╌ db-e28:80 ╌┐',
    '  │ out eth0 │ ──▶ │ ✗ raw PREROUTING rule 3: drop │  ✗  ┆ not reached ┆',
    '  └──────────┘     └───────────────────────────────┘     └╌╌╌╌╌╌╌╌╌╌╌╌╌┘',
  ]);
});

test('what arrives has a mark where it arrives, and the translations on the way', () => {
  expect(drawn(ask('plain-e28', 'internet', 443))).toEqual([
    '  ┌─ plain-e28 ┐     ┌─ host e28 ───────────────────────────┐',
    '  │ out eth0   │ ──▶ │ in docker0                           │',
    '  └────────────┘     │ filter DOCKER-FORWARD rule 4: accept │',
    '                     │ nat POSTROUTING rule 4: masquerade   │',
    '                     │ now from 10.77.0.12:45678            │',
    '                     │ out eth0                             │',
    '                     └──────────────────────────────────────┘',
    '      ┌─ internet:443 ┐',
    '  ──▶ │ ✓ outside     │',
    '      └───────────────┘',
  ]);
});

const QUESTIONS = [
  ['internet', 'host:e28', 8080],
  ['host:laptop', 'host:e20', 8080],
  ['api-e20', 'internet', 443],
  ['www-e28', 'db-e28', 80],
  ['inner1-e28', 'inner2-e28', 80],
  ['host:laptop', 'host:e28', 8084],
  ['plain-e28', 'other-e28', 80],
  ['www-e28', 'api-e28', 80],
] as const;

describe.each(QUESTIONS)('%s → %s:%i', (from, to, port) => {
  test.each([40, 60, 80, 120])('fits %i columns', (width) => {
    const lines = drawn(ask(from, to, port), at(width));
    expect(Math.max(0, ...lines.map(columnsOf))).toBeLessThanOrEqual(width);
  });

  test('is the same with colour and without', () => {
    const answer = ask(from, to, port);
    expect(renderAnswer(answer, at(80, true)).map(stripVTControlCharacters)).toEqual(renderAnswer(answer, at(80)));
  });
});

test('a name cannot leave its box', () => {
  const answer = ask('www-e28', 'api-e28', 80);
  const name = `evil\u001b[2J\u202e名前名前\n${'x'.repeat(300)}`;
  const hops = answer.forward.hops.map((hop) => ({ ...hop, name }));
  const lines = drawn({ ...answer, forward: { ...answer.forward, hops } }, at(60));
  expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(lines.some((line) => line.includes('\\u{1b}[2J\\u{202e}名前名前'))).toBe(true);
  expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(60);
  for (const edge of [/^ +(──▶ )?┌.*┐$/, /^ +└.*┘$/]) expect(lines.some((line) => edge.test(line))).toBe(true);
});

test.each([
  ['plain', 5],
  ['名前', 4],
  ['é', 1],
  ['🙂x', 3],
  ['', 0],
])('%s takes %i columns', (text, columns) => {
  expect(columnsOf(text)).toBe(columns);
  expect(columnsOf(padded(text, 8))).toBe(8);
  expect(columnsOf(fit(text.repeat(20), 7))).toBeLessThanOrEqual(7);
});
