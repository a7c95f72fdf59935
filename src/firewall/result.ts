/** Values of expressions, known or not. */

/** Something the packet does not tell. `from` and `to` bound it where that is known. */
export interface Indefinite {
  readonly why: 'chance' | 'missing';
  readonly text: string;
  readonly from?: bigint;
  readonly to?: bigint;
  /** Any value of these bounds as likely as another, like a checksum: it is taken not to be one of a few. */
  readonly spread?: true;
}

/** Null: the packet has no such field, and the rule does not match. */
export type Result = bigint | string | Indefinite | null;

export type Truth = 'yes' | 'no' | Indefinite;

const SMALL = Array.from({ length: 65536 }, (_, i) => BigInt(i));

/** BigInt of a number without an allocation for the ports and lengths that packets are made of. */
export function big(n: number): bigint {
  return SMALL[n] ?? BigInt(n);
}

export function missing(text: string): Indefinite {
  return { why: 'missing', text };
}
