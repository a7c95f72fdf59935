/** What a match or target of iptables is: a value in the registry. */
import type { Statement } from '../model/firewall.ts';
import type { Packet } from '../model/packet.ts';
import type { EvalContext } from './context.ts';

/** An option as it stands in a rule: `! --dport 80`. */
export interface Option {
  readonly name: string;
  readonly negate: boolean;
  readonly words: readonly string[];
}

export interface ParseEnv {
  readonly family: 4 | 6;
  /** The extension's own words, verbatim. */
  readonly text: string;
}

export interface Example {
  /** Words of one rule of a filter chain, without `-A CHAIN`. */
  readonly rule: string;
  readonly family?: 4 | 6;
  readonly packet?: Partial<Packet>;
  readonly context?: Partial<Omit<EvalContext, 'packet'>>;
  readonly matches: 'yes' | 'no' | 'unknown';
  /** What the rule then does, as `MatchedRule.effect` says it. */
  readonly effect?: string;
}

export interface Extension {
  readonly kind: 'match' | 'target';
  readonly name: string;
  readonly manual: string;
  /** Number of words after each option. `any`: whatever stands there, none of it looked at. */
  readonly options: Readonly<Record<string, number>> | 'any';
  /** Null: an option's value was not understood. */
  parse(options: readonly Option[], env: ParseEnv): readonly Statement[] | null;
  readonly examples: readonly Example[];
}

/** Section of iptables-extensions(8), https://man7.org/linux/man-pages/man8/iptables-extensions.8.html */
export const MANUAL = 'https://man7.org/linux/man-pages/man8/iptables-extensions.8.html';

/** Statements of every option one after the other; null as soon as one is not understood. */
export function each(options: readonly Option[], read: (option: Option) => Statement | readonly Statement[] | null): readonly Statement[] | null {
  const statements: Statement[] = [];
  for (const option of options) {
    const part = read(option);
    if (part === null) return null;
    if (Array.isArray(part)) statements.push(...part);
    else statements.push(part as Statement);
  }
  return statements;
}

export function given(options: readonly Option[], name: string): Option | undefined {
  return options.find((option) => option.name === name);
}
