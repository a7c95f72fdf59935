/** A notice in words: what is so now, since when, why, and what changed. */
import type { IntentState } from '../model/intent.ts';
import type { Notice } from '../model/notice.ts';
import { never } from '../util/invariant.ts';

/** `changes`: null when it is not known. */
export function noticeText({ intent, before, after, finding, snapshotId, at }: Omit<Notice, 'text' | 'deliveries'>, changes: string | null): string {
  const since = `since snapshot ${snapshotId} (${at.slice(11, 19)} UTC)`;
  const sentence = finding.sentence.replace(/\.$/, '');
  return `${clause(intent, before, after)} ${since}: ${sentence}${changes === null ? '' : `; what changed: ${changes}`}`;
}

function clause(intent: string, before: IntentState, after: IntentState): string {
  const [, subject = '', not, target = ''] = /^(.+?) must (not )?reach (.+)$/.exec(intent) ?? [];
  switch (after) {
    case 'UNKNOWN':
      return `it is no longer known whether "${intent}" holds`;
    case 'HOLDS':
    case 'BROKEN':
      if (subject === '') return only(intent, before, after);
      return not ? mustNot(subject, target, before, after) : must(subject, target, before, after);
    default:
      return never(after);
  }
}

function must(subject: string, target: string, before: IntentState, after: 'HOLDS' | 'BROKEN'): string {
  if (after === 'HOLDS') return before === 'BROKEN' ? `${subject} reaches ${target} again` : `${subject} reaches ${target}`;
  const every = [subject, target].some((text) => text.startsWith('every '));
  if (every) return `it is ${before === 'HOLDS' ? 'no longer' : 'not'} so that ${subject} reaches ${target}`;
  return before === 'HOLDS' ? `${subject} no longer reaches ${target}` : `${subject} does not reach ${target}`;
}

function mustNot(subject: string, target: string, before: IntentState, after: 'HOLDS' | 'BROKEN'): string {
  const some = (text: string) => text.replace(/^every /, 'a ');
  if (after === 'BROKEN') return `${some(subject)} ${before === 'HOLDS' ? 'now reaches' : 'reaches'} ${some(target)}`;
  const none = subject.startsWith('every ') ? subject.replace(/^every /, 'no ') : null;
  if (none !== null) return `${none} reaches ${some(target)}${before === 'BROKEN' ? ' any more' : ''}`;
  return `${subject} ${before === 'BROKEN' ? 'no longer reaches' : 'does not reach'} ${some(target)}`;
}

function only(intent: string, before: IntentState, after: 'HOLDS' | 'BROKEN'): string {
  const [, allowed = '', target = ''] = /^only (.+?) may reach (.+)$/.exec(intent) ?? [];
  if (after === 'BROKEN') return `others than ${allowed} ${before === 'HOLDS' ? 'now reach' : 'reach'} ${target}`;
  return `${before === 'BROKEN' ? 'again ' : ''}nobody but ${allowed} reaches ${target}`;
}
