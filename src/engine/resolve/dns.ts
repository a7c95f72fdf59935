/** A name as the source resolves it: hosts file, the engine's DNS, then nameservers, which cannot be asked here. */
import type { CauseCode } from '../../model/answer.ts';
import type { Container } from '../../model/docker.ts';
import type { Model } from '../../model/model.ts';
import type { IpVersion } from '../../model/network.ts';
import { canonical, familyOf } from '../../util/ip.ts';
import { EMBEDDED_DNS, lookUp, namesIn, userEndpoints } from './embedded-dns.ts';
import { resolveLocally } from './local-names.ts';
import { allContainers, containerOf, isRunning, netnsOf, networkIdentity, type Placed } from './places.ts';
import type { Source, Target } from './types.ts';

type Asking = Extract<Source, { kind: 'netns' }>;

/** Of one family: the one asked for; else IPv4, where there is any. */
function ofFamily(addresses: readonly string[], family: IpVersion | undefined): readonly string[] {
  const wanted = family ?? (addresses.some((a) => familyOf(a) === 4) ? 4 : 6);
  return [...new Set(addresses.filter((a) => familyOf(a) === wanted))];
}

/** The engine's DNS serves containers of user-defined networks; resolv.conf says so where it was read. */
function askingContainer(source: Asking): Container | null {
  return source.container ?? containerOf(source.host, source.netns);
}

function usesEmbeddedDns(model: Model, source: Asking, container: Container): boolean {
  const { resolver } = source.netns;
  if (resolver.known && resolver.value.nameservers.length > 0 && container.networkMode !== 'host') return resolver.value.nameservers.includes(EMBEDDED_DNS);
  return userEndpoints(networkIdentity(model, container)).length > 0;
}

/** Containers that a person may have meant by the name. */
function meant(model: Model, name: string): readonly Placed<Container>[] {
  return allContainers(model).filter(
    ({ it }) =>
      it.name.toLowerCase() === name || it.service?.toLowerCase() === name || it.endpoints.some((e) => namesIn(it, e).some((n) => n.toLowerCase() === name)),
  );
}

interface Why {
  readonly cause: CauseCode;
  readonly text: string;
}

function whyNot(model: Model, source: Asking, container: Container | null, name: string): Why | null {
  const others = meant(model, name);
  const other = others.find(({ it }) => isRunning(it)) ?? others[0];
  if (!other) {
    const hostname = allContainers(model).find(({ it }) => it.hostname.toLowerCase() === name);
    if (!hostname) return null;
    return { cause: 'NAME_NOT_FOUND', text: `${name} is the hostname of ${hostname.it.name}, and a hostname is not a name on a network: add it as an alias` };
  }
  const it = other.it;
  if (!container) return { cause: 'NAME_NOT_FOUND', text: `${source.label} is not a container: names of containers mean nothing there` };
  if (networkIdentity(model, container).networkMode === 'host') {
    return { cause: 'NAME_NOT_FOUND', text: `${source.label} uses the host's network: names of containers mean nothing there` };
  }
  if (userEndpoints(networkIdentity(model, container)).length === 0) {
    return { cause: 'NAME_NOT_RESOLVED_ON_DEFAULT_BRIDGE', text: `${source.label} is in no user-defined network, and the default bridge resolves no names` };
  }
  if (it.networkMode === 'host')
    return { cause: 'HOST_NETWORK', text: `${it.name} uses the host's network and is in none of Docker's, which alone have names: use an address of its host` };
  if (!isRunning(it)) return { cause: 'CONTAINER_NOT_RUNNING', text: `${it.name} is ${it.state}: only running containers have a name` };
  const networks = userEndpoints(networkIdentity(model, it)).map((e) => e.networkName);
  const where = networks.length > 0 ? `is in ${networks.join(', ')}` : `is in no user-defined network (${it.networkMode.slice(0, 40)})`;
  return { cause: 'NAME_NOT_ON_SHARED_NETWORK', text: `${it.name} ${where}, none of which ${source.label} is in` };
}

function unknownName(name: string, source: Source): Target {
  if (source.kind !== 'netns') {
    return { kind: 'unknown-name', name, text: `what ${name} means at ${source.label} is not known`, needs: [`the address of ${name}`] };
  }
  const { resolver, hostsFile } = source.netns;
  const servers = resolver.known ? resolver.value.nameservers.filter((s) => s !== EMBEDDED_DNS) : [];
  const asked = servers.length > 0 ? `nameserver ${servers.join(', ')}` : 'a nameserver outside';
  const missing = [hostsFile, resolver].flatMap((fact) => (fact.known ? [] : [`${fact.gap.source} of ${source.label}: ${fact.gap.reason}`]));
  return {
    kind: 'unknown-name',
    name,
    text: `${name} is in no file and no network of ${source.label}: ${asked} would have to be asked`,
    needs: [...missing, `the address of ${name}: ask again with the address`],
  };
}

function found(model: Model, source: Asking, container: Container | null, name: string, family: IpVersion | undefined): Target | null {
  const lower = name.toLowerCase();
  const local = resolveLocally(model, source.host, source.netns, container, lower);
  const addresses = local ? ofFamily(local.addresses, family) : [];
  if (local && addresses.length > 0) {
    return { kind: 'addresses', addresses, container: null, host: null, netns: null, label: name, via: local.via, evidence: local.evidence, note: null };
  }
  if (!container || !usesEmbeddedDns(model, source, container)) return null;
  const records = lookUp(model, source.host, container, lower, family);
  const [first, second] = records;
  if (!first) return null;
  return {
    kind: 'addresses',
    addresses: ofFamily(
      records.flatMap(({ endpoint }) => [endpoint.ipv4, endpoint.ipv6].filter((a) => a !== null)),
      family,
    ),
    container: second ? null : first.container.it,
    host: second ? null : first.container.host,
    netns: second ? null : netnsOf(model, first.container.it),
    label: name,
    via: 'embedded-dns',
    evidence: records.map((r) => r.evidence),
    note: null,
  };
}

/** Names that no nameserver can be expected to know. */
function neverResolves(name: string): string | null {
  if (name === 'host.docker.internal') return `on Linux ${name} needs --add-host ${name}:host-gateway`;
  // RFC 2606: reserved, and in nobody's DNS
  return /\.(invalid|example)$/.test(name) ? `${name} is in a domain that is reserved for examples (RFC 2606)` : null;
}

/** `name` is a DNS name or an address. Never throws for a name that nobody knows. */
export function resolveName(model: Model, source: Source, name: string, family: IpVersion | undefined): Target {
  const bare = name.replace(/\.$/, '');
  if (familyOf(bare) !== null) {
    const address = canonical(bare);
    return { kind: 'addresses', addresses: [address], container: null, host: null, netns: null, label: address, via: 'address', evidence: [], note: null };
  }
  if (source.kind !== 'netns') return unknownName(bare, source);
  const container = askingContainer(source);
  const target = found(model, source, container, bare, family);
  if (target) return target;
  const why = whyNot(model, source, container, bare.toLowerCase());
  if (why) return { kind: 'name-not-found', name: bare, ...why, evidence: [] };
  const never = neverResolves(bare.toLowerCase());
  if (never !== null) return { kind: 'name-not-found', name: bare, cause: 'NAME_NOT_FOUND', text: never, evidence: [] };
  return unknownName(bare, source);
}
