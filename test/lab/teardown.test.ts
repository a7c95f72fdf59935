/** The machine that the lab runs on: the same before and after, also when its maker is killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { labFolder } from './engines.ts';
import { createLab } from './hosts.ts';
import { labPossible } from './possible.ts';

const group = labPossible() ? describe : describe.skip;

const print = async (...argv: [string, ...string[]]): Promise<string> => (await execa(argv[0], argv.slice(1))).stdout;

/** What the lab must leave alone. */
async function machine(): Promise<Record<string, unknown>> {
  return {
    links: await print('ip', '-br', 'link'),
    addresses: await print('ip', '-br', 'addr'),
    routes: await print('ip', 'route', 'show', 'table', 'all'),
    rules: await print('ip', 'rule'),
    nft: await print('nft', 'list', 'ruleset'),
    mounts: (await readFile('/proc/self/mounts', 'utf8')).split('\n').sort(),
    cgroups: (await print('find', '/sys/fs/cgroup', '-name', 'nwlab-*')).split('\n').filter(Boolean),
    forward: await readFile('/proc/sys/net/ipv4/ip_forward', 'utf8'),
    folders: (await readdir(tmpdir())).filter((name) => name.startsWith('nwlab-')),
  };
}

const ONE = { hosts: [{ name: 'only', engine: '20.10', iptables: 'nft' }] } as const;

group('after the lab', () => {
  test('the machine is as before', async () => {
    const before = await machine();
    const lab = await createLab(ONE);
    await lab.host('only').docker('run', '-d', '--name', 'frozen', 'lab/busybox:1', 'sleep', '1000');
    await lab.host('only').docker('pause', 'frozen');
    await lab.destroy();
    await lab.destroy();
    expect(await machine()).toEqual(before);
  }, 60_000);

  test('the machine is as before when a host did not come up', async () => {
    const before = await machine();
    await expect(createLab({ hosts: [{ ...ONE.hosts[0], daemonFlags: ['--no-such-flag'] }] })).rejects.toThrow('did not come up');
    expect(await machine()).toEqual(before);
  }, 60_000);

  test.each(['SIGKILL', 'SIGINT'] as const)(
    'the machine is as before when the maker is killed by %s',
    async (signal) => {
      const before = await machine();
      const script = join(labFolder, 'hold.ts');
      const maker = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [folder] = (await once(maker.stdout, 'data')) as [Buffer];
      expect(existsSync(folder.toString().trim())).toBe(true);
      maker.kill(signal);
      await once(maker, 'exit');
      for (let i = 0; i < 100 && existsSync(folder.toString().trim()); i++) await sleep(50);
      expect(await machine()).toEqual(before);
    },
    60_000,
  );
});
