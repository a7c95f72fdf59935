/** What the kernel tells of a namespace → what is read again. Lines as ip(8) 6.1 printed them. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { groupsOf, TOLD } from '../../src/collectors/notices.ts';
import { NamespaceWatch } from '../../src/collectors/transport/netns-watch.ts';
import { namespaceInode } from '../../src/collectors/transport/processes.ts';

test.each([
  ['[ADDR]2: eth0    inet 10.55.0.1/24 scope global eth0\\       valid_lft forever preferred_lft forever', ['net']],
  ['[ROUTE]Deleted fe80::/64 dev v2 proto kernel metric 256 pref medium', ['net']],
  ['[RULE]32765:\tfrom 1.1.1.1 lookup 55', ['net']],
  ['[LINK]3: v1@br0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master br0 state UP \\    link/ether 56:d8:51:29:fd:f1', ['net']],
  ['[NETCONF]inet eth0 rp_filter loose ', ['net']],
  ['[NEIGH]dev v1 lladdr 02:00:00:00:00:99 NOARP ', ['neigh', 'fdb']],
  ['[PREFIX]prefix 2001:db8::/64dev eth0 onlink autoconf valid 86400 preferred 14400 ', []],
  ['', []],
  ['[NEWS]that nobody has heard of', TOLD],
  ['netlink receive error No buffer space available (105)', TOLD],
])('%j', (line, groups) => {
  expect(groupsOf(line)).toEqual(groups);
});

const linux = process.platform === 'linux' ? describe : describe.skip;

linux('a watch', () => {
  let bin: string;
  let watch: NamespaceWatch;
  const path = process.env.PATH;
  const tool = (name: string, body: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  const start = async (enter: readonly string[] = [], timeoutMs = 20_000) => {
    watch = new NamespaceWatch(namespaceInode('/proc/self/ns/net')!, enter);
    await watch.ready(timeoutMs);
    return watch;
  };
  /** Last words may be heard after the end. */
  const said = async () => {
    while (watch.problem === 'ip monitor ended') await new Promise(setImmediate);
  };
  beforeEach(() => {
    bin = mkdtempSync(join(tmpdir(), 'netwhy-tools-'));
    process.env.PATH = `${bin}:${path}`;
    tool('nft', 'exec sleep 1000');
  });
  afterEach(() => {
    process.env.PATH = path;
    watch.close();
    rmSync(bin, { recursive: true });
  });

  test('says what ip said when it cannot listen', async () => {
    tool('ip', 'echo "Cannot open netlink socket: Protocol not supported" >&2; exit 1');
    await start();
    await said();
    expect(watch.problem).toBe('ip monitor ended: Cannot open netlink socket: Protocol not supported');
  });

  test('says that nobody listens, when what was started does not', async () => {
    tool('ip', 'exec sleep 1000');
    expect((await start([], 200)).problem).toBe('does not listen after 0.2 s');
  });

  test('says why the namespace could not be entered', async () => {
    tool('nsenter', 'echo "nsenter: reassociate to namespace failed: Operation not permitted" >&2; exit 1');
    await start(['nsenter', '--net=/x', '--']);
    await said();
    expect(watch.problem).toBe('ip monitor ended: nsenter: reassociate to namespace failed: Operation not permitted');
  });

  test('says that there is no program to enter it', async () => {
    expect((await start([join(bin, 'no-such-program')])).problem).toMatch(/ENOENT/);
  });
});
