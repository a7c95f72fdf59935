/** Reads what transport/netns.sh prints: sections parted by lines that begin with the boundary. */

export type Section =
  /** `seconds` that it took, to the hundredth. */
  | { readonly kind: 'ran'; readonly stdout: string; readonly stderr: string; readonly exitCode: number; readonly seconds?: number }
  /** Begun and never ended: it hung, or its helper died. */
  | { readonly kind: 'cut'; readonly stderr: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable' };

export interface NamespaceReply {
  /** By source name; several joined by commas where one process answered for them. */
  readonly sections: ReadonlyMap<string, Section>;
  /** The helper went through all of its commands. */
  readonly complete: boolean;
  /** Exit status of what entered the namespace; null when the helper died before it ended. */
  readonly exitCode: number | null;
  /** What was said outside of any command: nsenter's complaint. */
  readonly stderr: string;
}

interface Chunk {
  readonly words: readonly string[];
  readonly body: string;
}

function chunks(text: string, boundary: string): Chunk[] {
  return text
    .split(`\n${boundary} `)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return end < 0 ? { words: [], body: '' } : { words: part.slice(0, end).split(' '), body: part.slice(end + 1) };
    });
}

/** stderr by `INDEX MODE SOURCE`, and by `INDEX` for what no command said. */
function complaints(stderr: string, boundary: string): Map<string, string> {
  const said = new Map<string, string>();
  let index = '';
  for (const { words, body } of chunks(stderr, boundary)) {
    const [verb, ...rest] = words;
    if (verb === 'open') index = rest[0] ?? '';
    const key = verb === 'begin' ? `${index} ${rest.join(' ')}` : index;
    said.set(key, (said.get(key) ?? '') + body);
  }
  return said;
}

/** One reply for each namespace that the helper came to, by its place in the argument list. */
export function parseSections(stdout: string, stderr: string, boundary: string): Map<number, NamespaceReply> {
  const said = complaints(stderr, boundary);
  const replies = new Map<number, NamespaceReply>();
  let index = -1;
  let sections = new Map<string, Section>();
  let complete = false;
  let open: { key: string; source: string; body: string; since: number } | null = null;

  const cut = (): void => {
    if (open) sections.set(open.source, { kind: 'cut', stderr: said.get(open.key) ?? '' });
    open = null;
  };
  const keep = (exitCode: number | null): void => {
    cut();
    if (index >= 0) replies.set(index, { sections, complete, exitCode, stderr: said.get(String(index)) ?? '' });
    index = -1;
  };

  for (const { words, body } of chunks(stdout, boundary)) {
    const [verb, first = '', second = '', third = ''] = words;
    if (verb === 'open') {
      keep(null);
      index = Number(first);
      sections = new Map();
      complete = false;
    } else if (verb === 'begin') {
      cut();
      open = { key: `${index} ${first} ${second}`, source: second, body, since: Number(third) };
    } else if (verb === 'end' && open) {
      const seconds = second === '' ? Number.NaN : Number(second) - open.since;
      const ran = { kind: 'ran', stdout: open.body, stderr: said.get(open.key) ?? '', exitCode: Number(first) } as const;
      sections.set(open.source, Number.isNaN(seconds) ? ran : { ...ran, seconds });
      open = null;
    } else if (verb === 'absent' || verb === 'unreadable') {
      cut();
      sections.set(first, { kind: verb });
    } else if (verb === 'done') {
      cut();
      complete = true;
    } else if (verb === 'close') {
      keep(Number(first));
    }
  }
  keep(null);
  return replies;
}
