import { useDeferredValue, useMemo } from 'react';
import { Failed, Loading } from '../common/State.tsx';
import { taken } from '../queries/shell.ts';
import { useSubscription } from '../use/live.ts';
import { formatRoute, setParams, useRoute } from '../use/route.ts';
import { useAll } from './all.ts';
import { arrange, parseSort } from './arrange.ts';
import { TABLES } from './definitions.ts';
import { Filters } from './Filters.tsx';
import { Gaps } from './Gaps.tsx';
import { Grid } from './Grid.tsx';
import { Take } from './Take.tsx';
import type { AnyTable } from './table.ts';
import '../common/parts.css';
import './tables.css';

export default function TablesView() {
  const { rest, params } = useRoute();
  const shown = TABLES.find(({ name }) => name === rest) ?? TABLES.find(({ name }) => name === 'containers')!;
  return (
    <div className="tables">
      <h1 className="unseen">Tables</h1>
      <nav aria-label="Tables" className="tabs">
        {TABLES.map(({ name, title }) => (
          <a key={name} href={formatRoute('tables', { at: params.at }, name)} aria-current={name === shown.name ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <Shown key={shown.name} table={shown} />
    </div>
  );
}

/** What the service filters by, of the address. */
function filterOf(table: AnyTable, params: Readonly<Record<string, string>>): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    table.filters.flatMap(({ name, number }) => {
      const value = params[name];
      if (!value) return [];
      // What is no number the service refuses, and says why.
      return [[name, number && /^\d+$/.test(value) ? Number(value) : value]];
    }),
  );
}

function Shown({ table }: { readonly table: AnyTable }) {
  const { params } = useRoute();
  const at = params.at ?? null;
  const all = useAll(table, { at, filter: filterOf(table, params) });
  useSubscription(taken, () => at === null && all.again());
  const text = useDeferredValue(params.q ?? '');
  const sort = parseSort(table, params.sort);
  const [column, down] = [sort?.column, sort?.down];
  const rows = useMemo(
    () => arrange(table, all.rows, text, column === undefined ? null : { column, down: down ?? false }),
    [table, all.rows, text, column, down],
  );

  return (
    <section className="stack" aria-label={table.title}>
      <div className="row">
        <label>
          <span className="unseen">Search in the table</span>
          <input
            type="search"
            data-search
            value={params.q ?? ''}
            placeholder="Search in all columns"
            onChange={(event) => setParams({ q: event.target.value }, { replace: true })}
          />
        </label>
        <Filters table={table} />
        <span className="spacer" />
        <Take table={table} rows={rows} at={at} />
      </div>
      <Gaps gaps={all.gaps} at={at} />
      {all.problem ? (
        <Failed problem={all.problem} again={all.again} />
      ) : all.state === 'loading' && all.rows.length === 0 ? (
        <Loading what={at === null ? 'Reading the hosts…' : 'Reading the snapshot…'} />
      ) : (
        <Grid table={table} rows={rows} all={all} sort={sort} />
      )}
    </section>
  );
}
