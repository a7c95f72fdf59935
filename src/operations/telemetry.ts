import type { Context } from './context.ts';

/** `work`, as a span where traces are taken. */
export function during<T>({ telemetry }: Context, span: string, attributes: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  return telemetry ? telemetry.during(span, attributes, work) : work();
}
