/** Things that others name by what Docker calls them. */
import { Estate } from '../operations/estate.ts';
import type { ContainerEntity } from '../operations/views/containers.ts';
import type { NetworkEntity } from '../operations/views/networks.ts';

const key = (host: string, name: string) => `${host}/${name}`;
const byDockerId = ({ host, dockerId }: ContainerEntity) => key(host, dockerId);
const byName = ({ host, name }: ContainerEntity) => key(host, name);
const networkByDockerId = ({ host, dockerId }: NetworkEntity) => key(host, dockerId);

interface OnHost {
  readonly host: string;
}

export const containerOf = (thing: OnHost, dockerId: string) => Estate.of(thing).find('containers', byDockerId, key(thing.host, dockerId));
export const networkOf = (thing: OnHost, dockerId: string) => Estate.of(thing).find('networks', networkByDockerId, key(thing.host, dockerId));
export const containerNamed = (thing: OnHost, name: string | null) =>
  name === null ? null : Estate.of(thing).find('containers', byName, key(thing.host, name));
