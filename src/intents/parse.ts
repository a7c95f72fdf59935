/** One intent in words: `web must reach db:5432`, `only proxy may reach app:8080`. */
import { parseTarget } from '../engine/resolve/parse-target.ts';
import { UserError } from '../model/errors.ts';
import type { Intent, IntentTarget, Party } from '../model/intent.ts';

const HINT =
  'Write `SUBJECT must reach TARGET:PORT`, `SUBJECT must not reach TARGET` or `only SUBJECT, SUBJECT may reach TARGET:PORT`; a port may end in /udp.';
const SETS = '`every container labelled KEY=VALUE`, `every container in network NAME` or `every container of project NAME`';

const LONGEST = 1000;

/** Throws UserError BAD_INTENT; `where` is the place of the text, for example `intents.yaml:3`. */
export function parseIntent(raw: string, where: string): Intent {
  const text = raw.trim().replace(/\s+/g, ' ');
  const refuse = (expected: string): never => {
    throw new UserError('BAD_INTENT', `${where}: ${JSON.stringify(text.slice(0, 200))}: expected ${expected}.`, HINT);
  };
  if (raw.length > LONGEST) return refuse(`at most ${LONGEST} characters`);
  const only = /^only (.+?) may reach (.+)$/.exec(text);
  if (only) {
    const subjects = only[1]!.split(/ ?, ?(?:and )?| and /).map((part) => party(part, refuse));
    return { kind: 'only', subjects, target: target(only[2]!, refuse), text };
  }
  if (text.startsWith('only ')) return refuse('`may reach TARGET` after the names behind `only`');
  const must = /^(.+?) must (not )?reach (.+)$/.exec(text);
  if (must) return { kind: must[2] ? 'must-not' : 'must', subjects: [party(must[1]!, refuse)], target: target(must[3]!, refuse), text };
  if (/ must( not)?( |$)/.test(text)) return refuse('`reach TARGET` after `must` or `must not`');
  return refuse('`must reach`, `must not reach`, or `only ... may reach`');
}

function party(text: string, refuse: (expected: string) => never): Party {
  const set = /^every container (?:labelled (?<key>[^=]+)=(?<value>.*)|in network (?<network>\S+)|of project (?<project>\S+))$/.exec(text)?.groups;
  if (set?.key !== undefined) return { kind: 'labelled', key: set.key, value: set.value ?? '' };
  if (set?.network !== undefined) return { kind: 'network', name: set.network };
  if (set?.project !== undefined) return { kind: 'project', name: set.project };
  if (/^every( |$)/.test(text)) return refuse(SETS);
  if (text === '' || /\s/.test(text)) return refuse(`one name in place of ${JSON.stringify(text.slice(0, 100))}, or ${SETS}`);
  return { kind: 'name', reference: text };
}

function target(text: string, refuse: (expected: string) => never): IntentTarget {
  const set = /^(every .+?)(?::(\d+))?(?:\/(tcp|udp))?$/.exec(text);
  const { to, port, protocol } = set ? { to: set[1]!, port: set[2] ? Number(set[2]) : null, protocol: set[3] ?? null } : named(text, refuse);
  if (port !== null && (port < 1 || port > 65535)) return refuse('a port of 1 to 65535');
  if (protocol === 'icmp') return refuse('/tcp or /udp');
  if (port === null && protocol !== null) return refuse(`a port before /${protocol}`);
  if (port === null && to === 'internet') return refuse('a port behind `internet`, which has no list of its own');
  return { party: party(to, refuse), port, protocol: protocol === 'udp' ? 'udp' : 'tcp' };
}

function named(text: string, refuse: (expected: string) => never) {
  try {
    return parseTarget(text);
  } catch (error) {
    if (error instanceof UserError) return refuse(`a target: ${error.message}`);
    throw error;
  }
}
