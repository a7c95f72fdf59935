/** GraphQL over a WebSocket: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md, with the limits and errors of HTTP. */
import type { FastifyRequest } from 'fastify';
import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { makeHandler } from 'graphql-ws/use/@fastify/websocket';
import { UserError } from '../model/errors.ts';
import type { Documents, Limits } from '../model/limits.ts';
import { Allowance } from '../operations/allowance.ts';
import type { Context } from '../operations/context.ts';
import { describeError } from '../operations/describe-error.ts';
import { requireScope } from '../operations/require-scope.ts';
import { costProblem } from './cost.ts';
import { documentProblem } from './documents.ts';
import { formatError } from './format-error.ts';
import { limits as shape } from './limits.ts';
import { withRequestId } from './request-ids.ts';

/** Who decides who comes in, and how often. */
export interface Doorman {
  /** Who it is by now, by these credentials or those of before. Throws UserError. */
  enter(request: FastifyRequest, authorization?: string): Promise<Context>;
  /** One operation more. Throws UserError RATE_LIMITED. */
  count(request: FastifyRequest): Promise<void>;
}

/** Close codes of the protocol. */
const UNAUTHORIZED = 4401;
const FORBIDDEN = 4403;

export function socketHandler(schema: GraphQLSchema, doorman: Doorman, limits: Limits, documents: Documents | null, report: (error: unknown) => void) {
  const running = new Running();
  const format = formatError(report);
  const formatted = (errors: readonly GraphQLError[], { asking }: FastifyRequest) =>
    errors.map((error) => withRequestId(format(error.toJSON(), error), asking.id));
  const rules = [...specifiedRules, shape(limits)];
  return makeHandler<{ readonly Authorization?: unknown; readonly authorization?: unknown }>(
    {
      isProd: true,
      onConnect: async ({ extra: { socket, request }, connectionParams }) => {
        const credentials = connectionParams?.Authorization ?? connectionParams?.authorization;
        try {
          const { principal } = await doorman.enter(request, typeof credentials === 'string' ? credentials : undefined);
          requireScope(principal, 'read');
          return true;
        } catch (error) {
          refuse(socket, error);
          return false;
        }
      },
      onSubscribe: async (connection, id, { query, operationName, variables }): Promise<ExecutionArgs | readonly GraphQLError[]> => {
        const context = await admitted(doorman, connection.extra.request);
        if (context instanceof Error) return [refusal(context)];
        if (Object.keys(connection.subscriptions).length > limits.operations) {
          const message = `More than ${limits.operations} operations at a time are refused.`;
          return [refusal(new UserError('TOO_COSTLY', message, 'End one first.'))];
        }
        const unknown = documents && documentProblem(documents, query);
        if (unknown) return [refusal(unknown)];
        const document = parsed(query, limits.tokens);
        if (document instanceof GraphQLError) return [document];
        const errors = validate(schema, document, rules);
        if (errors.length > 0) return errors;
        const problem = costProblem({ schema, document, operationName, variables }, limits.cost);
        if (problem) return [refusal(problem)];
        const { asking } = connection.extra.request;
        // What a subscription may take is bounded for each event, by its cost alone.
        const asks = getOperationAST(document, operationName)?.operation !== OperationTypeNode.SUBSCRIPTION;
        return {
          schema,
          document,
          contextValue: { ...context, asking, ...(asks && { allowance: running.begin(connection, id, limits) }) },
          ...(operationName != null && { operationName }),
          ...(variables != null && { variableValues: variables }),
        };
      },
      onComplete: (connection, id) => running.end(connection, id),
      onClose: (connection) => running.endAll(connection),
      onError: ({ extra }, __, ___, errors) => formatted(errors, extra.request),
      onNext: async ({ extra: { socket, request } }, _, __, ___, { errors, data, extensions }) => {
        if (socket.bufferedAmount > limits.unreadBytes) socket.terminate();
        const entered = await doorman.enter(request).catch((error: Error) => error);
        if (entered instanceof Error) {
          refuse(socket, entered);
          return { errors: formatted([refusal(entered)], request) };
        }
        return {
          ...(data !== undefined && { data }),
          ...(extensions && { extensions }),
          ...(errors && { errors: formatted(errors, request) }),
        };
      },
    },
    limits.aliveSeconds * 1000,
  );
}

const refusal = (problem: Error) => new GraphQLError(problem.message, { originalError: problem });

/** What runs on each connection, so that it ends with it. */
class Running {
  readonly #allowances = new WeakMap<object, Map<string, Allowance>>();

  begin(connection: object, id: string, limits: Limits): Allowance {
    const allowance = new Allowance(limits);
    const own = this.#allowances.get(connection) ?? new Map<string, Allowance>();
    this.#allowances.set(connection, own.set(id, allowance));
    return allowance;
  }

  end(connection: object, id: string): void {
    this.#allowances.get(connection)?.get(id)?.cancel();
    this.#allowances.get(connection)?.delete(id);
  }

  endAll(connection: object): void {
    for (const allowance of this.#allowances.get(connection)?.values() ?? []) allowance.cancel();
  }
}

const admitted = (doorman: Doorman, request: FastifyRequest): Promise<Context | Error> =>
  doorman
    .enter(request)
    .then(async (context) => {
      await doorman.count(request);
      return context;
    })
    .catch((error: Error) => error);

/** The reason may be 123 bytes long. https://www.rfc-editor.org/rfc/rfc6455#section-5.5 */
function refuse(socket: { close(code: number, reason: string): void }, error: unknown): void {
  const { code, message } = describeError(error);
  socket.close(
    code === 'FORBIDDEN' ? FORBIDDEN : UNAUTHORIZED,
    Buffer.from(`${code}: ${message}`)
      .subarray(0, 120)
      .toString()
      .replace(/\uFFFD+$/, ''),
  );
}

function parsed(query: string, maxTokens: number): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}
