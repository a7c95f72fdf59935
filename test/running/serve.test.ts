// biome-ignore-all lint/suspicious/noExplicitAny: spans of any shape are looked into.
/** The service as a process of its own: what it tells of itself, and how it ends. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import net from 'node:net';
import { expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { SnapshotStore } from '../../src/snapshots/store.ts';
import { startChild } from './child.ts';

async function receiver(): Promise<{ readonly server: Server; readonly url: string; readonly spans: any[] }> {
  const spans: any[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    for (const { scopeSpans } of JSON.parse(body).resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
    response.setHeader('content-type', 'application/json').end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans };
}

const CANARIES = ['CANARY-token', 'CANARY-basic', 'CANARY-cookie', 'CANARY-query', 'CANARY-body', 'CANARY-variable', 'CANARY-hook', 'CANARY-secret'];

test('metrics move, traces reach their receiver, the log has a line for each request and no secret, and sockets are closed when it stops', async () => {
  const traces = await receiver();
  const config = `hosts: [{name: h1, docker: none, netnsFolders: []}]
log: trace
tracing: {otlp: "${traces.url}"}
intents: ["host:h1 must reach 127.0.0.1:1"]
notices: [{name: ops, url: "http://127.0.0.1:1/CANARY-hook", secretEnv: CANARY}]
`;
  const child = await startChild(config, { CANARY: 'CANARY-secret' });
  try {
    const ask = (where: string, init: RequestInit = {}) => fetch(child.url + where, init);
    const json = { 'content-type': 'application/json' };
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const taken = await ask('/api/v1/snapshots', {
      method: 'POST',
      headers: { ...json, traceparent, 'x-request-id': 'from-outside-1', cookie: 'a=CANARY-cookie' },
      body: '{}',
    });
    expect([taken.status, taken.headers.get('x-request-id')]).toEqual([201, 'from-outside-1']);

    const refused = await ask('/api/v1/hosts?at=CANARY-query', { headers: { authorization: 'Bearer CANARY-token', 'x-request-id': 'x"}{' } });
    const problem = (await refused.json()) as { requestId: string };
    expect(problem.requestId).toBe(refused.headers.get('x-request-id'));
    expect(problem.requestId).toMatch(/^[0-9a-f-]{36}$/);
    await ask('/api/v1/hosts', { headers: { authorization: `Basic ${btoa('x:CANARY-basic')}` } });
    await ask('/api/v1/reachability', { method: 'POST', headers: json, body: '{"from": "CANARY-body", "to": 7' });
    await ask('/api/v1/reachability', { method: 'POST', headers: json, body: '{"from": "host:h1", "to": "127.0.0.1:1"}' });
    const graphql = await ask('/graphql', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ query: 'query ($at: String) { hosts(at: $at) { totalCount } }', variables: { at: 'CANARY-variable' } }),
    });
    const answer = (await graphql.json()) as { errors: { extensions: { requestId: string } }[] };
    expect(answer.errors[0]!.extensions.requestId).toBe(graphql.headers.get('x-request-id'));

    const metrics = await (await ask('/metrics')).text();
    for (const line of [
      /^netwhy_snapshot_seconds_count 1$/m,
      /^netwhy_snapshots 1$/m,
      /^netwhy_snapshot_bytes_total [1-9]\d+$/m,
      /^netwhy_collection_seconds_count\{host="h1"\} \d$/m,
      /^netwhy_source_reads_total\{host="h1",source="host.namespaces"\} \d$/m,
      /^netwhy_host_gaps\{host="h1"\} \d+$/m,
      /^netwhy_graphql_operation_seconds_count\{type="Query",field="hosts",outcome="error"\} 1$/m,
      /^netwhy_http_request_seconds_count\{door="rest",method="POST",route="\/api\/v1\/snapshots",status="201"\} 1$/m,
      /^netwhy_database_up 1$/m,
    ])
      expect(metrics).toMatch(line);
    expect([...metrics.matchAll(/^netwhy_answers_total\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0)).toBe(1);

    const socket = new WebSocket(`${child.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    const closed = once(socket, 'close');
    child.process.kill('SIGTERM');
    expect((await closed)[0]).toBe(1001);
    expect(await child.ended).toBe(0);

    const named = (name: string) => traces.spans.find((span) => span.name === name);
    const request = named('POST /api/v1/snapshots');
    expect([request.traceId, request.parentSpanId]).toEqual(['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331']);
    const operation = named('POST /snapshots');
    expect(operation.parentSpanId).toBe(request.spanId);
    expect([named('collect').traceId, named('collect').parentSpanId]).toEqual([request.traceId, operation.spanId]);
    expect(traces.spans.some(({ name, traceId }) => name === 'store Snapshot.create' && traceId === request.traceId)).toBe(true);

    const lines = child.log().trim().split('\n');
    const told = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');
    expect(told.find(({ reqId }) => reqId === 'from-outside-1')).toMatchObject({
      door: 'rest',
      operation: 'POST /snapshots',
      status: 201,
      principal: 'local',
    });
    expect(told.filter(({ operation }) => operation === 'hosts')).toHaveLength(1);
    expect(told.filter(({ door }) => door === 'websocket')).toHaveLength(1);
    const shown = child.log() + JSON.stringify(traces.spans) + metrics;
    expect(CANARIES.filter((canary) => shown.includes(canary) || shown.includes(btoa(`x:${canary}`)))).toEqual([]);
  } finally {
    child.remove();
    traces.server.close();
  }
}, 120_000);

test('a snapshot that does not end in time is given up whole', async () => {
  const hanging = net.createServer(() => {}).listen(0, '127.0.0.1');
  await once(hanging, 'listening');
  const asked = once(hanging, 'connection');
  const child = await startChild(`hosts: [{name: h1, docker: "tcp://127.0.0.1:${(hanging.address() as AddressInfo).port}"}]
timeoutSeconds: 600
stopSeconds: 1
`);
  try {
    const taking = fetch(`${child.url}/api/v1/snapshots`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).catch(() => null);
    await asked;
    child.process.kill('SIGTERM');
    expect(await child.ended).toBe(0);
    expect(await taking).toBeNull();
    expect(child.log()).toContain('has not ended within 1 s and is given up');
    const store = await SnapshotStore.open(`file:${child.folder}/own.db`);
    expect(await store.list()).toEqual([]);
    await store.close();
  } finally {
    child.remove();
    hanging.close();
  }
}, 120_000);
