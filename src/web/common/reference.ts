interface Named {
  readonly host: string;
  readonly name: string;
}

/** How a question calls a container: by its name, with its host where two hosts have one of that name. */
export const referenceOf = ({ host, name }: Named, all: readonly Named[]): string =>
  all.some((other) => other.name === name && other.host !== host) ? `${host}/${name}` : name;
