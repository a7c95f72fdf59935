import { expect, test } from '@jest/globals';
import { why } from '../../src/engine/index.ts';
import { buildModel } from '../../src/normalize/index.ts';
import { estate, type HostSketch } from '../support/estate.ts';

/** A bridge over three interfaces of one link, as no cable allows and as half-read namespaces can look. */
function looped(n: number): HostSketch {
  const address = `192.0.2.${n}`;
  const port = (i: number) => ({ name: `eth${i}`, index: 2 + i, master: 'br0', mac: `02:00:00:00:${n.toString(16).padStart(2, '0')}:0${i}` });
  const local = [
    { type: 'local', dst: address, table: 'local', dev: 'br0', protocol: 'kernel', scope: 'host', prefsrc: address, flags: [] },
    { dst: '192.0.2.0/24', dev: 'br0', protocol: 'kernel', scope: 'link', prefsrc: address, flags: [] },
  ];
  return {
    name: `h${n}`,
    namespaces: [
      {
        inode: '4026531840',
        kind: 'host',
        links: [
          { name: 'br0', index: 9, kind: 'bridge', mac: `02:00:00:00:${n.toString(16).padStart(2, '0')}:ff`, addresses: [`${address}/24`] },
          ...[0, 1, 2].map(port),
        ],
        routes: local,
        sysctls: 'net.ipv4.ip_forward = 0\n',
        listeners: 'tcp LISTEN 0      9      0.0.0.0:80   0.0.0.0:* ino:9 sk:1 cgroup:/ <->\n',
      },
    ],
  };
}

test('a loop among links that were not collected ends, and the frame arrives once', () => {
  const model = buildModel(estate(...Array.from({ length: 12 }, (_, i) => looped(i + 1))));
  const { verdict, symptom, needs } = why(model, { from: 'host:h1', to: 'host:h7', port: 80, protocol: 'tcp' });
  expect({ verdict, symptom, needs }).toEqual({ verdict: 'REACHABLE', symptom: 'CONNECTED', needs: [] });
});
