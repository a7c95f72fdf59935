/** The facts of one host as bytes. Brotli at quality 5 beats deflate on rule dumps in both size (3x) and time. */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { UserError } from '../model/errors.ts';
import type { HostFacts } from '../model/facts.ts';

export interface Segment {
  readonly host: string;
  readonly collectedAt: string;
  readonly encoding: string;
  /** Of the JSON text, in hex. */
  readonly sha256: string;
  /** Octets of the JSON text. */
  readonly size: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export async function pack(facts: HostFacts): Promise<Segment> {
  const json = Buffer.from(JSON.stringify(facts));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: json.length };
  const data = new Uint8Array(await compress(json, { params }));
  return { host: facts.host, collectedAt: facts.collectedAt, encoding: 'json+br', sha256: hash(json), size: json.length, data };
}

export const damaged = (snapshotId: number, what: string) =>
  new UserError('STORE_FAILED', `Snapshot ${snapshotId} is damaged: ${what}.`, 'Delete this snapshot or restore the database from a backup.');

/** Throws UserError STORE_FAILED, naming snapshot and host, when the bytes are not what was stored. */
export async function unpack(segment: Segment, snapshotId: number): Promise<HostFacts> {
  if (segment.encoding !== 'json+br')
    throw damaged(snapshotId, `the facts of host ${segment.host} have the unknown encoding ${JSON.stringify(segment.encoding)}`);
  const json = await decompress(segment.data).catch(() => {
    throw damaged(snapshotId, `the facts of host ${segment.host} cannot be decompressed`);
  });
  if (hash(json) !== segment.sha256) throw damaged(snapshotId, `the facts of host ${segment.host} do not match their checksum`);
  return JSON.parse(json.toString('utf8')) as HostFacts;
}
