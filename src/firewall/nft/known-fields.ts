/** Fields that nft can name and the packet model knows. */
import type { Field } from '../../model/firewall.ts';
import { FIELDS } from '../fields.ts';

/** Those of x_tables alone are not nft's to name. */
const XTABLES = /^(conntrack|owner|physdev|policy)\./;

export function isField(name: string): name is Field {
  return Object.hasOwn(FIELDS, name) && !XTABLES.test(name);
}
