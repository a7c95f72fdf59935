/** The part of the configuration that says what one request may take, and which GraphQL documents may be asked. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { UserError } from './model/errors.ts';
import { type Documents, LIMITS, type Limits } from './model/limits.ts';

const whole = (max: number) => z.number().int().positive().max(max).optional();
const limits = z.strictObject({
  seconds: z.number().positive().max(3600).optional(),
  cost: whole(1_000_000_000),
  depth: whole(100),
  fields: whole(100_000),
  tokens: whole(1_000_000),
  bodyBytes: whole(256 * 1024 * 1024),
  requestSeconds: z.number().positive().max(3600).optional(),
  connections: whole(1_000_000),
  operations: whole(10_000),
  unreadBytes: whole(1024 * 1024 * 1024),
  aliveSeconds: z.number().positive().max(3600).optional(),
} satisfies Record<keyof Limits, z.ZodType>);

const persistedDocuments = z.strictObject({ file: z.string().min(1), only: z.boolean().optional() });

export const limitsShape = { limits: limits.optional(), persistedDocuments: persistedDocuments.optional() };
export const limitsEntries = { limits, persistedDocuments };

type Written = { readonly [K in keyof typeof limitsShape]?: z.output<(typeof limitsShape)[K]> };

export const readLimits = ({ limits: written }: Written): Limits => ({ ...LIMITS, ...(written as Partial<Limits>) });

const manifest = z.record(z.string(), z.string());

/** Throws UserError BAD_CONFIG when the file is none, or an id is not the SHA-256 of its document. */
export function readDocuments({ persistedDocuments: written }: Written, config: string): Documents | null {
  if (!written) return null;
  const file = path.resolve(path.dirname(config), written.file);
  const wrong = (what: string) =>
    new UserError('BAD_CONFIG', `persistedDocuments: ${file}: ${what}.`, 'It must be a JSON object of SHA-256 (64 hexadecimal digits) and document.');
  let found: z.infer<typeof manifest>;
  try {
    found = manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw wrong((error as NodeJS.ErrnoException).code ?? 'it is not as it must be');
  }
  const bad = Object.entries(found).find(([id, text]) => createHash('sha256').update(text).digest('hex') !== id.replace(/^sha256:/, ''));
  if (bad) throw wrong(`${bad[0].slice(0, 80)} is not the SHA-256 of its document`);
  return { byId: new Map(Object.entries(found).map(([id, text]) => [id.replace(/^sha256:/, ''), text])), only: written.only ?? false };
}
