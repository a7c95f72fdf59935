import type { ChangeKind } from '../../generated/page.ts';

export const CHANGE_KINDS = [
  'HOST',
  'NETWORK',
  'ENDPOINT',
  'CONTAINER',
  'NAMESPACE',
  'LINK',
  'NAT_RULE',
  'FILTER_RULE',
  'ROUTE',
  'LISTENER',
  'SYSCTL',
] as const satisfies readonly ChangeKind[];
