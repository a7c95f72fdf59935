/** Builds the page before its tests, unless what is built is newer than its sources. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { execa } from 'execa';

const BUILT = 'dist/web/index.html';

const newest = (folder) =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(`${entry.parentPath}/${entry.name}`).mtimeMs),
  );

export default async function build() {
  const sources = Math.max(newest('src/web'), statSync('src/web/vite.config.ts').mtimeMs);
  if (existsSync(BUILT) && statSync(BUILT).mtimeMs >= sources) return;
  await execa('node_modules/.bin/vite', ['build', '--config', 'src/web/vite.config.ts', '--logLevel', 'error'], {
    stdout: 'inherit',
    stderr: 'inherit',
    // Jest's own is "test", with which React is built for development.
    env: { NODE_ENV: 'production' },
  });
  if (!existsSync(BUILT)) throw new Error(`vite built no ${BUILT}: the tests of the page need it.`);
}
