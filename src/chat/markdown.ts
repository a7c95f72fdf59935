import { markdownCode, markdownText } from '../util/chat-text.ts';
import type { Message, Part } from './message.ts';

const partText = (part: Part) =>
  part.kind === 'code' ? `**${part.label}**\n${markdownCode(part.lines)}` : `${part.label === null ? '' : `**${part.label}:** `}${markdownText(part.text)}`;

/** A message as Markdown, of at most `longest` characters: whole parts, and the link in any case. */
export function markdownMessage({ title, parts, link }: Message, longest = 10_000): string {
  const head = `**${markdownText(title)}**`;
  const foot = link === null ? [] : [`[Open in netwhy](${link})`];
  let room = longest - head.length - foot.join('').length - 10;
  const kept: string[] = [];
  for (const part of parts.map(partText)) {
    room -= part.length + 2;
    if (room < 0) break;
    kept.push(part);
  }
  return [head, ...kept, ...(kept.length < parts.length ? ['…'] : []), ...foot].join('\n\n').slice(0, longest);
}
