/** What was read before and is known not to have changed bears the time at which it was read. */
import { expect, test } from '@jest/globals';
import { why } from '../../src/engine/index.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { estate } from '../support/estate.ts';

const INODE = '4026531840';
const EARLIER = '2025-12-31T23:58:00.000Z';

test('evidence tells when its own line was read, not when the host was', () => {
  const [host] = estate({
    name: 'h1',
    namespaces: [
      {
        inode: INODE,
        kind: 'host',
        links: [{ name: 'eth0', index: 2, mac: '02:00:00:00:00:01', addresses: ['192.0.2.1/24'] }],
        routes: [
          { type: 'local', dst: '192.0.2.1', table: 'local', dev: 'eth0', protocol: 'kernel', scope: 'host', prefsrc: '192.0.2.1', flags: [] },
          { dst: '192.0.2.0/24', dev: 'eth0', protocol: 'kernel', scope: 'link', prefsrc: '192.0.2.1', flags: [] },
        ],
        listeners: 'tcp LISTEN 0      9      0.0.0.0:80   0.0.0.0:* ino:9 sk:1 cgroup:/ <->\n',
      },
    ],
  });
  const read = { ...host!, earlier: { [`ip.route ${INODE}`]: EARLIER } };
  const answer = why(buildModel([read]), { from: 'host:h1', to: 'host:h1', port: 80, protocol: 'tcp' });
  const evidence = [...answer.evidence, ...answer.forward.hops.flatMap(({ steps }) => steps.flatMap((step) => step.evidence))];
  const times = (source: RegExp) => [...new Set(evidence.filter(({ collector }) => source.test(collector)).map(({ collectedAt }) => collectedAt))];
  expect(times(/^ip\.route$/)).toEqual([EARLIER]);
  expect(times(/^ss$/)).toEqual([host!.collectedAt]);
});
