import { z } from 'zod';
import type { DockerCollector } from './collector.ts';

const text = z.string().nullish();

const versionSchema = z.object({ Version: text, ApiVersion: text, MinAPIVersion: text, Os: text, Arch: text, KernelVersion: text });

export const version: DockerCollector = {
  name: 'docker.version',
  scope: 'host',
  command: ['GET', '/version'],
  read: async (engine) => ({ value: versionSchema.parse(await engine.version()) }),
};
