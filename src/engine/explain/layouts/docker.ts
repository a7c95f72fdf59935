/** Docker 20.10 to 29 with iptables, and 29 with nftables (moby libnetwork drivers/bridge; docs.docker.com/engine/network/packet-filtering-firewalls). */
import type { Layout } from './layout.ts';

const program = 'Docker';
const nft = /^docker-bridges$/;
const any = /./;
const internal = "Docker's closure of internal networks";
const unpublished = "Docker's drop of unpublished ports";
const direct = "Docker's drop of direct access to containers";
const loopback = "Docker's guard of ports published on loopback";
const icc = "Docker's icc=false (no traffic between containers of the network)";

export const docker: readonly Layout[] = [
  { program, table: nft, chain: any, rule: /DROP DIRECT ACCESS/, phrase: direct },
  { program, table: nft, chain: any, rule: /DROP REMOTE LOOPBACK/, phrase: loopback },
  { program, table: nft, chain: any, rule: /UNPUBLISHED PORT DROP/, phrase: unpublished },
  { program, table: nft, chain: any, rule: /INTERNAL NETWORK (?:IN|E)GRESS/, phrase: internal },
  { program, table: nft, chain: any, rule: /\bdrop\b.*"ICC"/, phrase: icc },
  { program, table: nft, chain: any, phrase: "Docker's bridge rules" },
  { program, table: /^filter$/, chain: /^DOCKER-USER$/, phrase: "the administrator's own rules (DOCKER-USER)" },
  { program, table: /^filter$/, chain: /^DOCKER-INTERNAL$/, phrase: internal },
  { program, table: /^filter$/, chain: /^DOCKER-ISOLATION-STAGE-1$/, rule: /! -[sd] .* -j DROP$/, phrase: internal },
  { program, table: /^filter$/, chain: /^DOCKER-ISOLATION(?:-STAGE-[12])?$/, phrase: "Docker's isolation between networks" },
  { program, table: /^filter$/, chain: /^DOCKER-INGRESS$/, phrase: "Swarm's ingress rules" },
  { program, table: /^filter$/, chain: /^DOCKER$/, rule: /! -i (\S+) -o \1 -j DROP$/, phrase: unpublished },
  {
    program,
    table: /^filter$/,
    chain: /^(?:FORWARD|DOCKER-FORWARD)$/,
    rule: /-i ((?:br-|docker)\S+) -o \1 -j DROP$/,
    phrase: icc,
  },
  { program, table: /^raw$/, chain: /^PREROUTING$/, rule: /-d 127\.\S+ ! -i lo .*-j DROP$/, phrase: loopback },
  { program, table: /^raw$/, chain: /^PREROUTING$/, rule: /-d \S+\/(?:32|128) ! -i (?:br-|docker)\S+ .*-j DROP$/, phrase: direct },
  { program, table: /^nat$/, chain: /^DOCKER_(?:OUTPUT|POSTROUTING)$/, phrase: "Docker's nameserver for containers" },
  { program, table: /^filter$/, chain: /^DOCKER-FORWARD$/, phrase: "Docker's bridge rules" },
  { program, table: /^filter$/, chain: /^FORWARD$/, rule: 'policy', jumps: /^DOCKER-(?:USER|FORWARD)$/, phrase: "Docker's default deny of forwarded packets" },
];
