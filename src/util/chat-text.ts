/** The one place where text from outside becomes text for a chat: it mentions nobody, links nowhere and formats nothing. */

/** Characters that hide, reorder or break text. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
const BREAK = '\u200b';
/** Characters: chats cut longer texts, or refuse them. */
const LONGEST = 3000;

const cut = (text: string, longest = LONGEST) => (text.length > longest ? `${text.slice(0, longest)}…` : text);
const unlinked = (text: string) => text.replaceAll('@', `@${BREAK}`).replaceAll('://', `:${BREAK}//`);

/** Where nothing is read as markup. */
export const bareText = (text: string, longest = LONGEST): string => cut(text, longest - 1).replace(UNSEEN, ' ');

/** Slack's mrkdwn: https://api.slack.com/reference/surfaces/formatting#escaping */
export function chatText(text: string): string {
  const escaped = cut(text).replace(UNSEEN, ' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return unlinked(escaped).replaceAll('](', `]${BREAK}(`);
}

/** Markdown as chats know it: every character that formats is escaped. */
export const markdownText = (text: string): string =>
  unlinked(
    cut(text)
      .replace(UNSEEN, ' ')
      .replace(/[\\`*_~|<>[\]()#!]/g, '\\$&'),
  );

/** A block of code of Markdown; no line of it can end the block. */
export function markdownCode(lines: readonly string[]): string {
  const text = lines.map((line) => bareText(line)).join('\n');
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}\n${text}\n${fence}`;
}
