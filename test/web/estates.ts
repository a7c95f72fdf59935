/** Estates that change as a day at work does. */
import type { EstateFacts } from '../../src/model/facts.ts';
import { smallEstate } from '../doors/small-estate.ts';

/** Everything that is `from` in the facts of the small estate becomes `to`. */
export const smallEstateWith = (from: string, to: string): EstateFacts =>
  smallEstate().map((host) => ({ ...host, facts: host.facts.map((fact) => ({ ...fact, data: fact.data.replaceAll(from, to) })) }));

/** Web cannot reach db:5432 any more. */
export const dbOnLoopback = (): EstateFacts => smallEstateWith('0.0.0.0:5432', '127.0.0.1:5432');

export const dbReaddressed = (): EstateFacts => smallEstateWith('"172.18.0.3"', '"172.18.0.33"');

/** Rules in DOCKER-USER besides those that are there. */
export const manyRules = (count: number): EstateFacts =>
  smallEstateWith(
    '-A DOCKER-USER -s 10.0.0.66/32 -j DROP\n',
    Array.from({ length: count }, (_, i) => `-A DOCKER-USER -s 10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}/32 -j DROP\n`).join(''),
  );
