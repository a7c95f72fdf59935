/** Whose rules are these? From table and chain, and the jumps that led there, to what a person calls them. */
import type { Chain, Rule } from '../../../model/firewall.ts';
import { clusters } from './clusters.ts';
import { docker } from './docker.ts';
import { hosts } from './hosts.ts';
import type { Layout } from './layout.ts';

const LAYOUTS: readonly Layout[] = [...docker, ...hosts, ...clusters];

export interface Named {
  readonly program: string;
  /** Such as "Docker's isolation between networks". */
  readonly phrase: string;
}

/** A rule's text without its counters. */
const plain = (rule: Rule): string => rule.text.replace(/^\[\d+:\d+\] /, '');

function jumpsTo(chain: Chain, wanted: RegExp): boolean {
  return chain.rules.some((rule) => {
    const to = /(?:^| )(?:-[jg]|jump|goto) (\S+)/.exec(rule.text)?.[1];
    return to !== undefined && wanted.test(to);
  });
}

function fits(layout: Layout, chain: Chain, name: string, rule: Rule | null): RegExpExecArray | null {
  if (layout.table && !layout.table.test(chain.table.name)) return null;
  if (layout.rule === 'policy' ? rule !== null : layout.rule && !(rule && (layout.rule.test(plain(rule)) || layout.rule.test(rule.comment ?? '')))) return null;
  if (layout.jumps && !jumpsTo(chain, layout.jumps)) return null;
  return layout.chain.exec(name);
}

/** Of the chain that decided, else of the nearest on the way to it; null: nobody's that is known. `rule` is null for a policy. */
export function layoutOf(chain: Chain, rule: Rule | null, path: readonly string[] = []): Named | null {
  for (const name of new Set([chain.name, ...[...path].reverse()])) {
    for (const layout of LAYOUTS) {
      // What led here is told by its chain alone: the rule and the jumps are those of the chain that decided.
      if (name !== chain.name && (layout.rule || layout.jumps)) continue;
      const found = fits(layout, chain, name, rule);
      if (found) return { program: layout.program, phrase: layout.phrase.replace('$1', found[1] ?? '') };
    }
  }
  return null;
}
