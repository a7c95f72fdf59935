/** Published ports: HostConfig.PortBindings is what was asked for, NetworkSettings.Ports what was given. */
import { z } from 'zod';
import type { PublishedPort } from '../model/docker.ts';

const binding = z.looseObject({ HostIp: z.string().nullish(), HostPort: z.union([z.string(), z.number()]).transform(String).nullish() });
export const bindingsSchema = z.record(z.string(), z.array(binding).nullish()).nullish();
export type Bindings = z.infer<typeof bindingsSchema>;

type Asked = NonNullable<PublishedPort['asked']>;
type Given = NonNullable<PublishedPort['given']>;

function isAny(hostIp: string): boolean {
  return hostIp === '' || hostIp === '0.0.0.0' || hostIp === '::';
}

/** An empty or zero port was left to the engine; `8000-8010` is a range to choose from. */
function portFits(asked: string, given: number): boolean {
  if (asked === '' || asked === '0') return true;
  const [from, to] = asked.split('-').map(Number);
  return from !== undefined && given >= from && given <= (to ?? from);
}

function answers(asked: Asked, given: Given): boolean {
  return portFits(asked.hostPort, given.hostPort) && (asked.hostIp === given.hostIp || (asked.hostIp === '' && isAny(given.hostIp)));
}

/** Given ports, each with what asked for it; then what was asked for and not given. Ports that are exposed only are not among them. */
export function publishedPorts(askedFor: Bindings, givenTo: Bindings): readonly PublishedPort[] {
  const ports: PublishedPort[] = [];
  for (const key of new Set([...Object.keys(askedFor ?? {}), ...Object.keys(givenTo ?? {})])) {
    const [number, protocol] = key.split('/');
    const base = { protocol: protocol || 'tcp', containerPort: Number(number) };
    const asked = (askedFor?.[key] ?? []).map((b): Asked => ({ hostIp: b.HostIp ?? '', hostPort: b.HostPort ?? '' }));
    const given = (givenTo?.[key] ?? []).map((b): Given => ({ hostIp: b.HostIp ?? '', hostPort: Number(b.HostPort) }));
    const met = new Set<Asked>();
    for (const g of given) {
      const a = asked.find((candidate) => answers(candidate, g)) ?? null;
      if (a) met.add(a);
      ports.push({ ...base, asked: a, given: g });
    }
    for (const a of asked) if (!met.has(a)) ports.push({ ...base, asked: a, given: null });
  }
  return ports;
}
