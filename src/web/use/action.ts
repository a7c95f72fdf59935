import { useState } from 'react';
import { ask } from '../client/ask.ts';
import { asProblem, type Problem } from '../client/problem.ts';
import type { Document } from '../queries/document.ts';

export interface Action<Result, Variables> {
  /** Undefined when it failed: then `problem` says why. */
  readonly run: (variables: Variables) => Promise<Result | undefined>;
  readonly busy: boolean;
  readonly problem: Problem | null;
}

/** Something that is done when a person asks for it, one at a time. */
export function useAction<Result, Variables>(mutation: Document<Result, Variables>): Action<Result, Variables> {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = async (variables: Variables) => {
    setBusy(true);
    setProblem(null);
    try {
      return await ask(mutation, variables);
    } catch (error) {
      setProblem(asProblem(error));
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return { run, busy, problem };
}
