/** A question to the engine as a value. */
import type Docker from 'dockerode';
import type { HOST_SOURCES } from '../../model/facts.ts';
import type { Inspections } from './inspections.ts';

export interface Reply {
  readonly value: unknown;
  /** What is missing from it, for a person. */
  readonly partial?: string;
}

export interface DockerCollector {
  readonly name: Extract<(typeof HOST_SOURCES)[number], `docker.${string}`>;
  readonly scope: 'host';
  /** Method and path of the Docker Engine API. */
  readonly command: readonly [string, string];
  /** Asks for what is not known, and keeps the fields that netwhy uses: nothing else leaves the collector. */
  read(engine: Docker, known: Inspections | null): Promise<Reply>;
}
