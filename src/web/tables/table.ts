/** What a table shows and how it is asked for. */
import type { Document } from '../queries/document.ts';
import type { Params } from '../use/route.ts';

export type Value = string | number | null;

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => Value;
  /** Code of some kind: an address, a rule. */
  readonly mono?: boolean;
  /** A quantity, not a number that names something. */
  readonly count?: boolean;
  /** Colour that says what the value means: good, bad, warn, unknown. */
  readonly tone?: (row: Row) => string | undefined;
}

export interface Filter {
  /** As the schema calls it. */
  readonly name: string;
  readonly title: string;
  readonly number?: boolean;
}

export interface Gap {
  readonly host: string;
  readonly netns: string | null;
  readonly source: string;
  readonly reason: string;
}

export interface Rows<Row> {
  readonly rows: {
    readonly totalCount: number;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly gaps: readonly Gap[];
    readonly nodes: readonly Row[];
  };
}

export interface PageVariables {
  readonly first: number;
  readonly after?: string | null;
  readonly at?: string | null;
  readonly filter?: unknown;
}

export interface Table<Row extends { readonly id: string }> {
  /** In the address: `#/tables/natRules`. */
  readonly name: string;
  readonly title: string;
  /** What is said when there is nothing to show. */
  readonly none: string;
  readonly query: Document<Rows<Row>, PageVariables>;
  readonly columns: readonly Column<Row>[];
  readonly filters: readonly Filter[];
  /** Id of what the map shows for a row. */
  readonly map?: (row: Row) => string | null;
  /** The question that a row suggests. */
  readonly why?: (row: Row) => Params | null;
}

export type AnyRow = { readonly id: string };
export type AnyTable = Table<AnyRow>;

/** The row's type matters where a table is written, not where it is shown. */
export const table = <Row extends AnyRow, Variables>(written: Omit<Table<Row>, 'query'> & { readonly query: Document<Rows<Row>, Variables> }): AnyTable =>
  written as unknown as AnyTable;
