import { lazy, Suspense, useCallback, useState } from 'react';
import { Loading } from '../common/State.tsx';
import { snapshotList, taken } from '../queries/shell.ts';
import { useSubscription } from '../use/live.ts';
import { useQuery } from '../use/query.ts';
import { useRoute, type View } from '../use/route.ts';
import { Boundary } from './Boundary.tsx';
import { Header } from './Header.tsx';
import { Help } from './Help.tsx';
import { useKeys } from './keys.ts';
import { Past } from './Past.tsx';
import './shell.css';

const PAGES = {
  map: lazy(() => {
    // Comes beside the view; the list alone, in a narrow window, does not need it.
    if (matchMedia('(min-width: 48rem)').matches) import('../map/Canvas.tsx');
    return import('../map/MapView.tsx');
  }),
  why: lazy(() => import('../why/WhyView.tsx')),
  time: lazy(() => import('../time/TimeView.tsx')),
  tables: lazy(() => import('../tables/TablesView.tsx')),
} satisfies Record<View, unknown>;

export function App() {
  const { view, params } = useRoute();
  const [helping, setHelping] = useState(false);
  const help = useCallback(() => setHelping(true), []);
  useKeys(help);
  const snapshots = useQuery(snapshotList, { first: 100 });
  useSubscription(taken, snapshots.again);
  const Page = PAGES[view];
  const list = snapshots.data?.snapshots.nodes ?? [];
  return (
    <>
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        To the content
      </button>
      <Header snapshots={list} help={help} />
      {params.at !== undefined && <Past at={params.at} />}
      <main id="main" tabIndex={-1}>
        <Boundary key={view}>
          <Suspense fallback={<Loading what="Loading…" />}>
            <Page />
          </Suspense>
        </Boundary>
      </main>
      <Help open={helping} close={() => setHelping(false)} />
    </>
  );
}
