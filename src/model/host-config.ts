/** One host as the user names it in the configuration. */
export interface HostConfig {
  readonly name: string;
  /** unix:///path, tcp://host:port, ssh://user@host, or `none`. */
  readonly docker: string;
  /** `local`, or a process id whose network, mount and pid namespaces are the host's (Docker-in-Docker, rootless, lab). */
  readonly namespaceOf: 'local' | number;
  /** Folders of named network namespaces. */
  readonly netnsFolders: readonly string[];
}
