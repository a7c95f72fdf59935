import { type FormEvent, useId } from 'react';
import { setParams, useRoute } from '../use/route.ts';
import type { AnyTable } from './table.ts';

/** What the service itself filters by, which knows more than the text of a cell: the subnet that holds an address. */
export function Filters({ table }: { readonly table: AnyTable }) {
  const { params } = useRoute();
  const id = useId();
  const set = table.filters.filter(({ name }) => params[name]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    setParams(Object.fromEntries(table.filters.map(({ name }) => [name, String(given.get(name) ?? '').trim() || null])));
  };
  return (
    <details className="filter">
      <summary className="button">
        Filter{set.length > 0 && <span className="small">: {set.map(({ name, title }) => `${title} ${params[name]}`).join(', ')}</span>}
      </summary>
      <form className="card stack" onSubmit={submit} key={JSON.stringify(set.map(({ name }) => params[name]))}>
        {table.filters.map(({ name, title, number }) => (
          <label key={name} htmlFor={`${id}-${name}`} className="stack">
            <span className="small muted">{title}</span>
            <input
              id={`${id}-${name}`}
              name={name}
              defaultValue={params[name] ?? ''}
              inputMode={number ? 'numeric' : undefined}
              pattern={number ? '\\d+' : undefined}
            />
          </label>
        ))}
        <div className="row">
          <button type="submit" className="primary">
            Apply
          </button>
          <button type="button" onClick={() => setParams(Object.fromEntries(table.filters.map(({ name }) => [name, null])))}>
            Clear
          </button>
        </div>
      </form>
    </details>
  );
}
