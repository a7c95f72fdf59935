interface Named {
  readonly host: string;
  readonly name: string;
}

/** How a question calls a container: by its name, with its host where two hosts have one of that name. */
export const referenceOf = ({ host, name }: Named, all: readonly Named[]): string =>
  all.some((other) => other.name === name && other.host !== host) ? `${host}/${name}` : name;

interface Target {
  readonly to: string;
  /** Null: an echo has none. */
  readonly port: number | null;
  /** In whatever case. */
  readonly protocol: string;
}

/** A target as a person types it: `db:5432`, `dns:53/udp`, `web/icmp`. */
export function targetOf({ to, port, protocol }: Target): string {
  const suffix = protocol.toLowerCase() === 'tcp' ? '' : `/${protocol.toLowerCase()}`;
  return `${to.includes(':') && /^[\da-f:.]+$/i.test(to) ? `[${to}]` : to}${port === null ? '' : `:${port}`}${suffix}`;
}
