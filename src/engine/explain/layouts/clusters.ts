/** Podman, kube-proxy, flannel, Calico, Cilium. */
import type { Layout } from './layout.ts';

const podman: readonly Layout[] = [
  { program: 'Podman', chain: /^NETAVARK-ISOLATION-[123]$/, phrase: "Podman's isolation between networks" },
  { program: 'Podman', chain: /^NETAVARK_FORWARD$/, rule: /INVALID/, phrase: "Podman's drop of invalid packets" },
  { program: 'Podman', table: /^netavark$/, chain: /./, rule: /ct state (?:\{ ?)?invalid/, phrase: "Podman's drop of invalid packets" },
  { program: 'Podman', chain: /^NETAVARK/, phrase: "Podman's network rules" },
  { program: 'Podman', table: /^netavark$/, chain: /./, phrase: "Podman's network rules" },
  { program: 'CNI', chain: /^CNI-ADMIN$/, phrase: "the administrator's own rules (CNI-ADMIN)" },
  { program: 'CNI', chain: /^CNI-/, phrase: "the CNI plugins' rules" },
];

const kubeProxy: readonly Layout[] = [
  { program: 'kube-proxy', chain: /^KUBE-/, rule: /has no endpoints/, phrase: "kube-proxy's refusal for a service without endpoints" },
  { program: 'kube-proxy', chain: /^KUBE-/, rule: /has no local endpoints/, phrase: "kube-proxy's drop for a service without local endpoints" },
  { program: 'kube-proxy', chain: /^KUBE-FIREWALL$/, phrase: "kubelet's guard of loopback addresses" },
  { program: 'kube-proxy', chain: /^KUBE-FORWARD$/, rule: /INVALID/, phrase: "kube-proxy's drop of invalid packets" },
  { program: 'kube-proxy', chain: /^KUBE-(?:PROXY-FIREWALL|FW-.+)$/, phrase: "kube-proxy's source ranges of a load balancer" },
  { program: 'kube-router', chain: /^KUBE-(?:POD-FW|NWPLCY)-/, phrase: "kube-router's network policy" },
  { program: 'kube-proxy', chain: /^KUBE-/, phrase: "kube-proxy's rules" },
  {
    program: 'kube-proxy',
    table: /^kube-proxy$/,
    chain: /^(?:reject-chain|service-endpoints-check|nodeport-endpoints-check)$/,
    phrase: "kube-proxy's refusal for a service without endpoints",
  },
  { program: 'kube-proxy', table: /^kube-proxy$/, chain: /firewall/, phrase: "kube-proxy's source ranges of a load balancer" },
  { program: 'kube-proxy', table: /^kube-proxy$/, chain: /./, phrase: "kube-proxy's rules" },
];

const networks: readonly Layout[] = [
  { program: 'flannel', chain: /^FLANNEL-/, phrase: "flannel's rules" },
  { program: 'flannel', table: /^flannel-ipv[46]$/, chain: /./, phrase: "flannel's rules" },
  { program: 'Calico', chain: /^cali-p[io]-(.+)$/, phrase: "Calico's network policy $1" },
  { program: 'Calico', chain: /^cali-pr[io]-(.+)$/, phrase: "Calico's profile $1" },
  { program: 'Calico', chain: /^cali-[tf][wh]-(.+)$/, phrase: "Calico's policy for $1" },
  { program: 'Calico', chain: /rpf/, table: /^raw$/, rule: /cali:/, phrase: "Calico's check of source addresses" },
  { program: 'Calico', chain: /^cali-/, phrase: "Calico's rules" },
  { program: 'Cilium', chain: /^(?:OLD_)?CILIUM_/, phrase: "Cilium's rules" },
];

export const clusters: readonly Layout[] = [...podman, ...kubeProxy, ...networks];
