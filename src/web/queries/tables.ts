/** One document a table, alike in shape: what is listed is `rows`. */
import type {
  ContainerRows,
  ContainerRowsVariables,
  EndpointRows,
  EndpointRowsVariables,
  FilterRuleRows,
  FilterRuleRowsVariables,
  FindingRows,
  FindingRowsVariables,
  HostRows,
  HostRowsVariables,
  ListenerRows,
  ListenerRowsVariables,
  NatRuleRows,
  NatRuleRowsVariables,
  NetworkRows,
  NetworkRowsVariables,
  RouteRows,
  RouteRowsVariables,
  UnreadHosts,
  UnreadHostsVariables,
} from '../../generated/page.ts';
import { operation } from './document.ts';

const PAGE = 'totalCount pageInfo { hasNextPage endCursor } gaps { host netns source reason }';
const arguments_ = (filter: string) => `($first: Int!, $after: String, $at: String, $filter: ${filter})`;
const GIVEN = '(first: $first, after: $after, at: $at, filter: $filter)';

export const hostRows = operation<HostRows, HostRowsVariables>(`query HostRows${arguments_('HostFilter')} {
  rows: hosts${GIVEN} { ${PAGE} nodes {
    id name hostname kernel addresses engine { version firewallBackend } containerCount networkCount namespaceCount gapCount collectedAt
  } }
}`);

export const networkRows = operation<NetworkRows, NetworkRowsVariables>(`query NetworkRows${arguments_('NetworkFilter')} {
  rows: networks${GIVEN} { ${PAGE} nodes { id host name driver scope internal ipv6 subnets { subnet gateway } bridge } }
}`);

export const endpointRows = operation<EndpointRows, EndpointRowsVariables>(`query EndpointRows${arguments_('EndpointFilter')} {
  rows: endpoints${GIVEN} { ${PAGE} nodes { id host networkName containerName ipv4 ipv6 mac gateway aliases } }
}`);

export const containerRows = operation<ContainerRows, ContainerRowsVariables>(`query ContainerRows${arguments_('ContainerFilter')} {
  rows: containers${GIVEN} { ${PAGE} nodes {
    id host name image state health restartCount networkMode networkNames addresses project service startedAt
    ports { protocol containerPort hostIp hostPort }
  } }
}`);

export const natRuleRows = operation<NatRuleRows, NatRuleRowsVariables>(`query NatRuleRows${arguments_('NatRuleFilter')} {
  rows: natRules${GIVEN} { ${PAGE} nodes {
    id host namespace backend family table chain position action protocol source hostIp port targetAddress targetPort targetContainerName packets bytes text
  } }
}`);

export const filterRuleRows = operation<FilterRuleRows, FilterRuleRowsVariables>(`query FilterRuleRows${arguments_('FilterRuleFilter')} {
  rows: filterRules${GIVEN} { ${PAGE} nodes { id host namespace backend family table chain position action packets bytes text } }
}`);

export const routeRows = operation<RouteRows, RouteRowsVariables>(`query RouteRows${arguments_('RouteFilter')} {
  rows: routes${GIVEN} { ${PAGE} nodes {
    id host namespace family table type destination metric protocol preferredSource nexthops { gateway device }
  } }
}`);

export const listenerRows = operation<ListenerRows, ListenerRowsVariables>(`query ListenerRows${arguments_('ListenerFilter')} {
  rows: listeners${GIVEN} { ${PAGE} nodes { id host namespace protocol family address port device process pid containerName } }
}`);

export const findingRows = operation<FindingRows, FindingRowsVariables>(`query FindingRows${arguments_('FindingFilter')} {
  rows: findings${GIVEN} { ${PAGE} nodes { id host severity title container text why remedy subject { kind name } } }
}`);

export const unreadHosts = operation<UnreadHosts, UnreadHostsVariables>(`query UnreadHosts($at: String) {
  hosts(first: 1000, at: $at) { nodes { name lastKnown { snapshot { id takenAt } reason } } }
}`);
