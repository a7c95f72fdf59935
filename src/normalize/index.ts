/** Facts → model. Pure: the same facts in any order give the same model. */
import type { EstateFacts, HostFacts } from '../model/facts.ts';
import type { Host, Model } from '../model/model.ts';
import type { Netns } from '../model/network.ts';
import { byText } from './fact.ts';
import { type Draft, readHost } from './host.ts';
import { sameMachine } from './machine.ts';
import { endKey, matchPeers, type Peers } from './peers.ts';

function joined(netns: Netns, peers: Peers): Netns {
  if (!netns.links.known) return netns;
  return {
    ...netns,
    links: { known: true, value: netns.links.value.map((link) => ({ ...link, peer: peers.get(endKey(netns.id, link.name)) ?? null })) },
  };
}

/** A host's facts are read once, however many models they become part of. */
const drafts = new WeakMap<HostFacts, Draft>();

function draftOf(facts: HostFacts): Draft {
  let draft = drafts.get(facts);
  if (!draft) {
    draft = readHost(facts);
    drafts.set(facts, draft);
  }
  return draft;
}

/** One entry in `facts` for each host; what could not be read is in `gaps`, never an exception. */
export function buildModel(facts: EstateFacts): Model {
  const read = [...facts].sort((a, b) => byText(a.host, b.host)).map(draftOf);
  const places = read.flatMap(({ host }) => host.namespaces.map((netns) => ({ netns, own: netns.id === host.ownNetns })));
  const peers = matchPeers(places, sameMachine(read));
  const hosts = read.map(({ host }): Host => ({ ...host, namespaces: host.namespaces.map((netns) => joined(netns, peers)) }));
  return {
    hosts,
    namespaces: new Map(hosts.flatMap((host) => host.namespaces.map((netns) => [netns.id, netns]))),
    gaps: hosts.flatMap((host) => host.gaps),
  };
}
