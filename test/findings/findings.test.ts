import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { findingsPage } from '../../scripts/findings-page.ts';
import { findings, RULES } from '../../src/findings/index.ts';
import { type EstateFacts, type Fact, HOST_SOURCES, NETNS_SOURCES } from '../../src/model/facts.ts';
import { FINDING_CODES, type Finding } from '../../src/model/finding.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { syntheticEstate } from '../support/synthetic-estate.ts';
import { EXAMPLES, recorded } from './examples.ts';

const look = (facts: EstateFacts): Finding[] => findings(buildModel(facts), ({ rule }) => `natRule:${rule.text}`);

test('the rules stand in the order of the codes, causes before what follows from them', () => {
  expect(RULES.map(({ code }) => code)).toEqual([...FINDING_CODES]);
  for (const { code, dependsOn } of RULES) {
    for (const cause of dependsOn) expect([code, FINDING_CODES.indexOf(cause) < FINDING_CODES.indexOf(code)]).toEqual([code, true]);
  }
});

test('docs/findings.md tells of each; `npx tsx scripts/findings-page.ts` writes it', () => {
  expect(readFileSync('docs/findings.md', 'utf8')).toBe(findingsPage());
});

describe.each(FINDING_CODES)('%s', (code) => {
  const { found, finds, clean } = EXAMPLES[code];

  test('is found, with the line that proves it', async () => {
    const all = look(await found()).filter((finding) => finding.code === code);
    expect(all.map(({ host, text }) => [host, text])).toEqual(finds.map(([host, text]) => [host, expect.stringMatching(text)]));
    for (const { evidence, text, why } of all) {
      expect(evidence.length).toBeGreaterThan(0);
      expect(evidence.every(({ excerpt, collector, collectedAt }) => excerpt && collector && collectedAt)).toBe(true);
      expect([text, why].every((sentence) => sentence.endsWith('.'))).toBe(true);
    }
  });

  test('is not found where all is well', async () => {
    expect(look(await clean()).filter((finding) => finding.code === code)).toEqual([]);
  });
});

describe('an effect', () => {
  test('stands behind its cause and names it', async () => {
    const all = look(await EXAMPLES.UNREACHABLE_NAMESERVER.found());
    const place = all.findIndex(({ code, host }) => code === 'IP_FORWARD_OFF' && host === 'e28');
    expect(all[place + 1]).toMatchObject({ host: 'e28', code: 'UNREACHABLE_NAMESERVER', causedBy: all[place]!.id });
  });

  test('of another network is not explained by a bridge that is down', async () => {
    const all = look(await EXAMPLES.LINK_DOWN.found());
    expect(all.filter(({ causedBy }) => causedBy !== null)).toEqual([]);
  });
});

/** The lab's containers publish one port that nobody listens on, and one whose service is on loopback. */
const STANDING = ['LISTENS_ON_LOOPBACK_ONLY', 'PORT_WITHOUT_LISTENER'];

test('on recorded hosts nothing is found but what was done to them', async () => {
  const done: Record<string, string[]> = {};
  for (const name of readdirSync('test/recordings')) {
    const all = look(await recorded(name)());
    const codes = [...new Set(all.map(({ code }) => code))].filter((code) => !STANDING.includes(code)).sort();
    if (codes.length > 0 && !/^(beside|standing|firewalls)/.test(name)) done[name] = codes;
  }
  expect(done).toEqual({
    'DOCKER-USER-rejects-with-a-reset-and-with-an-administrative-prohibition': ['UNREACHABLE_NAMESERVER'],
    'INPUT-with-policy-DROP-lets-published-ports-through-not-services': ['EXPOSED_DESPITE_FIREWALL'],
    'forwarding-off-on-the-interface-of-the-LAN': ['IP_FORWARD_OFF'],
    'ip-forward-0': ['IP_FORWARD_OFF', 'UNREACHABLE_NAMESERVER'],
    'iptables-legacy-drops-what-iptables-nft-shows-open': ['LEGACY_AND_NFT'],
    'iptables-nft-drops-what-iptables-legacy-shows-open': ['LEGACY_AND_NFT'],
    'no-default-route-in-the-container': ['NO_DEFAULT_ROUTE'],
    'no-default-route-on-the-host': ['NO_DEFAULT_ROUTE'],
    'the-bridge-is-down': ['LINK_DOWN'],
    'the-link-of-a-container-is-down': ['LINK_DOWN', 'NO_DEFAULT_ROUTE'],
    'the-policy-of-FORWARD-alone-with-the-rules-of-Docker-gone': ['FORWARD_POLICY_DROP', 'UNREACHABLE_NAMESERVER'],
    'without-br-netfilter-a-bridge-asks-no-FORWARD-rule': ['ICC_NOT_ENFORCED'],
  });
}, 60_000);

test('where a fact cannot be read nothing new is found', async () => {
  const recordings = await Promise.all([EXAMPLES.IP_FORWARD_OFF.found(), EXAMPLES.EXPOSED_DESPITE_FIREWALL.found()]);
  const estates = [await EXAMPLES.SUBNET_OVERLAP.found(), ...recordings.map((estate) => estate.filter(({ host }) => host === 'e28'))];
  for (const whole of estates) {
    const before = new Set(look(whole).map(({ id }) => id));
    for (const source of [...HOST_SOURCES, ...NETNS_SOURCES]) {
      const hide = (fact: Fact): Fact => (fact.source === source ? { ...fact, status: 'failed', reason: 'not allowed', data: '' } : fact);
      const hidden = look(whole.map((host) => ({ ...host, facts: host.facts.map(hide) })));
      expect([source, hidden.filter(({ id }) => !before.has(id)).map(({ text }) => text)]).toEqual([source, []]);
    }
  }
}, 60_000);

test('names of others are shown as they are, and quoted where they would be typed', () => {
  const [host] = syntheticEstate({ hosts: 1, containers: 4, networks: 1 });
  const facts = host!.facts.map((fact) =>
    fact.source === 'docker.containers'
      ? { ...fact, data: fact.data.replace('"/c0"', '"/c0;reboot"').replace('"Status":"running"', '"Status":"restarting"') }
      : fact,
  );
  const [found] = look([{ ...host!, facts }]).filter(({ code }) => code === 'CONTAINER_RESTARTING');
  expect(found).toMatchObject({ container: 'c0;reboot', remedy: "docker logs --tail 50 'c0;reboot'" });
});

test('a thousand healthy containers have no finding', () => {
  expect(look(syntheticEstate({ hosts: 2, containers: 500, networks: 5 }))).toEqual([]);
});
