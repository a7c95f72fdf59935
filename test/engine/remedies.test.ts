/** Each kind of remedy: offered where it helps, proved, its side effects named; and proved once more on facts that were changed as it says. */
import { describe, expect, test } from '@jest/globals';
import { why } from '../../src/engine/index.ts';
import type { Remedy } from '../../src/model/answer.ts';
import type { EstateFacts, Fact } from '../../src/model/facts.ts';
import type { Question } from '../../src/model/question.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { readRecorded } from '../lab/recordings.ts';
import { estate, fact } from '../support/estate.ts';

const question = (from: string, to: string, port: number, more: Partial<Question> = {}): Question => ({ from, to, protocol: 'tcp', port, ...more });

const read = new Map<string, Promise<EstateFacts>>();

function recorded(name: string): Promise<EstateFacts> {
  const facts = read.get(name) ?? readRecorded(name).then((r) => r.facts);
  read.set(name, facts);
  return facts;
}

const offered = (facts: EstateFacts, asked: Question): readonly Remedy[] => why(buildModel(facts), asked).remedies;

const words = (remedy: Remedy | undefined): readonly string[] => remedy?.commands.map(({ host, argv }) => `${host}: ${argv.join(' ')}`) ?? [];

/** The facts after the command, by another way than the engine's own. */
function after(facts: EstateFacts, host: string, inode: string, argv: readonly string[]): EstateFacts {
  const change = (f: Fact): Fact => {
    if (f.netns !== inode) return f;
    if (argv[0] === 'sysctl' && f.source === 'sysctl') {
      const set = new Map(argv.slice(2).map((assignment) => assignment.split('=') as [string, string]));
      const all = set.has('net.ipv4.ip_forward');
      const lines = f.data.split('\n').map((line) => {
        const key = line.split(' = ')[0]!;
        return set.has(key) ? `${key} = ${set.get(key)}` : all && /^net\.ipv4\.conf\..*\.forwarding$/.test(key) ? `${key} = 1` : line;
      });
      return { ...f, data: lines.join('\n') };
    }
    const [tool, insert, chain, , ...rule] = argv;
    if (insert === '-I' && f.source === (tool === 'iptables' ? 'iptables-nft' : 'iptables-legacy')) {
      const at = f.data.indexOf('\n', f.data.lastIndexOf(`\n:${chain} `) + 1);
      const rules = f.data.slice(at).search(/^\[|^-A|^COMMIT/m) + at;
      return { ...f, data: `${f.data.slice(0, rules)}[0:0] -A ${chain} ${rule.join(' ')}\n${f.data.slice(rules)}` };
    }
    return f;
  };
  return facts.map((h) => (h.host === host ? { ...h, facts: h.facts.map(change) } : h));
}

const ownInode = (facts: EstateFacts, host: string): string =>
  buildModel(facts)
    .hosts.find((h) => h.name === host)!
    .ownNetns!.split('/')[1]!;

describe('remedies for what real hosts did', () => {
  test.each<readonly [string, Question, RegExp, readonly RegExp[]]>([
    ['standing', question('api-e20', 'db-e20', 80), /^connect api-e20 to network back$/, [/^e20: docker network connect back api-e20$/]],
    ['standing', question('db-e20', 'api-e20', 53, { protocol: 'udp' }), /^connect db-e20 to network front$/, [/^e20: docker network connect front db-e20$/]],
    ['standing', question('www-e20', 'api-e20', 81), /^let python3 listen on 0\.0\.0\.0:81 instead of 127\.0\.0\.1:81$/, []],
    [
      'standing',
      question('quiet1-e28', 'quiet2-e28', 80),
      /^let .* through to .* in DOCKER-USER on e28$/,
      [/^e28: iptables -I DOCKER-USER 1 .* -m tcp --dport 80 -j ACCEPT$/],
    ],
    ['ip-forward-0', question('api-e20', 'host:laptop', 7000), /^let e20 forward packets$/, [/^e20: sysctl -w net\.ipv4\.ip_forward=1$/]],
    ['the-policy-of-FORWARD-alone-with-the-rules-of-Docker-gone', question('api-e20', 'www-e20', 80), /^let bridged packets pass iptables by$/, [/=0$/]],
    ['the-link-of-a-container-is-down', question('www-e20', 'db-e20', 80), /^switch eth0 on$/, [/^e20: nsenter -t \d+ -n ip link set eth0 up$/]],
    ['the-bridge-is-down', question('db-e20', 'www-e20', 80), /^switch br-\S+ on$/, [/^e20: ip link set br-\S+ up$/]],
    ['beside', question('adrift-e28', 'api-e28', 80), /^plug veth\S+ into br-\S+$/, [/^e28: ip link set veth\S+ master br-\S+$/]],
    [
      'DOCKER-USER-drops',
      question('api-e20', 'www-e20', 80),
      /^let .* through to .* in DOCKER-USER on e20$/,
      [/^e20: iptables -I DOCKER-USER 1 -s .* -j ACCEPT$/],
    ],
    ['DOCKER-USER-drops', question('api-e20legacy', 'www-e20legacy', 80), /in DOCKER-USER on e20legacy$/, [/^e20legacy: iptables-legacy -I DOCKER-USER 1 /]],
  ])('%s, %o: %s', async (name, asked, text, commands) => {
    const facts = await recorded(name);
    const remedies = offered(facts, asked);
    const remedy = remedies.find((r) => text.test(r.text));
    expect(remedies.map((r) => r.text)).toEqual(expect.arrayContaining([expect.stringMatching(text)]));
    expect(words(remedy)).toEqual(commands.map((command) => expect.stringMatching(command)));
  });

  test.each([
    ['ip-forward-0', question('api-e20', 'host:laptop', 7000)],
    ['the-policy-of-FORWARD-alone-with-the-rules-of-Docker-gone', question('api-e20', 'www-e20', 80)],
    ['DOCKER-USER-drops', question('api-e20', 'www-e20', 80)],
    ['DOCKER-USER-drops', question('api-e20legacy', 'www-e20legacy', 80)],
    ['standing', question('quiet1-e28', 'quiet2-e28', 80)],
  ])('%s, %o: with the command in the facts it is reachable', async (name, asked) => {
    const facts = await recorded(name);
    const remedy = offered(facts, asked).find((r) => r.commands.some(({ argv }) => /^(sysctl|iptables)/.test(argv[0]!)))!;
    const changed = remedy.commands.reduce((now, { host, argv }) => after(now, host, ownInode(facts, host), argv), facts);
    expect(why(buildModel(facts), asked).verdict).toBe('UNREACHABLE');
    expect(why(buildModel(changed), asked).verdict).toBe('REACHABLE');
  });

  test('what else it opens is named', async () => {
    const facts = await recorded('standing');
    const [connect] = offered(facts, question('inner1-e20', 'api-e20', 80));
    expect(connect?.sideEffects).toEqual(expect.arrayContaining(['opens inner1-e20 to api-e20 on udp/53']));
    const [narrow] = offered(facts, question('quiet1-e28', 'quiet2-e28', 80));
    expect(narrow?.sideEffects).toEqual([]);
  });

  test('none is offered where none helps', async () => {
    const facts = await recorded('standing');
    expect(offered(facts, question('www-e20', 'api-e20', 4711))).toEqual([]);
  });
});

/** A router that knows a client by another of its links than the one it speaks by. */
function twoLinks(strict: boolean): EstateFacts {
  const rules = [
    { priority: 0, src: 'all', table: 'local' },
    { priority: 32766, src: 'all', table: 'main' },
  ];
  const routes = (links: readonly (readonly [string, string, string])[]) =>
    links.flatMap(([dev, address, subnet]) => [
      { type: 'local', dst: address, dev, table: 'local', protocol: 'kernel', scope: 'host', prefsrc: address, flags: [] },
      { dst: subnet, dev, protocol: 'kernel', scope: 'link', prefsrc: address, flags: [] },
    ]);
  return estate({
    name: 'h1',
    namespaces: [
      {
        inode: '1',
        names: ['client'],
        links: [
          { name: 'eth0', index: 2, kind: 'veth', peer: 4, nsid: 0, addresses: ['10.0.0.2/24'], mac: '02:00:00:00:00:02' },
          { name: 'eth1', index: 3, kind: 'veth', peer: 5, nsid: 0, addresses: ['10.0.1.2/24'], mac: '02:00:00:00:00:03' },
        ],
        routes: routes([
          ['eth0', '10.0.0.2', '10.0.0.0/24'],
          ['eth1', '10.0.1.2', '10.0.1.0/24'],
        ]),
      },
      {
        inode: '2',
        names: ['router'],
        links: [
          { name: 'a0', index: 4, kind: 'veth', peer: 2, nsid: 0, addresses: ['10.0.0.1/24'], mac: '02:00:00:00:00:04' },
          { name: 'a1', index: 5, kind: 'veth', peer: 3, nsid: 0, addresses: ['10.0.1.1/24'], mac: '02:00:00:00:00:05' },
        ],
        routes: routes([
          ['a0', '10.0.0.1', '10.0.0.0/24'],
          ['a1', '10.0.1.1', '10.0.1.0/24'],
        ]),
        listeners: 'tcp LISTEN 0 64 0.0.0.0:80 0.0.0.0:* ino:1\n',
        sysctls: `net.ipv4.conf.a0.rp_filter = ${strict ? 1 : 2}\nnet.ipv4.ip_forward = 1\n`,
      },
    ],
    instead: [fact('ip.rule', rules, '1'), fact('ip.rule', rules, '2')],
  });
}

describe('the reverse-path filter', () => {
  const asked = question('netns:client', '10.0.0.1', 80, { sourceAddress: '10.0.1.2' });

  test('is loosened where a looser one is enough', () => {
    const [remedy] = offered(twoLinks(true), asked);
    expect(remedy?.text).toBe('loosen the reverse-path filter on a0');
    expect(words(remedy)).toEqual(['h1: ip netns exec router sysctl -w net.ipv4.conf.all.rp_filter=2 net.ipv4.conf.a0.rp_filter=2']);
  });

  test('and then it is reachable', () => {
    expect(why(buildModel(twoLinks(false)), asked).verdict).toBe('REACHABLE');
  });
});
