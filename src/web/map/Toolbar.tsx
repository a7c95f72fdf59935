import { useId } from 'react';
import type { Estate } from '../../generated/page.ts';
import { Combobox } from '../common/Combobox.tsx';
import { conditionOf } from '../common/condition.ts';
import { setParams } from '../use/route.ts';

interface Props {
  readonly estate: Estate;
  readonly params: Readonly<Record<string, string>>;
  readonly lit: ReadonlySet<string> | null;
  /** Enter in the search field. */
  readonly onFind: (name: string) => void;
}

const MOST = 12;

export function Toolbar({ estate, params, lit, onFind }: Props) {
  const { hosts, networks, containers } = estate;
  const things = [
    ...containers.nodes.map((c) => ({ ...c, note: conditionOf(c).word })),
    ...networks.nodes.map((n) => ({ ...n, note: 'network' })),
    ...hosts.nodes.map((h) => ({ ...h, host: h.name, note: 'host' })),
  ];
  const options = lit === null ? [] : things.filter(({ id }) => lit.has(id)).slice(0, MOST);
  const shown = [...new Map(options.map((o) => [o.name, { value: o.name, note: `${o.note} · ${o.host}` }])).values()];
  return (
    <search className="toolbar">
      <Combobox
        label="Search the map"
        hideLabel
        search
        placeholder="Search name, address, :port  ( / )"
        value={params.q ?? ''}
        options={shown}
        onType={(q) => setParams({ q }, { replace: true })}
        onPick={onFind}
      />
      <Choice name="Host" param="host" value={params.host} among={hosts.nodes.map((h) => h.name)} />
      <Choice name="Project" param="project" value={params.project} among={unique(containers.nodes.map((c) => c.project))} />
      <Choice name="Network" param="network" value={params.network} among={unique(networks.nodes.map((n) => n.name))} />
      <span className="small muted tally">{tally(estate)}</span>
    </search>
  );
}

const unique = (names: readonly (string | null)[]) => [...new Set(names.filter((name) => name !== null))].sort();

function Choice({
  name,
  param,
  value,
  among,
}: {
  readonly name: string;
  readonly param: string;
  readonly value: string | undefined;
  readonly among: readonly string[];
}) {
  const id = useId();
  if (among.length < 2 && value === undefined) return null;
  return (
    <span>
      <label htmlFor={id} className="unseen">
        {name}
      </label>
      <select id={id} value={value ?? ''} onChange={(event) => setParams({ [param]: event.target.value })}>
        <option value="">{`${name}: all`}</option>
        {value !== undefined && !among.includes(value) && <option>{value}</option>}
        {among.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </span>
  );
}

function tally({ containers: { nodes, totalCount } }: Estate): string {
  const of = totalCount > nodes.length ? `first ${nodes.length} of ${totalCount}` : String(totalCount);
  const running = nodes.filter((c) => c.state === 'running').length;
  return `${of} containers, ${running} running`;
}
