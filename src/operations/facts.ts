import type { EstateFacts } from '../model/facts.ts';
import type { Context } from './context.ts';

/** The facts themselves: of a snapshot, or collected now. */
export async function facts(context: Context, input: { readonly at?: string | null }): Promise<EstateFacts> {
  const estate = input.at == null ? await context.estates.fresh() : await context.estates.at(input.at);
  return estate.facts;
}
