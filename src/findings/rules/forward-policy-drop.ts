import type { Field, Statement, Table } from '../../model/firewall.ts';
import { ask, placeOf } from '../ask.ts';
import type { FindingRule } from '../rule.ts';
import { hostSubject, openBridges, type Scene } from '../scene.ts';

/** Tables that drop what none of their rules accepts. */
const droppers = ({ own }: Scene) =>
  (own?.firewall.tables ?? []).filter(({ chains }) => [...chains.values()].some(({ base }) => base?.hook === 'forward' && base.policy === 'drop'));

/** The engine writes a rule that accepts whatever comes in by the bridge: then there is no need to ask. */
const accepts = ({ chains }: Table, bridge: string) =>
  [...chains.values()].some(({ rules }) =>
    rules.some(
      ({ statements }) =>
        statements.some((one) => isIn(one, bridge)) &&
        statements.every((one) => names(one, 'meta.oifname').length === 0) &&
        statements.some((one) => one.kind === 'verdict' && one.verdict.kind === 'accept'),
    ),
  );

const names = (statement: Statement, field: Field) =>
  statement.kind === 'match' && !statement.negate && statement.left.kind === 'field' && statement.left.field === field ? statement.values : [];

const isIn = (statement: Statement, bridge: string) => names(statement, 'meta.iifname').some((value) => 'ifname' in value && value.ifname === bridge);

export const forwardPolicyDrop: FindingRule = {
  code: 'FORWARD_POLICY_DROP',
  severity: 'HIGH',
  title: 'The FORWARD policy drops what containers send',
  why: 'Containers reach nothing outside of their network, and are reached through docker-proxy at best.',
  mend: "Restart the engine so that it writes its accept rules anew, or accept the bridge's packets in DOCKER-USER or FORWARD.",
  dependsOn: ['ENGINE_RULES_MISSING', 'IP_FORWARD_OFF'],
  *check(scene) {
    const tables = droppers(scene);
    if (tables.length === 0) return;
    const dropped = [...openBridges(scene)].flatMap(({ network, bridge, members: [first] }) => {
      if (tables.every((table) => accepts(table, bridge))) return [];
      const blocker = first && ask(scene.model, placeOf(first), 'internet', 443)?.blockers[0];
      return blocker?.disposition === 'dropped-by-policy' && blocker.netns === scene.own?.id && blocker.direction === 'request' ? [{ network, blocker }] : [];
    });
    const [first] = dropped;
    if (!first) return;
    const names = dropped.map(({ network }) => network.name);
    const { rule } = first.blocker;
    yield {
      subject: hostSubject(scene),
      text: `The policy of ${rule?.table ?? 'filter'} ${rule?.chain ?? 'FORWARD'} drops what containers of ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more networks` : ''} send: no rule accepts it.`,
      evidence: first.blocker.evidence,
      remedy: null,
    };
  },
};
