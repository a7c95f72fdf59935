/** GraphQL over a WebSocket: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md, with the limits and errors of HTTP. */
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
import type { Limits } from '../model/limits.ts';
import { Allowance } from '../operations/allowance.ts';
import type { Context } from '../operations/context.ts';
import { costProblem } from './cost.ts';
import { formatError } from './format-error.ts';
import { limits as shape } from './limits.ts';

export function socketHandler(schema: GraphQLSchema, context: Context, limits: Limits) {
  const running = new Running();
  const format = formatError(context.report);
  const formatted = (errors: readonly GraphQLError[]) => errors.map((error) => format(error.toJSON(), error));
  const rules = [...specifiedRules, shape(limits)];
  return makeHandler(
    {
      isProd: true,
      onSubscribe: (connection, id, { query, operationName, variables }): ExecutionArgs | readonly GraphQLError[] => {
        if (Object.keys(connection.subscriptions).length > limits.operations) {
          const message = `More than ${limits.operations} operations at a time are refused.`;
          return [refusal(new UserError('TOO_COSTLY', message, 'End one first.'))];
        }
        const document = parsed(query, limits.tokens);
        if (document instanceof GraphQLError) return [document];
        const errors = validate(schema, document, rules);
        if (errors.length > 0) return errors;
        const problem = costProblem({ schema, document, operationName, variables }, limits.cost);
        if (problem) return [refusal(problem)];
        // What a subscription may take is bounded for each event, by its cost alone.
        const asks = getOperationAST(document, operationName)?.operation !== OperationTypeNode.SUBSCRIPTION;
        return {
          schema,
          document,
          contextValue: asks ? { ...context, allowance: running.begin(connection, id, limits) } : context,
          ...(operationName != null && { operationName }),
          ...(variables != null && { variableValues: variables }),
        };
      },
      onComplete: (connection, id) => running.end(connection, id),
      onClose: (connection) => running.endAll(connection),
      onError: (_, __, ___, errors) => formatted(errors),
      onNext: (_, __, ___, ____, { errors, data, extensions }) => ({
        ...(data !== undefined && { data }),
        ...(extensions && { extensions }),
        ...(errors && { errors: formatted(errors) }),
      }),
    },
    limits.aliveSeconds * 1000,
  );
}

const refusal = (problem: UserError) => new GraphQLError(problem.message, { originalError: problem });

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

function parsed(query: string, maxTokens: number): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}
