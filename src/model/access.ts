/** Who asks, and what they may. */

export const SCOPES = ['read', 'snapshot', 'probe', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Principal {
  /** For logs: tells two apart, and is never a secret. */
  readonly name: string;
  /** As granted: `admin` holds all, every other one holds `read` too. */
  readonly scopes: readonly Scope[];
}

/** A token of the API, without its secret. Times are ISO 8601. */
export interface ApiToken {
  readonly id: number;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  /** Null: never. */
  readonly expiresAt: string | null;
  /** To the minute; null: never. */
  readonly lastUsedAt: string | null;
  /** Null: it is not. */
  readonly revokedAt: string | null;
}

/** Something that was done or refused. */
export interface AuditEntry {
  readonly principal: string;
  readonly door: 'graphql' | 'rest' | 'mcp' | 'chat' | 'http';
  readonly operation: string;
  /** What it was done to, as named by who asked; null: nothing in particular. */
  readonly target: string | null;
  /** `done`, or the code of the error. */
  readonly result: string;
}

/** Who runs the program on this machine, or asks over loopback. */
export const LOCAL: Principal = { name: 'local', scopes: SCOPES };
/** Who has not said who they are. */
export const NOBODY: Principal = { name: 'nobody', scopes: [] };

export const holds = ({ scopes }: Principal, scope: Scope): boolean =>
  scopes.includes(scope) || scopes.includes('admin') || (scope === 'read' && scopes.length > 0);
