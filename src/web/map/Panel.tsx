import type { ReactNode } from 'react';
import type { ContainerPart, Estate, FindingPart, HostPart, ListenerPart, NetworkPart } from '../../generated/page.ts';
import { printable } from '../../util/printable.ts';
import { conditionOf } from '../common/condition.ts';
import { referenceOf } from '../common/reference.ts';
import { State } from '../common/State.tsx';
import { ago, exactTime } from '../common/time.ts';
import { containerDetails, hostDetails, networkDetails } from '../queries/map.ts';
import { useQuery } from '../use/query.ts';
import { formatRoute } from '../use/route.ts';
import { Finding } from './Problems.tsx';
import { missingPorts, publishedPorts } from './ports.ts';

interface Props {
  readonly estate: Estate;
  readonly id: string;
  readonly at: string | undefined;
  readonly findings: readonly FindingPart[];
  readonly onChoose: (id: string) => void;
}

/** The facts of one thing. */
export function Panel({ estate, id, at, findings, onChoose }: Props) {
  const host = estate.hosts.nodes.find((h) => h.id === id);
  const network = estate.networks.nodes.find((n) => n.id === id);
  const container = estate.containers.nodes.find((c) => c.id === id);
  return (
    <div className="stack panel">
      {host && <HostPanel host={host} at={at} />}
      {network && <NetworkPanel network={network} at={at} onChoose={onChoose} />}
      {container && <ContainerPanel container={container} estate={estate} at={at} />}
      {!host && !network && !container && (
        <p>
          <code>{id}</code> is not there {at === undefined ? 'now' : `in snapshot ${at}`}.
        </p>
      )}
      {findings.map((finding) => (
        <Finding key={finding.id} finding={finding} />
      ))}
    </div>
  );
}

function Facts({ children }: { readonly children: readonly (readonly [string, ReactNode] | null)[] }) {
  const shown = children.filter(
    (fact): fact is readonly [string, ReactNode] => fact !== null && fact[1] !== null && fact[1] !== '' && fact[1] !== false && fact[1] !== undefined,
  );
  return (
    <dl className="facts">
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof value === 'string' ? printable(value) : value}</dd>
        </div>
      ))}
    </dl>
  );
}

const Lines = ({ of }: { readonly of: readonly string[] }) => (
  <ul>
    {of.map((line) => (
      <li key={line}>{printable(line)}</li>
    ))}
  </ul>
);

function Asking({ reference, at, ports = [] }: { readonly reference: string; readonly at: string | undefined; readonly ports?: readonly string[] }) {
  return (
    <p className="row">
      <a className="button" href={formatRoute('why', { from: reference, at })}>
        Why from here
      </a>
      <a className="button" href={formatRoute('why', { to: reference + (ports[0] ? `:${ports[0]}` : ''), at })}>
        Why to here
      </a>
    </p>
  );
}

function Listeners({ listeners, reference, at }: { readonly listeners: readonly ListenerPart[]; readonly reference: string; readonly at: string | undefined }) {
  if (listeners.length === 0) return <p className="muted">Nothing listens here.</p>;
  return (
    <ul className="listeners">
      {listeners.map(({ id, protocol, address, port, process }) => (
        <li key={id}>
          <code>
            {address.includes(':') ? `[${address}]` : address}:{port}/{protocol}
          </code>
          <span className="muted small">{process && printable(process)}</span>
          <a className="small" href={formatRoute('why', { to: `${reference}:${port}${protocol === 'udp' ? '/udp' : ''}`, at })}>
            why to<span className="unseen"> port {port}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function ContainerPanel({ container, estate, at }: { readonly container: ContainerPart; readonly estate: Estate; readonly at: string | undefined }) {
  const asked = useQuery(containerDetails, { host: container.host, name: container.name, ...(at !== undefined && { at }) });
  const { sign, word, tone } = conditionOf(container);
  const reference = referenceOf(container, estate.containers.nodes);
  const ports = publishedPorts(container.ports);
  const missing = missingPorts(container.ports);
  return (
    <>
      <p className="small muted">container on {container.host}</p>
      <h2>{printable(container.name)}</h2>
      <p className={`tone ${tone}`}>
        <span aria-hidden="true">{sign}</span> {word}
        {container.restartCount > 0 && `, restarted ${container.restartCount} times`}
      </p>
      <Asking reference={reference} at={at} />
      <Facts>
        {[
          ['Image', container.image],
          ['Compose', container.project && `${container.project}/${container.service ?? ''}`],
          ['Shares the network of', container.sharesNetworkOf],
          ['Published', ports.length > 0 && <Lines key="published" of={ports} />],
          ['Not published now', missing.length > 0 && <Lines key="missing" of={missing} />],
        ]}
      </Facts>
      <State asked={asked} loading="Reading its facts…">
        {({ endpoints, listeners }) => (
          <>
            <h3>Networks</h3>
            {endpoints.nodes.length === 0 && <p className="muted">In no network of Docker's.</p>}
            {endpoints.nodes.map((endpoint) => (
              <Facts key={endpoint.id}>
                {[
                  ['Network', endpoint.networkName],
                  ['Address', [endpoint.ipv4, endpoint.ipv6].filter(Boolean).join(', ') || 'none while it does not run'],
                  ['Gateway', endpoint.gateway],
                  ['Also called', endpoint.aliases.join(', ')],
                ]}
              </Facts>
            ))}
            <h3>Listens on</h3>
            <Listeners listeners={listeners.nodes} reference={reference} at={at} />
            <Gaps gaps={listeners.gaps} />
          </>
        )}
      </State>
    </>
  );
}

function HostPanel({ host, at }: { readonly host: HostPart; readonly at: string | undefined }) {
  const asked = useQuery(hostDetails, { host: host.name, ...(at !== undefined && { at }) });
  const reference = `host:${host.name}`;
  return (
    <>
      <p className="small muted">host</p>
      <h2>{host.name}</h2>
      {host.lastKnown && (
        <p className="tone bad">
          Nothing of it could be read. {host.lastKnown.reason ?? (host.lastKnown.snapshot && `Snapshot ${host.lastKnown.snapshot.id} knew it last.`)}
        </p>
      )}
      <Asking reference={reference} at={at} />
      <Facts>
        {[
          ['Addresses', host.addresses.join(', ')],
          ['Kernel', host.kernel],
          ['Docker Engine', host.engine?.version ?? 'none, or it did not answer'],
          ['Facts missing', host.gapCount > 0 ? host.gapCount : null],
          [
            'Read',
            <time key="time" dateTime={host.collectedAt} title={exactTime(host.collectedAt)}>
              {ago(host.collectedAt)}
            </time>,
          ],
        ]}
      </Facts>
      <h3>Listens on</h3>
      <State asked={asked} loading="Reading its listeners…">
        {({ listeners }) => (
          <>
            <Listeners listeners={listeners.nodes} reference={reference} at={at} />
            <Gaps gaps={listeners.gaps} />
          </>
        )}
      </State>
    </>
  );
}

function NetworkPanel({ network, at, onChoose }: { readonly network: NetworkPart; readonly at: string | undefined; readonly onChoose: (id: string) => void }) {
  const asked = useQuery(networkDetails, { host: network.host, network: network.name, ...(at !== undefined && { at }) });
  return (
    <>
      <p className="small muted">network on {network.host}</p>
      <h2>{printable(network.name)}</h2>
      <Facts>
        {[
          ['Driver', network.driver],
          ['Bridge', network.bridge],
          ['Addresses', network.subnets.map(({ subnet, gateway }) => `${subnet}${gateway ? ` (gateway ${gateway})` : ''}`).join(', ')],
          ['Internal', network.internal ? 'yes: no way in or out' : null],
        ]}
      </Facts>
      <h3>Containers</h3>
      <State asked={asked} loading="Reading its containers…">
        {({ endpoints }) => (
          <ul className="listeners">
            {endpoints.nodes.length === 0 && <li className="muted">None is connected.</li>}
            {endpoints.nodes.map(({ id, containerName, ipv4, ipv6 }) => (
              <li key={id}>
                <button type="button" className="plain" onClick={() => onChoose(`container:${network.host}/${containerName}`)}>
                  {printable(containerName)}
                </button>
                <code>{ipv4 ?? ipv6 ?? 'does not run'}</code>
              </li>
            ))}
          </ul>
        )}
      </State>
    </>
  );
}

function Gaps({ gaps }: { readonly gaps: readonly { readonly reason: string }[] }) {
  if (gaps.length === 0) return null;
  return <p className="small tone warn">Not all could be read: {gaps[0]?.reason}</p>;
}
