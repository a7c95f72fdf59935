import type { Estate } from '../../generated/page.ts';

/** Ids of what has the text in its name, addresses, image, project or ports; null when nothing is searched. */
export function matching({ hosts, networks, containers }: Estate, text: string): ReadonlySet<string> | null {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return null;
  const fits = (...words: readonly (string | number | null | undefined)[]) => words.some((word) => word != null && String(word).toLowerCase().includes(wanted));
  return new Set([
    ...hosts.nodes.filter((h) => fits(h.name, h.hostname, ...h.addresses)).map((h) => h.id),
    ...networks.nodes.filter((n) => fits(n.name, n.bridge, ...n.subnets.map((s) => s.subnet))).map((n) => n.id),
    ...containers.nodes
      .filter((c) => fits(c.name, c.image, c.project, c.service, c.state, c.health, ...c.addresses, ...c.ports.map((p) => p.hostPort && `:${p.hostPort}`)))
      .map((c) => c.id),
  ]);
}
