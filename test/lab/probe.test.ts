/** A real packet beside the answer, on a real host: it says the same, and says otherwise where the facts are old. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { collectEstate } from '../../src/collectors/index.ts';
import { sendProbe } from '../../src/collectors/transport/probe.ts';
import { LOCAL } from '../../src/model/access.ts';
import type { Context } from '../../src/operations/context.ts';
import { Estates } from '../../src/operations/estates.ts';
import { reachability } from '../../src/operations/reachability.ts';
import { createLab, type Lab, type LabHost, serve } from './hosts.ts';
import { IMAGE } from './image.ts';
import { enter } from './namespaces.ts';
import { labPossible } from './possible.ts';

const group = labPossible() ? describe : describe.skip;
const DROP = ['INPUT', '-p', 'tcp', '--dport', '9000', '-j', 'DROP'];

group('a probe', () => {
  let lab: Lab;
  let host: LabHost;
  let estates: Estates;
  const store = () => Promise.reject(new Error('no database is needed'));
  /** Of what was collected last. */
  const ask = async (from: string, to: string) => {
    const context: Context = { principal: LOCAL, estates, store, schedules: [], probe: sendProbe, report: () => {} };
    const { verdict, symptom, probe } = await reachability(context, { question: { from, to }, probe: true });
    return { verdict, symptom, met: probe?.symptom, agrees: probe?.agrees };
  };

  beforeAll(async () => {
    lab = await createLab({ hosts: [{ name: 'e20', engine: '20.10', iptables: 'nft' }] });
    host = lab.host('e20');
    await host.docker('network', 'create', '--subnet', '10.88.0.0/24', 'front');
    for (const name of ['client', 'www']) await host.docker('run', '-d', '--name', name, '--network', 'front', IMAGE, 'httpd', '-f', '-p', '80');
    await serve(enter.machine(host.place), ['tcp:9000', 'udp:9001']);
    estates = new Estates({ collect: () => collectEstate([host.config]), store, cacheMs: Number.POSITIVE_INFINITY });
    await estates.fresh();
  }, 120_000);
  afterAll(async () => {
    await lab?.destroy();
  }, 60_000);

  test.each([
    ['client', 'www:80', 'REACHABLE', 'CONNECTED'],
    ['client', 'www:81', 'UNREACHABLE', 'REFUSED'],
    ['client', 'www:81/udp', 'UNREACHABLE', 'REFUSED'],
    ['client', '10.77.0.11:9000', 'REACHABLE', 'CONNECTED'],
    ['client', '10.77.0.11:9001/udp', 'REACHABLE', 'DELIVERED'],
    ['host:e20', 'www:80', 'REACHABLE', 'CONNECTED'],
    ['host:e20', '127.0.0.1:9002', 'UNREACHABLE', 'REFUSED'],
  ])('from %s to %s meets what the answer says', async (from, to, verdict, symptom) => {
    expect(await ask(from, to)).toEqual({ verdict, symptom, met: symptom, agrees: true });
  });

  test('that no neighbour answers does not contradict that nobody is there', async () => {
    const { verdict, symptom, agrees } = await ask('client', '10.88.0.99:80');
    expect({ verdict, symptom, no: agrees === false }).toEqual({ verdict: 'UNREACHABLE', symptom: 'HOST_UNREACHABLE', no: false });
  });

  test('says otherwise while a new rule is not known, and the same when it is', async () => {
    await host.run(['iptables', '-I', ...DROP]);
    expect(await ask('client', '10.77.0.11:9000')).toEqual({ verdict: 'REACHABLE', symptom: 'CONNECTED', met: 'TIMED_OUT', agrees: false });
    await estates.fresh();
    const dropped = { verdict: 'UNREACHABLE', symptom: 'TIMED_OUT', met: 'TIMED_OUT', agrees: true };
    expect(await ask('client', '10.77.0.11:9000')).toEqual(dropped);
    await host.run(['iptables', '-D', ...DROP]);
    expect(await ask('client', '10.77.0.11:9000')).toEqual({ ...dropped, met: 'CONNECTED', agrees: false });
  }, 30_000);

  test('is not sent from a container that was started anew since', async () => {
    await host.docker('restart', '-t', '0', 'client');
    await expect(ask('client', 'www:80')).rejects.toMatchObject({ code: 'BAD_ARGUMENT', message: expect.stringContaining('gone') });
    await estates.fresh();
    expect(await ask('client', 'www:80')).toMatchObject({ met: 'CONNECTED', agrees: true });
  }, 60_000);
});
