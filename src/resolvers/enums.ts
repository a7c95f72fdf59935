/** GraphQL's names of enum values and what stands for them inside. */
import { SCOPES } from '../model/access.ts';
import { type Blocker, CAUSES, DISPOSITIONS, type Step, SYMPTOMS, VERDICTS } from '../model/answer.ts';
import { CHANGE_KINDS, type Change, GROUP_KINDS } from '../model/change.ts';
import { RUN_STATES } from '../model/schedule.ts';
import { SINCE_STATES } from '../model/since.ts';
import { ENTITY_KINDS, TIMELINE_STEPS } from '../model/snapshot.ts';
import { PLACE_KINDS } from '../operations/matrix-schema.ts';

export type Certainty = Step['certainty'];
export type Direction = Blocker['direction'];
export type ChangeAction = Change['action'];
export type ChangeGroupKind = (typeof GROUP_KINDS)[number];
export type SinceState = (typeof SINCE_STATES)[number];

/** `dropped-by-rule` → DROPPED_BY_RULE, `natRule` → NAT_RULE. */
const enumName = (value: string) => value.replace(/-|(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();

const mapped = <T extends string>(values: readonly T[]): Record<string, T> => Object.fromEntries(values.map((value) => [enumName(value), value]));

export const enums = {
  Verdict: mapped(VERDICTS),
  Symptom: mapped(SYMPTOMS),
  Disposition: mapped(DISPOSITIONS),
  CauseCode: mapped(CAUSES),
  Protocol: mapped(['tcp', 'udp', 'icmp']),
  Certainty: mapped(['certain', 'assumed']),
  Direction: mapped(['request', 'reply']),
  ChangeKind: mapped(CHANGE_KINDS),
  ChangeGroupKind: mapped(GROUP_KINDS),
  ChangeAction: mapped(['added', 'removed', 'changed']),
  EntityKind: mapped(ENTITY_KINDS),
  SinceState: mapped(SINCE_STATES),
  ScheduleRunState: mapped(RUN_STATES),
  Scope: mapped(SCOPES),
  PlaceKind: mapped(PLACE_KINDS),
  TimelineStep: mapped(TIMELINE_STEPS),
};
