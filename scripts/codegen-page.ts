/** Writes src/generated/page.ts: what each document of the page takes and gives, as it comes over the wire. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  buildSchema,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  type TypeNode,
  typeFromAST,
} from 'graphql';
import { readSdl } from '../src/resolvers/sdl.ts';

const SCALARS: Readonly<Record<string, string>> = {
  ID: 'string',
  String: 'string',
  DateTime: 'string',
  Boolean: 'boolean',
  Int: 'number',
  Float: 'number',
  SafeInt: 'number',
  JSON: 'unknown',
};
const folder = path.join(import.meta.dirname, '..', 'src', 'web', 'queries');
const schema = buildSchema(readSdl().join('\n'));
const out = new Map<string, string>();

const enumOf = (name: string) => {
  const type = schema.getType(name);
  if (isEnumType(type))
    out.set(
      name,
      `export type ${name} = ${type
        .getValues()
        .map((v) => `'${v.name}'`)
        .join(' | ')};`,
    );
  return name;
};

function named(name: string): string {
  const type = schema.getType(name);
  if (isEnumType(type)) return enumOf(name);
  if (isInputObjectType(type)) {
    if (!out.has(name)) {
      out.set(name, '');
      const fields = Object.values(type.getFields()).map((f) => `  readonly ${f.name}${isNonNullType(f.type) ? '' : '?'}: ${input(f.type)};`);
      out.set(name, `export type ${name} = {\n${fields.join('\n')}\n};`);
    }
    return name;
  }
  const scalar = SCALARS[name];
  if (!scalar) throw new Error(`No type for ${name}`);
  return scalar;
}

function input(type: unknown): string {
  if (isNonNullType(type)) return bare(type.ofType);
  return `${bare(type)} | null`;
  function bare(inner: unknown): string {
    return isListType(inner) ? `readonly (${input(inner.ofType)})[]` : named(String(inner));
  }
}

function output(type: GraphQLOutputType, set: SelectionSetNode | undefined): string {
  if (!isNonNullType(type)) return `${bare(type)} | null`;
  return bare(type.ofType as GraphQLOutputType);
  function bare(inner: GraphQLOutputType): string {
    if (isListType(inner)) return `readonly (${output(inner.ofType as GraphQLOutputType, set)})[]`;
    const target = getNamedType(inner);
    return isCompositeType(target) ? selection(target, set!) : named(target.name);
  }
}

/** Fragments stay types of their own, so that a component can name what it shows. */
function selection(type: GraphQLCompositeType, set: SelectionSetNode): string {
  const fields: string[] = [];
  const more: string[] = [];
  for (const node of set.selections) {
    if (node.kind === Kind.FRAGMENT_SPREAD) more.push(node.name.value);
    else if (node.kind === Kind.INLINE_FRAGMENT) throw new Error('Inline fragments have no types here: name the fragment.');
    else {
      const name = node.name.value;
      const key = node.alias?.value ?? name;
      if (name === '__typename') fields.push(`readonly ${key}: string`);
      else fields.push(`readonly ${key}: ${output(fieldsOf(type)[name]!.type, node.selectionSet)}`);
    }
  }
  const own = fields.length > 0 ? [`{ ${fields.join('; ')} }`] : [];
  return [...own, ...more].join(' & ');
}

function fieldsOf(type: GraphQLCompositeType) {
  if (isAbstractType(type) && !('getFields' in type)) throw new Error(`${type.name} has no fields of its own.`);
  return (type as Extract<GraphQLCompositeType, { getFields: unknown }>).getFields();
}

function fragment(node: FragmentDefinitionNode): void {
  const type = schema.getType(node.typeCondition.name.value);
  out.set(node.name.value, `export type ${node.name.value} = ${selection(type as GraphQLCompositeType, node.selectionSet)};`);
}

function operation(node: OperationDefinitionNode, of: GraphQLSchema): void {
  const name = node.name!.value;
  const type = node && of.getRootType(node.operation);
  out.set(name, `export type ${name} = ${selection(type!, node.selectionSet)};`);
  const variables = (node.variableDefinitions ?? []).map((v) => {
    const optional = v.type.kind !== Kind.NON_NULL_TYPE || v.defaultValue;
    return `readonly ${v.variable.name.value}${optional ? '?' : ''}: ${input(typeFromAST(of, v.type as TypeNode & never))}`;
  });
  out.set(`${name}Variables`, `export type ${name}Variables = ${variables.length > 0 ? `{ ${variables.join('; ')} }` : 'Record<string, never>'};`);
}

for (const file of readdirSync(folder).sort()) {
  const exported = (await import(path.join(folder, file))) as Record<string, unknown>;
  for (const value of Object.values(exported)) {
    if (typeof value !== 'string') continue;
    for (const node of parse(value).definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) fragment(node);
      else if (node.kind === Kind.OPERATION_DEFINITION) operation(node, schema);
    }
  }
}
mkdirSync('src/generated', { recursive: true });
writeFileSync('src/generated/page.ts', `${[...out.values()].join('\n\n')}\n`);
