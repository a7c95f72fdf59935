/** What a rule gives back. */
import type { Evidence } from '../model/evidence.ts';
import type { Severity, Subject } from '../model/finding.ts';
import type { Chain, Rule, Table } from '../model/firewall.ts';
import type { Netns } from '../model/network.ts';

export interface PlacedRule {
  readonly netns: Netns;
  readonly table: Table;
  readonly chain: Chain;
  readonly rule: Rule;
}

export interface Found {
  readonly subject: Omit<Subject, 'id'> & ({ readonly id: string } | { readonly rule: PlacedRule });
  /** Tells findings of one rule about one subject apart. */
  readonly detail?: string;
  /** The container and network that it concerns: ids. A cause that has one of them as its subject explains this. */
  readonly about?: readonly string[];
  readonly container?: string;
  readonly text: string;
  readonly evidence: readonly Evidence[];
  readonly remedy: string | null;
  /** Where it is not the rule's. */
  readonly severity?: Severity;
}
