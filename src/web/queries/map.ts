import type {
  ContainerDetails,
  ContainerDetailsVariables,
  Estate,
  EstateVariables,
  HostDetails,
  HostDetailsVariables,
  NetworkDetails,
  NetworkDetailsVariables,
} from '../../generated/page.ts';
import { operation } from './document.ts';

const hostPart = `fragment HostPart on Host {
  id name hostname kernel addresses gapCount collectedAt engine { version } lastKnown { reason ageSeconds snapshot { id takenAt } }
}`;
const networkPart = `fragment NetworkPart on Network { id host name driver internal bridge subnets { subnet gateway } }`;
const containerPart = `fragment ContainerPart on Container {
  id host name image state health restartCount exitCode project service networkMode networkNames addresses sharesNetworkOf
  ports { hostIp hostPort askedHostIp askedHostPort containerPort protocol }
}`;
export const findingPart = `fragment FindingPart on Finding { id host code severity title text why remedy causedBy container subject { kind name id } }`;

/** What the map is drawn from. */
export const estate = operation<Estate, EstateVariables>(`query Estate($at: String) {
  hosts(first: 1000, at: $at) { nodes { ...HostPart } gaps { host netns source reason } }
  networks(first: 1000, at: $at) { totalCount nodes { ...NetworkPart } }
  containers(first: 1000, at: $at) { totalCount nodes { ...ContainerPart } }
  findings(first: 1000, at: $at) { totalCount nodes { ...FindingPart } }
} ${hostPart} ${networkPart} ${containerPart} ${findingPart}`);

const listenerPart = `fragment ListenerPart on Listener { id protocol family address port process }`;

export const containerDetails = operation<ContainerDetails, ContainerDetailsVariables>(`query ContainerDetails($host: String!, $name: String!, $at: String) {
  endpoints(filter: { host: $host, container: $name }, at: $at) { nodes { id networkName ipv4 ipv6 mac gateway aliases } }
  listeners(filter: { host: $host, container: $name }, at: $at) { totalCount nodes { ...ListenerPart } gaps { reason } }
} ${listenerPart}`);

export const hostDetails = operation<HostDetails, HostDetailsVariables>(`query HostDetails($host: String!, $at: String) {
  listeners(filter: { host: $host, namespace: "host" }, at: $at) { totalCount nodes { ...ListenerPart } gaps { reason } }
} ${listenerPart}`);

export const networkDetails = operation<NetworkDetails, NetworkDetailsVariables>(`query NetworkDetails($host: String!, $network: String!, $at: String) {
  endpoints(first: 1000, filter: { host: $host, network: $network }, at: $at) { totalCount nodes { id containerName ipv4 ipv6 mac } }
}`);
