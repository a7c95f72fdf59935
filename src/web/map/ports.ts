import type { ContainerPart } from '../../generated/page.ts';

type Port = ContainerPart['ports'][number];

/** ":8080 → 80/tcp" once for IPv4 and IPv6; an address of its own is said. */
export function publishedPorts(ports: readonly Port[]): readonly string[] {
  const texts = ports.filter(({ hostPort }) => hostPort !== null).map((port) => `${hostOf(port)}:${port.hostPort} → ${port.containerPort}/${port.protocol}`);
  return [...new Set(texts)];
}

/** Asked for and not in force: those of a container that does not run. */
export const missingPorts = (ports: readonly Port[]): readonly string[] => [
  ...new Set(
    ports.filter((p) => p.hostPort === null && p.askedHostPort !== null).map((p) => `:${p.askedHostPort || 'any'} → ${p.containerPort}/${p.protocol}`),
  ),
];

const ANY = new Set(['0.0.0.0', '::', '', null]);

function hostOf({ hostIp }: Port): string {
  if (ANY.has(hostIp)) return '';
  return hostIp?.includes(':') ? `[${hostIp}]` : (hostIp ?? '');
}

/** Published for others than the host itself. */
export const isOpen = ({ hostPort, hostIp }: Port): boolean => hostPort !== null && !/^(127\.|::1$)/.test(hostIp ?? '');
