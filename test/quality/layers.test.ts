import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts') && !f.startsWith('generated'));

test('every source file keeps to its layer, and every one was looked at', async () => {
  const { stdout } = await execa('node_modules/.bin/depcruise', ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'], {
    reject: false,
    maxBuffer: 64e6,
  });
  const { summary, modules } = JSON.parse(stdout) as {
    summary: { violations: { rule: { name: string }; from: string; to: string }[] };
    modules: { source: string }[];
  };
  expect(summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`)).toEqual([]);
  const seen = new Set(modules.map((m) => m.source));
  expect(sources.filter((f) => !seen.has(`src/${f}`) && !f.endsWith('.d.ts'))).toEqual([]);
}, 120_000);

test('the page knows the service by its schema alone, and nothing of the service knows the page', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((f) => /\.tsx?$/.test(f) && !f.startsWith('generated'));
  expect(files.filter((f) => f.startsWith('web/')).length).toBeGreaterThan(20);
  const crossings = files.flatMap((file) => {
    const imported = [...readFileSync(`src/${file}`, 'utf8').matchAll(/(?:from|import|import\() ?'(\.[^']+)'/g)].map(([, to]) =>
      path.join(path.dirname(file), to!),
    );
    const within = file.startsWith('web/');
    return imported.filter((to) => to.startsWith('web/') !== within && to !== 'generated/page.ts' && !to.startsWith('util/')).map((to) => `${file} -> ${to}`);
  });
  expect(crossings).toEqual([]);
});
