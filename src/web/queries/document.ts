declare const types: unique symbol;

/** Text of a GraphQL document that knows what it takes and gives. */
export type Document<Result, Variables> = string & { readonly [types]?: (variables: Variables) => Result };

/** Result and variables are generated from the text itself: src/generated/page.ts. */
export const operation = <Result, Variables>(text: string): Document<Result, Variables> => text;
