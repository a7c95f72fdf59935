import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const files = ['src', 'test', 'scripts', 'bench', 'bin'].flatMap((dir) =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((f) => (/\.(tsx?|graphql)$/.test(f) || dir === 'bin') && !f.startsWith('generated'))
    .map((f) => ({ name: `${dir}/${f}`, text: readFileSync(`${dir}/${f}`, 'utf8') })),
);

test('whatever src exports is used by the product, not by tests alone', () => {
  const product = files.filter((f) => !f.name.startsWith('test/'));
  const unused: string[] = [];
  for (const { name, text } of product.filter((f) => f.name.startsWith('src/'))) {
    for (const [, symbol] of text.matchAll(/^export (?:async )?(?:const|function|class|interface|type) (\w+)/gm)) {
      const word = new RegExp(`\\b${symbol}\\b`);
      const elsewhere = product.some((f) => f.name !== name && word.test(f.text));
      const here = text.replace(new RegExp(`^export (?:async )?(?:const|function|class|interface|type) ${symbol}\\b`, 'm'), '');
      if (!elsewhere && !word.test(here)) unused.push(`${name}: ${symbol}`);
    }
  }
  expect(unused).toEqual([]);
});

test('every dependency is imported somewhere', () => {
  const pkg = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string>; devDependencies: Record<string, string> };
  const configs = ['jest.config.mjs', 'prisma.config.ts', 'package.json', 'tsconfig.json']
    .map((f) => readFileSync(f, 'utf8').replace(/"(dev)?[dD]ependencies": \{[^}]*\}/g, ''))
    .join('\n');
  const all = files.map((f) => f.text).join('\n') + configs;
  const unused = Object.keys({ ...pkg.dependencies, ...pkg.devDependencies }).filter((d) => {
    const command =
      {
        typescript: 'tsc',
        '@biomejs/biome': 'biome',
        'dependency-cruiser': 'depcruise',
        '@types/node': '"node"',
        '@types/dockerode': 'dockerode',
        '@types/react': 'react',
        '@types/react-dom': 'react-dom',
        jscpd: 'jscpd',
      }[d] ?? d;
    return !all.includes(command);
  });
  expect(unused).toEqual([]);
});
