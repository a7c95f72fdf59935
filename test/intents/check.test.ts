import { describe, expect, test } from '@jest/globals';
import { Flows } from '../../src/flows/flows.ts';
import { checkIntent } from '../../src/intents/check.ts';
import { parseIntent } from '../../src/intents/parse.ts';
import type { EstateFacts } from '../../src/model/facts.ts';
import type { IntentFinding } from '../../src/model/intent.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { hostOne, smallEstate } from '../doors/small-estate.ts';

function check(text: string, facts: EstateFacts = [hostOne()], limit = 5000): IntentFinding {
  const work = checkIntent(buildModel(facts), parseIntent(text, 'test:1'), (model) => new Flows(model), limit);
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}

/** The facts of h1 with their text changed. */
function altered(change: (text: string) => string): EstateFacts {
  const host = hostOne();
  return [{ ...host, facts: host.facts.map((fact) => ({ ...fact, data: change(fact.data) })) }];
}

describe('between two places', () => {
  test('what gets through holds, with the flow that shows it', () => {
    expect(check('web must reach db:5432')).toMatchObject({
      intent: 'web must reach db:5432',
      state: 'HOLDS',
      flows: 1,
      failing: 0,
      witness: { from: 'web', to: 'db', protocol: 'tcp', port: 5432, verdict: 'REACHABLE' },
    });
  });

  test('what does not is broken, with the cause', () => {
    expect(check('web must reach db:81')).toMatchObject({ state: 'BROKEN', failing: 1, cause: { code: 'NO_LISTENER' }, witness: { verdict: 'UNREACHABLE' } });
  });

  test('must not is the other way round', () => {
    expect(check('web must not reach db:5432')).toMatchObject({ state: 'BROKEN', cause: null });
    expect(check('web must not reach db:81').state).toBe('HOLDS');
  });

  test('without a port every port that is listened on is meant, and no socket of loopback', () => {
    const two = altered((text) =>
      text.replace('0.0.0.0:5432 0.0.0.0:* ino:701', '0.0.0.0:5432 0.0.0.0:* ino:701 sk:1 cgroup:/ <->\ntcp LISTEN 0 128 127.0.0.11:4000 0.0.0.0:* ino:702'),
    );
    expect(check('web must reach db', two)).toMatchObject({ state: 'HOLDS', flows: 1, witness: { port: 5432 } });
  });

  test('a place that listens on nothing is not reached', () => {
    const none = altered((text) => text.replace(/tcp LISTEN 0 128 0\.0\.0\.0:5432.*\n/, ''));
    expect(check('web must reach db', none)).toMatchObject({ state: 'BROKEN', sentence: 'db listens on no port: there is nothing to reach.' });
    expect(check('web must not reach db', none).state).toBe('HOLDS');
  });

  test('a container that does not run is not reached', () => {
    const stopped = altered((text) => text.replace(/("Name":"\/db".*?)"Status":"running"/, '$1"Status":"exited"'));
    expect(check('web must reach db', stopped)).toMatchObject({ state: 'BROKEN', cause: { code: 'CONTAINER_NOT_RUNNING' } });
    expect(check('web must not reach db', stopped).state).toBe('HOLDS');
  });
});

describe('published ports', () => {
  /** The host forwards, and has a way to the internet. */
  const open = (change: (text: string) => string) =>
    altered((text) =>
      change(text)
        .replace(':FORWARD DROP', ':FORWARD ACCEPT')
        .replace('[{"dst":"10.0.0.0/24"', '[{"dst":"default","gateway":"10.0.0.254","dev":"eth0","flags":[]},{"dst":"10.0.0.0/24"'),
    );
  /** Nobody outside reaches a container by its own address. */
  const RAW = '*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -d 172.18.0.0/16 -i eth0 -j DROP\nCOMMIT\n*filter';
  const published = open((text) => text);

  test('what must not be reached is closed on every way', () => {
    const direct = open((text) => text.replace('*filter', RAW));
    expect(check('internet must not reach web', direct)).toMatchObject({ state: 'BROKEN', witness: { from: 'internet', to: 'host:h1', port: 8080 } });
    expect(check('internet must not reach db', direct)).toMatchObject({ state: 'HOLDS', flows: 1 });
    expect(check('internet must reach web:80', direct)).toMatchObject({ state: 'HOLDS', witness: { to: 'host:h1', port: 8080 } });
    expect(check('internet must reach web:80', published)).toMatchObject({ state: 'HOLDS', witness: { to: 'web', port: 80 } });
  });

  test('every address counts for what must not be reached', () => {
    const second = altered((text) =>
      text
        .replace(/\{"family":"inet","local":"172\.18\.0\.3"[^}]*\}/, (entry) => `${entry},${entry.replace('0.3', '0.99')}`)
        .replace(/\{"type":"local","dst":"172\.18\.0\.3"[^}]*\}/, (entry) => `${entry},${entry.replace('0.3', '0.99')}`)
        .replace('0.0.0.0:5432', '172.18.0.99:5432'),
    );
    expect(check('web must reach db:5432', second)).toMatchObject({ state: 'BROKEN', cause: { code: 'LISTENS_ON_OTHER_ADDRESS' } });
    expect(check('web must not reach db:5432', second)).toMatchObject({ state: 'BROKEN', witness: { to: '172.18.0.99', verdict: 'REACHABLE' } });
    expect(check('web must not reach 172.18.0.3:5432', second)).toMatchObject({ state: 'HOLDS', flows: 1 });
  });

  test('a translation that Docker does not know of counts too', () => {
    const rule = '-A PREROUTING -d 10.0.0.1/32 -p tcp -m tcp --dport 9000:9001 -j DNAT --to-destination 172.18.0.3:5432';
    const hole = open((text) => text.replace('[3:180] -A DOCKER -d', `[0:0] ${rule}\n[3:180] -A DOCKER -d`).replace('*filter', RAW));
    expect(check('internet must not reach db', hole)).toMatchObject({ state: 'BROKEN', witness: { to: '10.0.0.1', port: 9000 } });
  });

  test('a port that leads to another container is none of its ways', () => {
    const elsewhere = open((text) => text.replace('--to-destination 172.18.0.2:80', '--to-destination 172.18.0.3:5432'));
    expect(check('db must not reach web:80', elsewhere)).toMatchObject({ state: 'BROKEN', witness: { to: 'web' } });
    const shut = open((text) => text.replace('--to-destination 172.18.0.2:80', '--to-destination 172.18.0.3:5432').replace('*filter', RAW));
    expect(check('internet must not reach web', shut).state).toBe('HOLDS');
  });
});

describe('sets', () => {
  const labelled = (value: string) => altered((text) => text.replaceAll('"Labels":{}', `"Labels":{"tier":"${value}"}`));

  test('of a network, a project, a label', () => {
    expect(check('every container in network appnet must reach web:80')).toMatchObject({ state: 'HOLDS', flows: 1 });
    expect(check('every container of project shop must reach db:5432')).toMatchObject({ state: 'HOLDS', witness: { from: 'container:h1/web' } });
    expect(check('every container labelled tier=data must reach web:80', labelled('data'))).toMatchObject({
      state: 'HOLDS',
      witness: { from: 'container:h1/db' },
    });
  });

  test('counts every flow that fails', () => {
    expect(check('every container in network appnet must reach host:h1:23')).toMatchObject({ state: 'BROKEN', flows: 2, failing: 2 });
  });

  test('over more questions than are asked it is unknown, unless one of those asked fails', () => {
    const texts = ['every container in network appnet must not reach host:h1:23', 'every container in network appnet must reach host:h1:23'] as const;
    expect(check(texts[0])).toMatchObject({ state: 'HOLDS', flows: 2, complete: true });
    expect(check(texts[0], [hostOne()], 1)).toMatchObject({
      state: 'UNKNOWN',
      flows: 1,
      complete: false,
      sentence: 'It cannot be told: only the first 1 flows were asked about.',
    });
    expect(check(texts[0], [hostOne()], 0)).toMatchObject({ state: 'UNKNOWN', flows: 0, complete: false });
    expect(check(texts[1], [hostOne()], 1)).toMatchObject({ state: 'BROKEN', failing: 1, complete: false });
  });

  test('a redacted label may hide who is meant', () => {
    const finding = check('every container labelled tier=data must reach web:80', labelled('(redacted)'));
    expect(finding).toMatchObject({ state: 'UNKNOWN', flows: 0 });
    expect(finding.sentence).toContain('label tier of db was redacted');
  });

  test('a host whose containers were not read leaves a set in doubt, but not a flow that fails', () => {
    expect(check('every container in network appnet must reach web:80', smallEstate())).toMatchObject({
      state: 'UNKNOWN',
      failing: 0,
      sentence: 'It cannot be told: the containers of h2 could not be read.',
    });
    expect(check('every container in network appnet must reach web:81', smallEstate()).state).toBe('BROKEN');
  });

  test('only: all others, hosts and the internet are kept out', () => {
    const finding = check('only web may reach db:5432');
    expect(finding).toMatchObject({ state: 'BROKEN', flows: 2, failing: 1, witness: { from: 'host:h1', to: 'db' } });
    expect(check('only web, host:h1 may reach db:5432')).toMatchObject({ state: 'HOLDS', flows: 1 });
    expect(check('only host:h1 may reach db:5432')).toMatchObject({ state: 'BROKEN', witness: { from: 'container:h1/web' } });
    expect(check('only web, host:h1 may reach db:5432', smallEstate()).state).not.toBe('HOLDS');
  });
});

describe('who cannot be told', () => {
  test.each([
    ['wbe must reach db:5432', 'Nothing is called wbe.', ['web']],
    ['web must reach dbb:5432', 'Nothing is called dbb.', ['db']],
    ['every container in network apnet must reach db:1', 'No container is in a network called apnet.', ['appnet']],
    ['every container of project shopp must reach db:1', 'No container is of a project called shopp.', ['shop']],
  ])('%s names nobody, and the nearest are named', (text, sentence, candidates) => {
    expect(check(text)).toMatchObject({ state: 'UNKNOWN', sentence, candidates: expect.arrayContaining(candidates) });
  });

  test('missing facts are never taken for an open or a closed way', () => {
    const host = hostOne();
    const unread: EstateFacts = [
      {
        ...host,
        facts: host.facts.map((fact) => (fact.source === 'ss' && fact.netns === '3' ? { ...fact, status: 'failed' as const, reason: 'no', data: '' } : fact)),
      },
    ];
    for (const text of [
      'web must reach db',
      'web must not reach db',
      'web must reach db:5432',
      'web must not reach db:5432',
      'only web, host:h1 may reach db',
    ]) {
      expect(check(text, unread)).toMatchObject({ intent: text, state: 'UNKNOWN' });
    }
  });
});
