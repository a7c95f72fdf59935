/** Every rule, causes before what can follow from them. */
import type { FindingRule } from '../rule.ts';
import { containerRestarting } from './container-restarting.ts';
import { containerUnhealthy } from './container-unhealthy.ts';
import { ipForwardOff } from './ip-forward-off.ts';
import { listensOnLoopbackOnly } from './listens-on-loopback-only.ts';
import { portWithoutListener } from './port-without-listener.ts';
import { staleDnat } from './stale-dnat.ts';

export const RULES: readonly FindingRule[] = [ipForwardOff, containerRestarting, containerUnhealthy, staleDnat, listensOnLoopbackOnly, portWithoutListener];
