import type { ReactNode } from 'react';
import { printable } from '../../util/printable.ts';
import { isAccess, type Problem } from '../client/problem.ts';
import type { Asked } from '../use/query.ts';
import { SignIn } from './SignIn.tsx';
import './state.css';

export function Loading({ what }: { readonly what: string }) {
  return (
    <p className="state" role="status">
      <span className="spinner" aria-hidden="true" /> {what}
    </p>
  );
}

export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="state">
      <h2>{title}</h2>
      <div className="muted">{children}</div>
    </div>
  );
}

/** Problems that may be gone the next time; others need another question. */
const PASSING: ReadonlySet<string> = new Set(['UNREACHABLE', 'INTERNAL', 'COLLECTION_FAILED', 'STORE_FAILED', 'TIMEOUT', 'RATE_LIMITED']);

/** `children`: what to do about it, besides trying again. */
export function Failed({ problem, again, children }: { readonly problem: Problem; readonly again?: () => void; readonly children?: ReactNode }) {
  if (isAccess(problem)) return <SignIn problem={problem} />;
  return (
    <div className="state failed" role="alert">
      <p className="small mono">{problem.code}</p>
      <h2>{printable(problem.message)}</h2>
      {problem.hint && <p className="muted">{problem.hint}</p>}
      {children}
      {again && PASSING.has(problem.code) && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

interface Props<Result> {
  readonly asked: Asked<Result>;
  /** What is being waited for, as "Reading the hosts…". */
  readonly loading: string;
  readonly children: (data: Result) => ReactNode;
}

/** What was asked, in whichever state it is; an earlier answer stays visible while it is asked again. */
export function State<Result>({ asked, loading, children }: Props<Result>) {
  if (asked.state === 'failed') return <Failed problem={asked.problem} again={asked.again} />;
  if (asked.data === undefined) return <Loading what={loading} />;
  return children(asked.data);
}
