/** References to places: FROM and TO of a question. */
export { type ParsedTarget, parseTarget } from './parse-target.ts';
export { resolveSource } from './source.ts';
export { resolveTarget } from './target.ts';
export type { Source, Target, TargetVia } from './types.ts';
