/** What one request may take, and how long a connection may be idle or slow. */
export interface Limits {
  /** Seconds that a question may take. */
  readonly seconds: number;
  /** Values that a GraphQL query may ask for, by its pages, and that its answer may hold. */
  readonly cost: number;
  /** Fields below each other in a GraphQL query. */
  readonly depth: number;
  /** Fields of a GraphQL query with its fragments spread out. */
  readonly fields: number;
  /** Words and signs of a GraphQL document. */
  readonly tokens: number;
  /** Octets of a body, and of a WebSocket message. */
  readonly bodyBytes: number;
  /** Seconds that a client may take for its request. */
  readonly requestSeconds: number;
  /** Open connections. */
  readonly connections: number;
  /** Operations at a time on one WebSocket. */
  readonly operations: number;
  /** Octets that wait for a WebSocket's client to read them. */
  readonly unreadBytes: number;
  /** Seconds after which a WebSocket is asked whether it lives, and that it has to say so. */
  readonly aliveSeconds: number;
}

export const LIMITS: Limits = {
  seconds: 60,
  cost: 1_000_000,
  // The introspection query of common tools is 15 deep.
  depth: 18,
  fields: 5000,
  tokens: 50_000,
  bodyBytes: 8 * 1024 * 1024,
  requestSeconds: 30,
  connections: 5000,
  operations: 100,
  unreadBytes: 32 * 1024 * 1024,
  aliveSeconds: 12,
};

/** GraphQL documents that are known by their text's SHA-256. */
export interface Documents {
  /** SHA-256 in hexadecimal digits → text. */
  readonly byId: ReadonlyMap<string, string>;
  /** Others are refused. */
  readonly only: boolean;
}
