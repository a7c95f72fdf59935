/** Targets without influence on the verdict, and those whose influence is not modelled. */
import { noop, unknownEffect } from '../build.ts';
import { type Extension, MANUAL } from '../extension.ts';

function quiet(name: string, options: string): Extension {
  return {
    kind: 'target',
    name,
    manual: MANUAL,
    options: 'any',
    parse: () => [noop(name)],
    examples: [{ rule: `-j ${name}${options && ` ${options}`}`, matches: 'yes', effect: name }],
  };
}

function notModelled(name: string, options: string): Extension {
  return {
    kind: 'target',
    name,
    manual: MANUAL,
    options: 'any',
    parse: (_options, env) => [unknownEffect(name, env.text)],
    examples: [{ rule: `-j ${name}${options && ` ${options}`}`, matches: 'unknown' }],
  };
}

export const OTHER_TARGETS: readonly Extension[] = [
  quiet('LOG', '--log-prefix "-j DROP" --log-level 4'),
  quiet('NFLOG', '--nflog-group 2'),
  quiet('ULOG', '--ulog-nlgroup 1'),
  quiet('TRACE', ''),
  quiet('AUDIT', '--type accept'),
  quiet('CHECKSUM', '--checksum-fill'),
  quiet('TCPMSS', '--clamp-mss-to-pmtu'),
  quiet('TCPOPTSTRIP', '--strip-options 8'),
  quiet('CLASSIFY', '--set-class 1:2'),
  quiet('SECMARK', '--selctx x'),
  quiet('CONNSECMARK', '--save'),
  quiet('IDLETIMER', '--timeout 5 --label x'),
  quiet('LED', '--led-trigger-id x'),
  quiet('RATEEST', '--rateest-name x --rateest-interval 250.0ms --rateest-ewmalog 500.0ms'),
  quiet('TEE', '--gateway 192.0.2.1'),
  quiet('SET', '--add-set x src'),
  quiet('ECN', '--ecn-tcp-remove'),
  notModelled('SYNPROXY', '--sack-perm --timestamp --wscale 7 --mss 1460'),
  notModelled('HMARK', '--hmark-tuple src,dst --hmark-mod 1 --hmark-offset 0'),
  notModelled('CLUSTERIP', '--new --hashmode sourceip'),
  notModelled('DNPT', '--src-pfx fd00::/64 --dst-pfx fd01::/64'),
  notModelled('SNPT', '--src-pfx fd00::/64 --dst-pfx fd01::/64'),
];
