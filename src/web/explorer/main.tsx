/** GraphiQL over this service: the schema to read, and what is asked to try. */
import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createClient } from 'graphql-ws';
import { createRoot } from 'react-dom/client';
import { endpoint } from '../client/ask.ts';
import { token } from '../client/token.ts';
import 'graphiql/style.css';
import './explorer.css';

const bearer = (): Record<string, string> => {
  const held = token.get();
  return held === null ? {} : { authorization: `Bearer ${held}` };
};

const socket = createClient({ url: endpoint().href.replace(/^http/, 'ws'), connectionParams: bearer, lazy: true });

const isSubscription = ({ query, operationName }: FetcherParams) =>
  operationName ? new RegExp(`subscription\\s+${operationName}\\b`).test(query) : /^\s*subscription\b/m.test(query);

const fetcher: Fetcher = async (params) => {
  const { query, variables, operationName } = params;
  if (isSubscription(params)) return socket.iterate({ query, variables, operationName: operationName ?? null }) as ReturnType<Fetcher>;
  const response = await fetch(endpoint(), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...bearer() },
    body: JSON.stringify({ query, variables, operationName }),
  });
  return response.json();
};

const FIRST = `# Everything that netwhy knows.
# Ctrl-Enter asks, Ctrl-Space completes,
# and the book on the left has every field.
# Where a token is needed, sign in on the page first.
{
  containers(first: 10) {
    totalCount
    nodes {
      host
      name
      state
      addresses
    }
    gaps {
      host
      source
      reason
    }
  }
}
`;

createRoot(document.getElementById('explorer')!).render(
  <GraphiQL fetcher={fetcher} defaultQuery={FIRST} isHeadersEditorEnabled={false} showPersistHeadersSettings={false}>
    <GraphiQL.Logo>
      <a href="./">netwhy</a>
    </GraphiQL.Logo>
  </GraphiQL>,
);
