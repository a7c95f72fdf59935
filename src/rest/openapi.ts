/** The OpenAPI 3.1 document, made from the routes. */
import { z } from 'zod';
import { EXAMPLES, type Example } from './examples.ts';
import { problemDocument } from './problem.ts';
import type { Route } from './route.ts';

type Json = Record<string, unknown>;

const ref = (id: string) => `#/components/schemas/${id}`;

/** Named schemas become components; others stand where they are used. */
class Components {
  readonly schemas: Json = {};

  of(schema: z.ZodType, io: 'input' | 'output'): Json {
    const { $schema: _, $defs, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json & { $defs?: Record<string, Json> };
    const moved = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', `"${ref('')}`));
    for (const [id, definition] of Object.entries($defs ?? {})) this.schemas[id] ??= moved(definition);
    if (typeof json.id === 'string') {
      const { id, ...definition } = json;
      this.schemas[id as string] ??= JSON.parse(JSON.stringify(moved(definition)).replaceAll('"$ref":"#"', `"$ref":"${ref(id as string)}"`));
      return { $ref: ref(id as string) };
    }
    return moved(json) as Json;
  }
}

function parameters(route: Route, example: Example | undefined): Json[] {
  const shown = (values: Readonly<Record<string, string>> | undefined, name: string) => (values?.[name] === undefined ? {} : { example: values[name] });
  const inPath = Object.entries(route.params ?? {}).map(([name, description]) => ({
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string' },
    ...shown(example?.params, name),
  }));
  if (!route.query) return inPath;
  const query = z.toJSONSchema(route.query, { io: 'input', unrepresentable: 'any' }) as { properties: Record<string, Json>; required?: string[] };
  const inQuery = Object.entries(query.properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: query.required?.includes(name) ?? false,
    description,
    schema,
    ...shown(example?.query, name),
  }));
  return [...inPath, ...inQuery];
}

export function openApi(groups: Readonly<Record<string, readonly Route[]>>, prefix: string): Json {
  const components = new Components();
  const paths: Record<string, Json> = {};
  const failure = { description: 'What went wrong.', content: { 'application/problem+json': { schema: components.of(problemDocument, 'output') } } };
  const routes = Object.entries(groups).flatMap(([tag, of]) => of.map((route) => [tag, route] as const));
  for (const [tag, route] of routes) {
    const example = EXAMPLES[`${route.method} ${route.path}`];
    const item = paths[prefix + route.path] ?? {};
    paths[prefix + route.path] = item;
    item[route.method.toLowerCase()] = {
      summary: route.summary,
      operationId: `${route.method.toLowerCase()}${route.path.replace(/\W+(\w)?/g, (_, letter?: string) => letter?.toUpperCase() ?? '')}`,
      tags: [tag],
      // The empty one: over loopback, unless configured otherwise.
      security: [{ bearer: [route.scope ?? 'read'] }, {}],
      'x-scope': route.scope ?? 'read',
      parameters: parameters(route, example),
      ...(route.body && {
        requestBody: { content: { 'application/json': { schema: components.of(route.body, 'input'), ...(example && { example: example.body }) } } },
      }),
      responses: {
        [route.status ?? 200]: { description: 'The result.', content: { 'application/json': { schema: components.of(route.result, 'output') } } },
        ...(route.method === 'GET' && { 304: { description: 'It is what `If-None-Match` names. Answers of now have no ETag.' } }),
        default: failure,
      },
    };
  }
  const info = { title: 'netwhy', version: '1', description: "Why can't A reach B? Answers with evidence, for machines that run containers." };
  const securitySchemes = { bearer: { type: 'http', scheme: 'bearer', description: 'An API token, or a JWT of the configured issuer.' } };
  const tags = Object.keys(groups).map((name) => ({ name }));
  return { openapi: '3.1.0', info, tags, paths, components: { schemas: components.schemas, securitySchemes } };
}
