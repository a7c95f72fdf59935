import { describe, expect, test } from '@jest/globals';
import { netnsFacts } from '../../src/collectors/netns-facts.ts';
import { type NamespaceReply, parseSections } from '../../src/collectors/sections.ts';

const B = '0f'.repeat(16);
const mark = (words: string): string => `\n${B} ${words}\n`;
const run = { timeoutMs: 5000, died: null };

describe('output of the helper', () => {
  test('is split into sections, whatever the commands print', () => {
    const hostile = [`end 0`, `\n${B.slice(1)} end 1\n`, '\u001b[2J', `x ${B} close 0`, '', '\n'].join('\n');
    const stdout = `${mark('open 0')}${mark('begin fast nft')}${hostile}${mark('end 0')}${mark('done')}${mark('close 0')}`;
    const reply = parseSections(stdout, '', B).get(0);
    expect(reply?.sections.get('nft')).toEqual({ kind: 'ran', stdout: hostile, stderr: '', exitCode: 0 });
    expect(reply?.exitCode).toBe(0);
    expect(reply?.complete).toBe(true);
  });

  test('keeps stderr apart by command, and what nsenter said by namespace', () => {
    const stdout = `${mark('open 0')}${mark('begin fast nft')}${mark('end 1')}${mark('close 0')}${mark('open 1')}${mark('close 1')}`;
    const stderr = `${mark('open 0')}${mark('begin fast nft')}no\n${mark('end 1')}${mark('close 0')}${mark('open 1')}nsenter: gone\n${mark('close 1')}`;
    const replies = parseSections(stdout, stderr, B);
    expect(replies.get(0)?.sections.get('nft')).toMatchObject({ stderr: 'no\n', exitCode: 1 });
    expect(replies.get(0)?.stderr).toBe('');
    expect(replies.get(1)?.stderr).toBe('nsenter: gone\n');
  });

  test('marks what was begun and never ended, and lets the careful answer win', () => {
    const cut = `${mark('open 0')}${mark('begin fast nft')}{"half`;
    expect(parseSections(cut, '', B).get(0)).toMatchObject({ exitCode: null, complete: false });
    expect(parseSections(cut, '', B).get(0)?.sections.get('nft')?.kind).toBe('cut');
    const again = `${cut}${mark('begin careful nft')}{}${mark('end 0')}${mark('done')}${mark('close 0')}`;
    expect(parseSections(again, '', B).get(0)?.sections.get('nft')).toMatchObject({ kind: 'ran', stdout: '{}' });
  });

  test('of a helper that said nothing is nothing', () => {
    expect(parseSections('', '', B).size).toBe(0);
    expect(parseSections('garbage', 'garbage', B).size).toBe(0);
  });
});

const reply = (sections: NamespaceReply['sections'], rest: Partial<NamespaceReply> = {}): NamespaceReply => ({
  sections,
  complete: true,
  exitCode: 0,
  stderr: '',
  ...rest,
});
const ran = (exitCode: number, stdout = '', stderr = '') => ({ kind: 'ran', stdout, stderr, exitCode }) as const;
const factOf = (source: string, section: ReturnType<typeof ran>) => netnsFacts('1', reply(new Map([[source, section]])), run)?.find((f) => f.source === source);

describe('a command', () => {
  test.each([
    ['that answers with nothing is answered', 'ip.neigh', ran(0), { status: 'ok', data: '' }],
    ['that is missing names its package', 'nft', ran(127, '', 'not found'), { status: 'failed', reason: expect.stringContaining('package nftables') }],
    ['that was killed timed out', 'ss', ran(137), { status: 'failed', reason: 'timed out after 5 s' }],
    ['that may not names the capability', 'nft', ran(1, '', 'Operation not permitted'), { status: 'failed', reason: expect.stringContaining('CAP_NET_ADMIN') }],
    ['that fails keeps exit code and message', 'ip.addr', ran(2, 'x', 'boom\nmore'), { status: 'failed', exitCode: 2, stderr: 'boom\nmore', data: '' }],
    ['of sets that is not installed leaves sets unknown', 'ipset', ran(127), { status: 'absent', reason: expect.stringContaining('not installed') }],
    ['of sets without a kernel that has any', 'ipset', ran(1, '', 'ipset v7.17: Cannot open session to kernel.'), { status: 'absent' }],
    ['that lists sysctls may miss some files', 'sysctl', ran(2, 'ipv4/ip_forward:1\n'), { status: 'ok', data: 'net.ipv4.ip_forward = 1\n' }],
    ['that lists no sysctl at all fails', 'sysctl', ran(2), { status: 'failed' }],
  ])('%s', (_name, source, section, expected) => {
    expect(factOf(source, section)).toMatchObject(expected);
  });
});

describe('a namespace', () => {
  const gone = (stderr: string) => netnsFacts('1', reply(new Map(), { exitCode: 1, stderr, complete: false }), run);

  test('that went away meanwhile is left out', () => {
    expect(gone('nsenter: cannot open /proc/9/ns/net: No such file or directory')).toBeNull();
  });

  test('that may not be entered has failed facts that name the capability', () => {
    const facts = gone('nsenter: reassociate to namespace ns/net failed: Operation not permitted');
    expect(facts?.length).toBe(17);
    expect(facts?.every((f) => f.status === 'failed' && f.reason?.includes('CAP_SYS_ADMIN'))).toBe(true);
  });

  test('that the helper did not come to before it died has failed facts', () => {
    const facts = netnsFacts('1', undefined, { timeoutMs: 1000, died: 'killed' });
    expect(facts?.every((f) => f.status === 'failed' && f.reason === 'not asked: killed')).toBe(true);
  });

  test('without a bridge has no bridge facts, and says so', () => {
    const facts = netnsFacts('1', reply(new Map([['bridge', { kind: 'absent' as const }]])), run);
    expect(facts?.filter((f) => f.source.startsWith('bridge.')).map((f) => f.status)).toEqual(['absent', 'absent', 'absent']);
  });

  test('answers of one process for two sources are dealt out line by line', () => {
    const facts = netnsFacts('1', reply(new Map([['ip.route,ip.rule', ran(0, '[1]\n[2]\n')]])), run);
    expect(facts?.find((f) => f.source === 'ip.route')).toMatchObject({ status: 'ok', data: '[1]\n' });
    expect(facts?.find((f) => f.source === 'ip.rule')).toMatchObject({ status: 'ok', data: '[2]\n' });
  });

  test('an answer too short for its sources is not guessed at', () => {
    const facts = netnsFacts('1', reply(new Map([['ip.route,ip.rule', ran(0, '[1]\n')]])), run);
    expect(facts?.filter((f) => f.source === 'ip.route' || f.source === 'ip.rule').map((f) => f.status)).toEqual(['failed', 'failed']);
  });
});
