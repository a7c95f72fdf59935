/** A night of changes: what is done to a host, one after the other, and what a diff must say of it. */
import type { Step } from './scenario.ts';
import { web } from './world.ts';

export interface Deed {
  readonly name: string;
  readonly steps: readonly Step[];
  /** A change whose text says this; null: nothing that is compared need change. */
  readonly says: RegExp | null;
  /** Flows whose packets leave for a gateway of which there are no facts: no fact can tell. */
  readonly open?: RegExp;
}

const deed = (name: string, says: RegExp | null, ...steps: readonly Step[]): Deed => ({ name, steps, says });
const host = (command: string): Step => ({ host: command });
const docker = (command: string): Step => ({ docker: command });

/** Each is taken back by the next, or leaves the flows as they were. */
export const DEEDS: readonly Deed[] = [
  deed('DOCKER-USER drops the laptop', /DOCKER-USER .*-s 10\.77\.0\.100\/32 -j DROP .*added/, host('iptables -I DOCKER-USER -s 10.77.0.100 -j DROP')),
  deed('and no longer', /DOCKER-USER .*-s 10\.77\.0\.100\/32 -j DROP .*removed/, host('iptables -D DOCKER-USER -s 10.77.0.100 -j DROP')),
  deed('DOCKER-USER rejects the web', /DOCKER-USER .*--dport 80 .*-j REJECT.* added/, host('iptables -I DOCKER-USER -p tcp --dport 80 -j REJECT')),
  deed('and no longer rejects', /DOCKER-USER .*--dport 80 .*-j REJECT.* removed/, host('iptables -D DOCKER-USER -p tcp --dport 80 -j REJECT')),
  deed('the host may not ask db', /OUTPUT .*-j DROP .*added/, host('iptables -I OUTPUT -d {address:db} -j DROP')),
  deed('and may', /OUTPUT .*-j DROP .*removed/, host('iptables -D OUTPUT -d {address:db} -j DROP')),
  deed(
    'a guard of nftables drops what www sends',
    /inet\/guard\/forward ip saddr [\d.]+ drop on \S+ added/,
    host('nft add table inet guard'),
    host('nft add chain inet guard forward "{ type filter hook forward priority -10 ; }"'),
    host('nft add rule inet guard forward ip saddr {address:www:back} drop'),
  ),
  deed('the guard goes', /inet\/guard\/forward ip saddr [\d.]+ drop on \S+ removed/, host('nft delete table inet guard')),
  deed('forwarding is off', /ip_forward on \S+: value "1" → "0"/, host('sysctl -qw net.ipv4.ip_forward=0')),
  deed('forwarding is on', /ip_forward on \S+: value "0" → "1"/, host('sysctl -qw net.ipv4.ip_forward=1')),
  deed('db stops', /container db-\S+ on \S+: .*state "running" → "exited"/, docker('stop -t 0 @db')),
  deed('db starts', /container db-\S+ on \S+: .*state "exited" → "running"/, docker('start @db')),
  deed('api restarts', null, docker('restart -t 0 @api')),
  deed('www leaves the network of db', /endpoint back\/www-\S+ on \S+ removed/, docker('network disconnect back @www')),
  deed('www comes back to it', /endpoint back\/www-\S+ on \S+ added/, docker('network connect back @www')),
  deed('db is paused', /container db-\S+ on \S+: state "running" → "paused"/, docker('pause @db')),
  deed('db goes on', /container db-\S+ on \S+: state "paused" → "running"/, docker('unpause @db')),
  deed('other is made anew', /container other-\S+ on \S+: .*id /, docker('rm -f @other'), web('other', '')),
  deed('a network is made', /network extra on \S+ added/, docker('network create extra')),
  deed('and removed', /network extra on \S+ removed/, docker('network rm extra')),
  deed('a container comes', /container newcomer-\S+ on \S+ added/, web('newcomer', '--network front')),
  deed('and goes', /container newcomer-\S+ on \S+ removed/, docker('rm -f @newcomer')),
  {
    ...deed('the default bridge goes down', /link host\/docker0 on \S+: .*up true → false/, host('ip link set docker0 down')),
    open: /:8090$|^host:.* > plain-/,
  },
  deed('and up', /link host\/docker0 on \S+: .*up false → true/, host('ip link set docker0 up')),
  deed('the laptop is sent into a black hole', /route host\/.*10\.77\.0\.100\/32.* added/, host('ip route add blackhole 10.77.0.100/32')),
  deed('and heard again', /route host\/.*10\.77\.0\.100\/32.* removed/, host('ip route del blackhole 10.77.0.100/32')),
  deed('api loses its default route', /route container:api-\S+\/main\/0\.0\.0\.0\/0.* removed/, { container: 'api', run: 'ip route del default' }),
  deed('and gets it back', /route container:api-\S+\/main\/0\.0\.0\.0\/0.* added/, { container: 'api', run: 'ip route add default via {gateway:front}' }),
  deed('db is pulled off its bridge', /link host\/veth to container:db-\S+\/eth0 on \S+: .*master/, host('ip link set {veth:db} nomaster')),
  deed('and plugged in again', /link host\/veth to container:db-\S+\/eth0 on \S+: .*master/, host('ip link set {veth:db} master {bridge:back}')),
  deed('a program listens', /listener .*9100.* added/, { serve: 'tcp:9100' }),
  deed('the reverse path is filtered', /rp_filter on \S+: value "\d" → "1"/, host('sysctl -qw net.ipv4.conf.all.rp_filter=1')),
];
