/** What the service tells of its own work; its metrics, traces and log are made of it. Times are in seconds. */
import type { Verdict } from './answer.ts';

export type Observation =
  | { readonly kind: 'collected'; readonly host: string; readonly seconds: number }
  /** All that one source took on a host in one collection; several sources with commas between where one process answers for them. */
  | { readonly kind: 'read'; readonly host: string; readonly source: string; readonly seconds: number }
  /** `bytes`: of facts that were added to the database. */
  | { readonly kind: 'snapshot'; readonly seconds: number; readonly bytes: number }
  | { readonly kind: 'answered'; readonly verdict: Verdict }
  /** A real packet met what the answer says, or not; null: it proves nothing. */
  | { readonly kind: 'probed'; readonly agrees: boolean | null }
  /** `field`: a root field of GraphQL, as the schema names it. */
  | { readonly kind: 'operation'; readonly type: 'Query' | 'Mutation' | 'Subscription'; readonly field: string; readonly ok: boolean; readonly seconds: number }
  /** `route`: its pattern, not its address. */
  | {
      readonly kind: 'request';
      readonly door: string;
      readonly method: string;
      readonly route: string;
      readonly status: number;
      readonly seconds: number;
    };

/** The span of a request. */
export interface RequestSpan {
  /** What is done in `next` belongs to it. */
  within(next: () => void): void;
  end(name: string, attributes: Readonly<Record<string, string>>, status: number): void;
}

export interface Telemetry {
  saw(seen: Observation): void;
  /** `work`, as a span of the trace that it belongs to. */
  during<T>(span: string, attributes: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T>;
  /** A span that goes on where the caller's `traceparent` (W3C Trace Context) says; null where no traces are taken. */
  request(headers: Readonly<Record<string, unknown>>): RequestSpan | null;
}

/** The request that an operation is done for. */
export interface Asking {
  readonly id: string;
  /** What it asks for, as its door names it; said while it is answered. */
  readonly operations: string[];
}
