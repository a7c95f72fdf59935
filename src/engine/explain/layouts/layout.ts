/** Rules that a well-known program writes, told by where they stand. */
export interface Layout {
  readonly program: string;
  /** Table; any when absent. */
  readonly table?: RegExp;
  /** The chain that decided, or one on the way to it. Its groups may be used in `phrase` as $1. */
  readonly chain: RegExp;
  /** The rule's text; `policy` for a base chain's policy; any rule when absent. */
  readonly rule?: RegExp | 'policy';
  /** For a policy: the base chain jumps there. */
  readonly jumps?: RegExp;
  /** What a person calls it. */
  readonly phrase: string;
}
