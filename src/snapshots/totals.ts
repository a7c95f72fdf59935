/** How much the database holds. */
import { DELIVERY_STATES, type DeliveryState } from '../model/notice.ts';
import type { Database } from './database.ts';

export interface Totals {
  readonly snapshots: number;
  /** Of the whole database, with indexes; SQLite's log of what was written last is not in it. */
  readonly bytes: number;
  readonly deliveries: Readonly<Record<DeliveryState, number>>;
}

export async function totals(database: Database): Promise<Totals> {
  const snapshots = await database.snapshot.count();
  const found = await database.delivery.groupBy({ by: ['state'], _count: true });
  const counted = DELIVERY_STATES.map((state) => [state, found.find((group) => group.state === state)?._count ?? 0]);
  return { snapshots, bytes: await size(database), deliveries: Object.fromEntries(counted) as Totals['deliveries'] };
}

async function size(database: Database): Promise<number> {
  const [row] =
    database.provider === 'postgresql'
      ? await database.$queryRawUnsafe<{ bytes: bigint }[]>('SELECT pg_database_size(current_database()) AS bytes')
      : await database.$queryRawUnsafe<{ bytes: bigint }[]>('SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()');
  return Number(row?.bytes ?? 0);
}
