import { describe, expect, test } from '@jest/globals';
import { buildSchema, type GraphQLNamedType, isEnumType, isInputObjectType, isInterfaceType, isObjectType, isSpecifiedScalarType } from 'graphql';
import { z } from 'zod';
import { CAUSES, DISPOSITIONS, SYMPTOMS, VERDICTS } from '../../src/model/answer.ts';
import { CHANGE_KINDS } from '../../src/model/change.ts';
import { CHECK_STATES } from '../../src/model/doctor.ts';
import { ERROR_CODES } from '../../src/model/errors.ts';
import { INTENT_STATES } from '../../src/model/intent.ts';
import { DELIVERY_STATES } from '../../src/model/notice.ts';
import { RUN_STATES } from '../../src/model/schedule.ts';
import { ENTITY_KINDS, TIMELINE_STEPS } from '../../src/model/snapshot.ts';
import { VIEW_NAMES, views } from '../../src/operations/views/index.ts';
import { readSdl } from '../../src/resolvers/sdl.ts';
import { enumName } from './enum-name.ts';

const schema = buildSchema(readSdl().join('\n'));
const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type));

/** Every name in the schema with its description. */
function described(type: GraphQLNamedType): [string, string | null | undefined][] {
  const own: [string, string | null | undefined][] = [[type.name, type.description]];
  if (isEnumType(type))
    return [...own, ...type.getValues().map((value): [string, string | null | undefined] => [`${type.name}.${value.name}`, value.description])];
  if (isInputObjectType(type))
    return [...own, ...Object.values(type.getFields()).map((field): [string, string | null | undefined] => [`${type.name}.${field.name}`, field.description])];
  if (!isObjectType(type) && !isInterfaceType(type)) return own;
  const fields = Object.values(type.getFields()).flatMap((field): [string, string | null | undefined][] => [
    [`${type.name}.${field.name}`, field.description],
    ...field.args.map((argument): [string, string | null | undefined] => [`${type.name}.${field.name}(${argument.name})`, argument.description]),
  ]);
  return [...own, ...fields];
}

test('every type, field, argument and enum value is described', () => {
  const all = types.flatMap(described);
  expect(all.length).toBeGreaterThan(500);
  expect(all.filter(([, description]) => !description?.trim()).map(([name]) => name)).toEqual([]);
});

describe('enums hold exactly the words of the model', () => {
  test.each([
    ['Verdict', VERDICTS],
    ['Symptom', SYMPTOMS],
    ['Disposition', DISPOSITIONS],
    ['CauseCode', CAUSES],
    ['ChangeKind', CHANGE_KINDS],
    ['EntityKind', ENTITY_KINDS],
    ['TimelineStep', TIMELINE_STEPS],
    ['ScheduleRunState', RUN_STATES],
    ['IntentState', INTENT_STATES],
    ['DeliveryState', DELIVERY_STATES],
    ['CheckState', CHECK_STATES],
    ['ErrorCode', [...ERROR_CODES, 'INTERNAL']],
  ])('%s', (name, values) => {
    const type = schema.getType(name);
    expect(isEnumType(type) && type.getValues().map((value) => value.name)).toEqual(values.map(enumName));
  });
});

describe.each(VIEW_NAMES)('%s', (name) => {
  const type = name[0]!.toUpperCase() + name.slice(1, -1);
  const fieldsOf = (of: string) => {
    const found = schema.getType(of);
    return isObjectType(found) || isInputObjectType(found) ? Object.keys(found.getFields()) : [];
  };

  test('has in GraphQL every field that REST gives', () => {
    const { properties } = z.toJSONSchema(views[name].entity) as { properties: Record<string, unknown> };
    expect(fieldsOf(type)).toEqual(expect.arrayContaining(Object.keys(properties)));
  });

  test('has the same filters everywhere', () => {
    expect(fieldsOf(`${type}Filter`)).toEqual(Object.keys((views[name].filter as unknown as z.ZodObject).shape));
  });
});
