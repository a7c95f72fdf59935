/** What the service said instead of an answer, or that it said nothing. */
export interface Problem {
  /** One of the service's codes, or UNREACHABLE when it did not answer. */
  readonly code: string;
  readonly message: string;
  /** What to do next; empty when there is nothing to say. */
  readonly hint: string;
  /** Nearest names for one that is not known. */
  readonly candidates: readonly string[];
}

export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

export const asProblem = (error: unknown): Problem =>
  error instanceof ProblemError ? error.problem : { code: 'INTERNAL', message: String(error), hint: 'Reload the page.', candidates: [] };

export const unreachable: Problem = {
  code: 'UNREACHABLE',
  message: 'The service does not answer.',
  hint: 'Is `netwhy serve` still running? The page tries again by itself.',
  candidates: [],
};

interface WireError {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly hint?: string; readonly candidates?: readonly string[] };
}

export const fromWire = ({ message, extensions }: WireError): Problem => ({
  code: extensions?.code ?? 'INTERNAL',
  message,
  hint: extensions?.hint ?? '',
  candidates: extensions?.candidates ?? [],
});

/** Problems that another token may solve. */
export const isAccess = (problem: Problem): boolean => problem.code === 'UNAUTHENTICATED' || problem.code === 'FORBIDDEN';
