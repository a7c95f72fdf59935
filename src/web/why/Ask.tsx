import { type FormEvent, useRef, useState } from 'react';
import type { Names } from '../../generated/page.ts';
import { Combobox } from '../common/Combobox.tsx';
import { setParams } from '../use/route.ts';
import { complete } from './names.ts';

interface Props {
  readonly from: string;
  readonly to: string;
  readonly names: Names | undefined;
}

/** The question; the address takes it over when it is asked. */
export function Ask({ from, to, names }: Props) {
  const [source, setSource] = useState(from);
  const [target, setTarget] = useState(to);
  const [shown, setShown] = useState({ from, to });
  const targetField = useRef<HTMLInputElement>(null);
  // Another address was opened.
  if (shown.from !== from || shown.to !== to) {
    setShown({ from, to });
    setSource(from);
    setTarget(to);
  }
  const ask = (next: { readonly from: string; readonly to: string }) => {
    setSource(next.from);
    setTarget(next.to);
    setParams({ from: next.from.trim(), to: next.to.trim() });
    if (next.from.trim() !== '' && next.to.trim() === '') targetField.current?.focus();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask({ from: source, to: target });
  };
  return (
    <form className="ask" onSubmit={submit}>
      <Combobox
        search
        label="From"
        placeholder="web, host:h1, internet"
        value={source}
        options={complete(names, source, false)}
        onType={setSource}
        onPick={(picked) => ask({ from: picked, to: target })}
      />
      <span className="ask-arrow" aria-hidden="true">
        →
      </span>
      <Combobox
        inputRef={targetField}
        label="To"
        placeholder="db:5432, dns:53/udp"
        value={target}
        options={complete(names, target, true)}
        onType={setTarget}
        onPick={(picked) => ask({ from: source, to: picked })}
      />
      <div className="row">
        <button type="submit" className="primary">
          Why?
        </button>
        <button type="button" onClick={() => ask({ from: target.replace(/:\d+(\/\w+)?$/, ''), to: source })}>
          Swap
        </button>
      </div>
    </form>
  );
}
