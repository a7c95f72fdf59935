import { z } from 'zod';
import type { DockerCollector } from './collector.ts';
import { redactedMap } from './redact.ts';

const text = z.string().nullish();
const flag = z.boolean().nullish();

const networkSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  Created: text,
  Driver: text,
  Scope: text,
  Internal: flag,
  Attachable: flag,
  Ingress: flag,
  EnableIPv4: flag,
  EnableIPv6: flag,
  IPAM: z
    .object({
      Driver: text,
      Options: redactedMap,
      Config: z.array(z.object({ Subnet: text, Gateway: text, IPRange: text, AuxiliaryAddresses: z.record(z.string(), z.string()).nullish() })).nullish(),
    })
    .nullish(),
  Options: redactedMap,
  Labels: redactedMap,
});

export const networks: DockerCollector = {
  name: 'docker.networks',
  scope: 'host',
  command: ['GET', '/networks'],
  // The engine lists them in another order each time.
  read: async (engine) => ({ value: z.array(networkSchema).parse((await engine.listNetworks()).toSorted((a, b) => (a.Id < b.Id ? -1 : 1))) }),
};
