/** A message as blocks: https://api.slack.com/reference/block-kit/blocks. What others wrote stands in plain and preformatted text, where nothing is markup. */
import { bareText, chatText } from '../util/chat-text.ts';
import { never } from '../util/invariant.ts';
import type { Message, Part } from './message.ts';

const MAX_BLOCKS = 50;
const MAX_HEADER = 150;
const MAX_TEXT = 3000;

const plain = (text: string, longest: number) => ({ type: 'plain_text', text: bareText(text, longest), emoji: false });
const section = (text: string) => ({ type: 'section', text: plain(text, MAX_TEXT) });

function preformatted(label: string, lines: readonly string[]) {
  const text = lines.map((line) => bareText(line)).join('\n');
  const elements = [{ type: 'text', text: text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text }];
  const title = { type: 'rich_text_section', elements: [{ type: 'text', text: label, style: { bold: true } }] };
  return { type: 'rich_text', elements: [title, { type: 'rich_text_preformatted', elements }] };
}

function block(part: Part) {
  switch (part.kind) {
    case 'text':
      return section(part.label === null ? part.text : `${part.label}: ${part.text}`);
    case 'code':
      return preformatted(part.label, part.lines);
    default:
      return never(part);
  }
}

/** `text` is for notifications, and for who reads without blocks. */
export function slackMessage({ title, parts, link }: Message) {
  const body = parts.filter((part) => part.kind === 'code' || part.text !== '').map(block);
  const page = link === null ? [] : [{ type: 'context', elements: [{ type: 'mrkdwn', text: `<${link.replaceAll('&', '&amp;')}|Open in netwhy>` }] }];
  const first = parts.find((part) => part.kind === 'text');
  return {
    text: chatText(first?.kind === 'text' ? `${title}. ${first.text}` : title),
    blocks: [{ type: 'header', text: plain(title, MAX_HEADER) }, ...body.slice(0, MAX_BLOCKS - 2), ...page],
    unfurl_links: false,
    unfurl_media: false,
  };
}
