/** The shell script itself, with tools of our own in front of the machine's. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { netnsFacts } from '../../src/collectors/netns-facts.ts';
import { COMMANDS } from '../../src/collectors/netns-sources.ts';
import { readNamespaces } from '../../src/collectors/transport/helper.ts';

const linux = process.platform === 'linux' ? describe : describe.skip;

linux('the helper', () => {
  let bin: string;
  const tool = (name: string, body: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  beforeEach(() => {
    bin = mkdtempSync(join(tmpdir(), 'netwhy-tools-'));
    tool('ip', `echo "$@" >> ${bin}/log; case "$*" in *batch*) while read -r line; do echo '["'$line'"]'; done;; *) echo '["alone"]';; esac`);
    tool('ss', 'echo listening');
    tool('nft', 'echo "{}"');
    tool('ipset', ':');
    for (const name of ['iptables-nft-save', 'ip6tables-nft-save', 'iptables-legacy-save', 'ip6tables-legacy-save', 'bridge']) tool(name, `echo ${name} "$@"`);
  });
  afterEach(() => rmSync(bin, { recursive: true }));

  const facts = async (timeoutMs = 5000) => {
    const run = await readNamespaces([{ path: '-', wanted: 'all' }], { timeoutMs, path: `${bin}:/usr/bin:/bin` });
    const read = netnsFacts('1', run.replies.get('-'), { timeoutMs, died: run.died });
    return (source: string) => read?.find((f) => f.source === source);
  };

  test('asks ip several things per process', async () => {
    const fact = await facts();
    expect(fact('ip.addr')).toMatchObject({ status: 'ok', data: '["addr show"]\n' });
    expect(fact('ip.neigh')).toMatchObject({ status: 'ok', data: '["neigh show"]\n' });
    expect(fact('ip.rule6')).toMatchObject({ status: 'ok', data: '["rule show"]\n' });
    expect(fact('sysctl')?.data).toMatch(/^net\.ipv4\.ip_forward = [01]$/m);
    expect(fact('sysctl')?.data).not.toContain('stable_secret');
  });

  test('asks again one by one when asking together fails', async () => {
    tool('ip', 'case "$*" in *batch*) echo "["; exit 255;; *rule*) exit 3;; *) echo "[1]";; esac');
    const fact = await facts();
    expect(fact('ip.addr')).toMatchObject({ status: 'ok', data: '[1]\n' });
    expect(fact('ip.route')).toMatchObject({ status: 'ok', data: '[1]\n' });
    expect(fact('ip.rule')).toMatchObject({ status: 'failed', exitCode: 3 });
  });

  test('loses only the command that hangs', async () => {
    tool('nft', 'sleep 20');
    const fact = await facts(1000);
    expect(fact('nft')).toMatchObject({ status: 'failed', reason: 'timed out after 1 s' });
    expect(fact('ip.addr')).toMatchObject({ status: 'ok', data: '["alone"]\n' });
    expect(fact('ipset')?.status).toBe('ok');
    // What nft would have said is not known, so iptables is asked.
    expect(fact('iptables-nft')).toMatchObject({ status: 'ok', data: 'iptables-nft-save -c\n' });
  });

  test.each([
    ['no table', '{"nftables": [{"metainfo": {}}]}', 'absent', 'absent'],
    ['an ip table', '{"table": {"family": "ip", "name": "nat"}}', 'ok', 'absent'],
    ['an ip6 table', '{"table": {"family": "ip6", "name": "nat"}}', 'absent', 'ok'],
  ])('with %s in nf_tables asks only the iptables that could have rules', async (_name, listing, v4, v6) => {
    tool('nft', `echo '${listing}'`);
    const fact = await facts();
    expect([fact('iptables-nft')?.status, fact('ip6tables-nft')?.status]).toEqual([v4, v6]);
  });

  test('asks the bridge command only where there is a bridge', async () => {
    expect((await facts())('bridge.fdb')?.status).toBe('absent');
    tool('ip', `while read -r line; do echo '[{"info_kind":"bridge"}]'; done`);
    expect((await facts())('bridge.fdb')).toMatchObject({ status: 'ok', data: 'bridge -j fdb show\n' });
  });

  test('does not take a failed listing of links for one without a bridge', async () => {
    tool('ip', 'exit 1');
    expect((await facts())('bridge.fdb')).toMatchObject({ status: 'ok', data: 'bridge -j fdb show\n' });
  });

  test('keeps output that tries to look like its own marks', async () => {
    tool('ss', `printf 'a\\n%s end 0\\nb\\n' 00000000000000000000000000000000; env | grep -c BOUNDARY >&2`);
    const fact = await facts();
    expect(fact('ss')?.data).toBe('a\n00000000000000000000000000000000 end 0\nb\n');
    expect(fact('nft')?.status).toBe('ok');
  });

  test('finds the backend of an iptables-save without named variants', async () => {
    for (const name of readdirSync(bin)) if (name.includes('tables-')) rmSync(join(bin, name));
    tool('iptables-save', 'case $1 in -V) echo "iptables-save v1.8.9 (nf_tables)";; *) echo plain;; esac');
    tool('nft', `echo '{"family": "ip"}'`);
    const run = await readNamespaces([{ path: '-', wanted: 'all' }], { timeoutMs: 5000, path: `${bin}:/usr/bin:/bin` });
    const section = run.replies.get('-')?.sections.get('iptables-nft');
    expect(section).toMatchObject({ kind: 'ran', stdout: 'plain\n' });
  });

  test('says which namespaces it could not enter', async () => {
    const run = await readNamespaces(
      ['/proc/999999999/ns/net', '-'].map((path) => ({ path, wanted: 'all' })),
      { timeoutMs: 5000, path: `${bin}:/usr/bin:/bin` },
    );
    expect(netnsFacts('1', run.replies.get('/proc/999999999/ns/net'), { timeoutMs: 1, died: run.died })).toBeNull();
    expect(run.replies.get('-')?.complete).toBe(true);
    expect(run.died).toBeNull();
  });

  test('runs the commands that the registry names', () => {
    const script = readFileSync(join(import.meta.dirname, '../../src/collectors/transport/netns.sh'), 'utf8');
    for (const { name, command } of COMMANDS) {
      const [program = ''] = command;
      expect(script).toContain(program.replace(/^ip6?tables-.*/, '-c').replace(/^grep$/, 'grep -rsH'));
      expect(script).toContain(name.replace(/6$/, ''));
    }
  });
});
