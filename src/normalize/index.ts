/** Facts → model. Pure: the same facts in any order give the same model. */
import type { EstateFacts } from '../model/facts.ts';
import type { Host, Model } from '../model/model.ts';
import type { Netns } from '../model/network.ts';
import { byText } from './fact.ts';
import { readHost } from './host.ts';
import { sameMachine } from './machine.ts';
import { endKey, matchPeers, type Peers } from './peers.ts';

function joined(netns: Netns, peers: Peers): Netns {
  if (!netns.links.known) return netns;
  return {
    ...netns,
    links: { known: true, value: netns.links.value.map((link) => ({ ...link, peer: peers.get(endKey(netns.id, link.name)) ?? null })) },
  };
}

/** One entry in `facts` for each host; what could not be read is in `gaps`, never an exception. */
export function buildModel(facts: EstateFacts): Model {
  const drafts = [...facts].sort((a, b) => byText(a.host, b.host)).map(readHost);
  const places = drafts.flatMap(({ host }) => host.namespaces.map((netns) => ({ netns, own: netns.id === host.ownNetns })));
  const peers = matchPeers(places, sameMachine(drafts));
  const hosts = drafts.map(({ host }): Host => ({ ...host, namespaces: host.namespaces.map((netns) => joined(netns, peers)) }));
  return {
    hosts,
    namespaces: new Map(hosts.flatMap((host) => host.namespaces.map((netns) => [netns.id, netns]))),
    gaps: hosts.flatMap((host) => host.gaps),
  };
}
