/** Who asks, and what they may. */

export const SCOPES = ['read', 'snapshot', 'probe', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Principal {
  /** For logs: tells two apart, and is never a secret. */
  readonly name: string;
  /** As granted: `admin` holds all, every other one holds `read` too. */
  readonly scopes: readonly Scope[];
}

/** Who runs the program on this machine, or asks over loopback. */
export const LOCAL: Principal = { name: 'local', scopes: SCOPES };
/** Who has not said who they are. */
export const NOBODY: Principal = { name: 'nobody', scopes: [] };

export const holds = ({ scopes }: Principal, scope: Scope): boolean =>
  scopes.includes(scope) || scopes.includes('admin') || (scope === 'read' && scopes.length > 0);
