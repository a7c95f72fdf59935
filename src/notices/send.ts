/** One attempt to tell a target. */
import { readFile } from 'node:fs/promises';
import type { Notice, NoticeTarget } from '../model/notice.ts';
import { noticeRequest } from './request.ts';

/** Milliseconds. */
const TIMEOUT = 5000;

/** Null: it was taken. Else why not, without the URL and the secret. Redirects are not followed. `now`: milliseconds since 1970. */
export async function sendNotice(target: NoticeTarget, notice: Notice, now: number, timeout = TIMEOUT): Promise<string | null> {
  const secret = await readSecret(target.secret);
  if ('missing' in secret) return secret.missing;
  const { headers, body } = noticeRequest(notice, target.format, secret.value, now);
  try {
    const response = await fetch(target.url, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(timeout) });
    await response.body?.cancel();
    if (response.ok) return null;
    const redirect = response.status >= 300 && response.status < 400;
    return `it answered ${response.status}${redirect ? ': redirects are not followed' : ''}`;
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') return `no answer within ${timeout / 1000} s`;
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
    return `it cannot be asked: ${code ?? (error as Error).name}`;
  }
}

async function readSecret(secret: NoticeTarget['secret']): Promise<{ readonly value: string | null } | { readonly missing: string }> {
  if (secret === null) return { value: null };
  if ('env' in secret) {
    const value = process.env[secret.env];
    return value ? { value } : { missing: `its secret is not there: ${secret.env} is not set` };
  }
  try {
    const value = (await readFile(secret.file, 'utf8')).replace(/\r?\n$/, '');
    return value === '' ? { missing: `its secret is not there: ${secret.file} is empty` } : { value };
  } catch (error) {
    return { missing: `its secret cannot be read: ${(error as NodeJS.ErrnoException).code}` };
  }
}
