/** Matches on rate, time, chance or what went before: they may match. */
import type { Statement } from '../../model/firewall.ts';
import { type Extension, given, MANUAL, type Option } from '../extension.ts';

type Why = Extract<Statement, { kind: 'maybe' }>['why'];

function maybe(name: string, why: Why, example: string): Extension {
  return {
    kind: 'match',
    name,
    manual: MANUAL,
    options: 'any',
    parse: (_options, env) => [{ kind: 'maybe', name, text: env.text, why }],
    examples: [{ rule: example, matches: 'unknown' }],
  };
}

/** net/netfilter/xt_statistic.c: probability is compared with 31 random bits, `every 1` counts every packet. */
function statistic(options: readonly Option[], text: string): readonly Statement[] {
  const probability = given(options, '--probability');
  const every = given(options, '--every');
  const sure = (always: boolean): readonly Statement[] => (always ? [] : [{ kind: 'never', name: 'statistic', text }]);
  if (probability && Number(probability.words[0]) >= 1) return sure(!probability.negate);
  if (probability && Number(probability.words[0]) === 0) return sure(probability.negate);
  if (every && every.words[0] === '1') return sure(!every.negate);
  return [{ kind: 'maybe', name: 'statistic', text, why: 'chance' }];
}

/** net/netfilter/xt_recent.c: `--set` always matches; the others depend on who was seen before. */
const recent: Extension = {
  kind: 'match',
  name: 'recent',
  manual: MANUAL,
  options: {
    '--set': 0,
    '--rcheck': 0,
    '--update': 0,
    '--remove': 0,
    '--seconds': 1,
    '--reap': 0,
    '--hitcount': 1,
    '--rttl': 0,
    '--name': 1,
    '--rsource': 0,
    '--rdest': 0,
    '--mask': 1,
  },
  parse: (options, env) => {
    const set = given(options, '--set');
    if (set) return set.negate ? [{ kind: 'never', name: 'recent', text: env.text }] : [];
    return [{ kind: 'maybe', name: 'recent', text: env.text, why: 'state' }];
  },
  examples: [
    { rule: '-m recent --set --name A --mask 255.255.255.255 --rsource', matches: 'yes' },
    { rule: '-m recent --update --seconds 30 --hitcount 6 --name DEFAULT --mask 255.255.255.255 --rsource', matches: 'unknown' },
  ],
};

export const RATE_MATCHES: readonly Extension[] = [
  maybe('limit', 'rate', '-m limit --limit 3/min --limit-burst 10'),
  maybe('hashlimit', 'rate', '-m hashlimit --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name x'),
  maybe('connlimit', 'state', '-m connlimit --connlimit-above 10 --connlimit-mask 32 --connlimit-saddr'),
  maybe('connbytes', 'state', '-m connbytes --connbytes 1000: --connbytes-mode bytes --connbytes-dir both'),
  maybe('quota', 'state', '-m quota --quota 100000'),
  maybe('time', 'time', '-m time --timestart 09:00:00 --timestop 17:00:00'),
  maybe('rateest', 'rate', '-m rateest --rateest eth0 --rateest-lt --rateest-bps 1000bit'),
  maybe('cpu', 'chance', '-m cpu --cpu 0'),
  recent,
  {
    kind: 'match',
    name: 'statistic',
    manual: MANUAL,
    options: { '--mode': 1, '--probability': 1, '--every': 1, '--packet': 1 },
    parse: (options, env) => statistic(options, env.text),
    examples: [
      { rule: '-m statistic --mode random --probability 0.50000000000', matches: 'unknown' },
      { rule: '-m statistic --mode random --probability 1.00000000000', matches: 'yes' },
      { rule: '-m statistic --mode random --probability 0.00000000000', matches: 'no' },
      { rule: '-m statistic --mode nth --every 2 --packet 0', matches: 'unknown' },
    ],
  },
];
