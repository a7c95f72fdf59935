/** Everything that can be listed. */
import { containers } from './containers.ts';
import { endpoints } from './endpoints.ts';
import { filterRules } from './filter-rules.ts';
import { findings } from './findings.ts';
import { hosts } from './hosts.ts';
import { listeners } from './listeners.ts';
import { natRules } from './nat-rules.ts';
import { networks } from './networks.ts';
import { routes } from './routes.ts';
import type { View } from './view.ts';

export const views = { hosts, networks, endpoints, containers, natRules, filterRules, routes, listeners, findings } as const;
export type Views = typeof views;
export type ViewName = keyof Views;
export const VIEW_NAMES = Object.keys(views) as ViewName[];

export type EntityOf<V extends ViewName> = Views[V] extends View<infer E, infer _> ? E : never;
export type AnyEntity = { [V in ViewName]: EntityOf<V> }[ViewName];
