import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';

test('nothing in src is written twice', async () => {
  const out = mkdtempSync(join(tmpdir(), 'netwhy-jscpd-'));
  try {
    await execa('node_modules/.bin/jscpd', [
      'src',
      '--ignore',
      '**/generated/**',
      '--format',
      'typescript,tsx',
      '--min-lines',
      '8',
      '--min-tokens',
      '70',
      '--reporters',
      'json',
      '--output',
      out,
      '--silent',
    ]);
    const report = JSON.parse(readFileSync(join(out, 'jscpd-report.json'), 'utf8')) as {
      duplicates: { firstFile: { name: string; start: number }; secondFile: { name: string; start: number }; lines: number }[];
      statistics: { total: { sources: number } };
    };
    expect(report.statistics.total.sources).toBeGreaterThan(50);
    expect(report.duplicates.map((d) => `${d.firstFile.name}:${d.firstFile.start} ~ ${d.secondFile.name}:${d.secondFile.start} (${d.lines} lines)`)).toEqual(
      [],
    );
  } finally {
    rmSync(out, { recursive: true });
  }
}, 120_000);
