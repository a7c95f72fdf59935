/** The picture at its places, as cytoscape takes it. */

import type { ElementDefinition } from 'cytoscape';
import type { ContainerPart, FindingPart } from '../../generated/page.ts';
import { printable } from '../../util/printable.ts';
import { conditionOf } from '../common/condition.ts';
import { type Box, type Layout, NODE, OUTSIDE } from './layout.ts';
import { type Group, type HostBox, type Picture, rangeOf } from './picture.ts';
import { isOpen, publishedPorts } from './ports.ts';

export function elements({ hosts, links, findings }: Picture, { boxes }: Layout): ElementDefinition[] {
  const of = (id: string) => boxes.get(id)!;
  const found = (id: string) => findings.get(id) ?? [];
  const drawn = hosts.flatMap((box) => [
    hostNode(box, of(box.host.id)),
    ...(box.groups.length > 0 ? corners(box.host.id, of(box.host.id)) : []),
    ...badge(box.host.id, of(box.host.id), found(box.host.id)),
    ...outsideEdge(box),
    ...box.groups.flatMap((group) => [
      groupNode(group, box.host.id, of(group.id)),
      ...(group.containers.length > 0 ? corners(group.id, of(group.id)) : []),
      ...badge(group.id, of(group.id), found(group.id)),
      ...group.containers.flatMap((container) => [
        containerNode(container, group.id, of(container.id)),
        ...portNode(container, group.id, of(container.id)),
        ...badge(container.id, of(container.id), found(container.id)),
      ]),
    ]),
  ]);
  const edges = links.map(({ id, from, to, kind }): ElementDefinition => ({ group: 'edges', data: { id, source: from, target: to }, classes: kind }));
  return [{ group: 'nodes', data: { id: OUTSIDE, label: '☁ internet / outside' }, position: at(of(OUTSIDE)), classes: 'outside' }, ...drawn, ...edges];
}

/** A compound is as large as what is in it: unseen, these give it the size of the layout. */
const corners = (parent: string, { x, y, w, h }: Box): ElementDefinition[] =>
  [-0.5, 0.5].map((side) => ({
    group: 'nodes',
    data: { id: `corner ${side} ${parent}`, parent, label: '' },
    position: { x: x + side * (w - 1), y: y + side * (h - 1) },
    classes: 'corner',
  }));

const at = ({ x, y }: Box) => ({ x, y });

function hostNode(box: HostBox, place: Box): ElementDefinition {
  const { host, groups } = box;
  const open = openPorts(box);
  const words = [host.name, open > 0 && `${open} published`, host.gapCount > 0 && '⚠ incomplete'];
  const data = { id: host.id, label: printable(words.filter(Boolean).join('  ·  ')), w: place.w, h: place.h };
  return { group: 'nodes', data, position: at(place), classes: groups.length > 0 ? 'host' : 'host leaf' };
}

function groupNode({ id, name, network, containers }: Group, parent: string, box: Box): ElementDefinition {
  const words = [name, network?.internal && 'internal', network && rangeOf(network)];
  const classes = ['network', network?.internal && 'internal', containers.length === 0 && 'leaf'];
  const data = { id, parent, label: printable(words.filter(Boolean).join('  ·  ')), w: box.w, h: box.h };
  return { group: 'nodes', data, position: at(box), classes: classes.filter(Boolean).join(' ') };
}

function containerNode(container: ContainerPart, parent: string, box: Box): ElementDefinition {
  const { sign, tone } = conditionOf(container);
  return {
    group: 'nodes',
    data: { id: container.id, parent, label: `${sign}  ${printable(container.name)}` },
    position: at(box),
    classes: `container ${tone}`,
  };
}

function portNode({ id, ports }: ContainerPart, parent: string, { x, y, h }: Box): ElementDefinition[] {
  const [first, ...more] = publishedPorts(ports);
  if (first === undefined) return [];
  const label = more.length > 0 ? `${first}  +${more.length}` : first;
  return [{ group: 'nodes', data: { id: `port ${id}`, parent, of: id, label }, position: { x, y: y + h / 2 + 10 }, classes: 'port' }];
}

const WORST = ['HIGH', 'MEDIUM', 'LOW'] as const;

/** On the upper right corner, outside of the compounds: it must not widen them. */
function badge(id: string, { x, y, w, h }: Box, findings: readonly FindingPart[]): ElementDefinition[] {
  if (findings.length === 0) return [];
  const worst = WORST.find((severity) => findings.some((f) => f.severity === severity)) ?? 'LOW';
  const position = { x: x + w / 2 - 2, y: y - h / 2 + 1 };
  return [
    { group: 'nodes', data: { id: `badge ${id}`, of: id, label: `${worst === 'HIGH' ? '!' : ''}${findings.length}` }, position, classes: `badge ${worst}` },
  ];
}

const openPorts = ({ groups }: HostBox) => groups.flatMap((g) => g.containers).flatMap((c) => publishedPorts(c.ports.filter(isOpen))).length;

function outsideEdge(box: HostBox): ElementDefinition[] {
  if (openPorts(box) === 0) return [];
  return [{ group: 'edges', data: { id: `open ${box.host.id}`, source: OUTSIDE, target: box.host.id }, classes: 'open' }];
}

/** From one to the next of a packet's path, those that the picture has; `stopped`: the last one is where it ends. */
export function pathElements(path: readonly string[], stopped: boolean, { boxes }: Layout): ElementDefinition[] {
  const drawn = path.filter((id, i) => boxes.has(id) && id !== path[i - 1]);
  const hosts = [...new Set(drawn.filter((id) => id.startsWith('host:')))];
  const gates = hosts.map(
    (id): ElementDefinition => ({
      group: 'nodes',
      data: { id: `gate ${id}`, of: id, label: `host ${id.slice(5)}` },
      position: gateOf(boxes.get(id)!),
      classes: 'gate',
    }),
  );
  const end = (id: string) => (id.startsWith('host:') ? `gate ${id}` : id);
  const edges = drawn
    .slice(1)
    .map((id, i): ElementDefinition => ({ group: 'edges', data: { id: `path ${i}`, source: end(drawn[i]!), target: end(id) }, classes: 'path' }));
  const last = drawn.at(-1);
  if (!stopped || last === undefined) return [...gates, ...edges];
  const { x, y } = last.startsWith('host:') ? gateOf(boxes.get(last)!) : boxes.get(last)!;
  return [
    ...gates,
    ...edges,
    { group: 'nodes', data: { id: 'stop', of: last, label: '✕' }, position: { x: x - NODE.w / 2, y: y - NODE.h / 2 }, classes: 'stop' },
  ];
}

/** Where a path goes through a host: an edge to a compound from within would loop. */
const gateOf = ({ x, y, w, h }: Box) => ({ x: x - w / 2 + NODE.w / 2 + 12, y: y - h / 2 + 28 });

export const PORT_WIDTH = NODE.w - 12;
