/** Every rule, causes before what can follow from them. */
import type { FindingRule } from '../rule.ts';
import { acceptQueueFull } from './accept-queue-full.ts';
import { bridgePortMissing } from './bridge-port-missing.ts';
import { conntrackFull } from './conntrack-full.ts';
import { containerRestarting } from './container-restarting.ts';
import { containerUnhealthy } from './container-unhealthy.ts';
import { duplicateAddress } from './duplicate-address.ts';
import { engineRulesMissing } from './engine-rules-missing.ts';
import { exposedDespiteFirewall } from './exposed-despite-firewall.ts';
import { forwardPolicyDrop } from './forward-policy-drop.ts';
import { gatewayAddressMissing } from './gateway-address-missing.ts';
import { hostUnreadable } from './host-unreadable.ts';
import { iccNotEnforced } from './icc-not-enforced.ts';
import { ipForwardOff } from './ip-forward-off.ts';
import { legacyAndNft } from './legacy-and-nft.ts';
import { linkDown } from './link-down.ts';
import { listensOnLoopbackOnly } from './listens-on-loopback-only.ts';
import { mtuMismatch } from './mtu-mismatch.ts';
import { noDefaultRoute } from './no-default-route.ts';
import { portWithoutListener } from './port-without-listener.ts';
import { publishedOnInternalNetwork } from './published-on-internal-network.ts';
import { sharedNamespaceOwnerStopped } from './shared-namespace-owner-stopped.ts';
import { staleDnat } from './stale-dnat.ts';
import { staleProxy } from './stale-proxy.ts';
import { subnetOverlap } from './subnet-overlap.ts';
import { unreachableNameserver } from './unreachable-nameserver.ts';

export const RULES: readonly FindingRule[] = [
  hostUnreadable,
  conntrackFull,
  linkDown,
  bridgePortMissing,
  gatewayAddressMissing,
  ipForwardOff,
  engineRulesMissing,
  forwardPolicyDrop,
  noDefaultRoute,
  duplicateAddress,
  subnetOverlap,
  sharedNamespaceOwnerStopped,
  containerRestarting,
  containerUnhealthy,
  exposedDespiteFirewall,
  iccNotEnforced,
  unreachableNameserver,
  acceptQueueFull,
  listensOnLoopbackOnly,
  portWithoutListener,
  publishedOnInternalNetwork,
  staleDnat,
  staleProxy,
  legacyAndNft,
  mtuMismatch,
];
