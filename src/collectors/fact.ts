/** The three kinds of fact. */
import { z } from 'zod';
import type { Fact, FactSource } from '../model/facts.ts';

export interface Asked {
  readonly source: FactSource;
  readonly netns: string | null;
  readonly command?: readonly string[];
  readonly exitCode?: number | null;
  readonly stderr?: string;
}

export function ok(asked: Asked, data: string, reason?: string): Fact {
  return { ...asked, status: 'ok', ...(reason ? { reason } : {}), data };
}

export function absent(asked: Asked, reason: string): Fact {
  return { ...asked, status: 'absent', reason, data: '' };
}

export function failed(asked: Asked, reason: string): Fact {
  return { ...asked, status: 'failed', reason, data: '' };
}

/** One line, shortened: enough of a program's complaint to act on. */
export function firstLine(text: string): string {
  const line = text.split('\n').find((l) => l.trim() !== '') ?? '';
  return line.length > 300 ? `${line.slice(0, 300)}...` : line.trim();
}

export function messageOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    const issue = error.issues[0];
    return `unexpected answer at /${issue?.path.join('/') ?? ''}: ${issue?.message ?? ''}`;
  }
  return error instanceof Error ? firstLine(error.message) : firstLine(String(error));
}
