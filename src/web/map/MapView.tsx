import { lazy, Suspense, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { Estate } from '../../generated/page.ts';
import { Empty, Loading, State } from '../common/State.tsx';
import { estate as estateQuery } from '../queries/map.ts';
import { taken } from '../queries/shell.ts';
import { useSubscription } from '../use/live.ts';
import { useMedia } from '../use/media.ts';
import { useQuery } from '../use/query.ts';
import { setParams, useRoute } from '../use/route.ts';
import type { View } from './Canvas.tsx';
import { elements, pathElements } from './elements.ts';
import { type Layout, layout } from './layout.ts';
import { Outline } from './Outline.tsx';
import { Panel } from './Panel.tsx';
import { Problems } from './Problems.tsx';
import { picture } from './picture.ts';
import { matching } from './search.ts';
import { Toolbar } from './Toolbar.tsx';
import './map.css';

const Canvas = lazy(() => import('./Canvas.tsx'));

export default function MapView() {
  const { at } = useRoute().params;
  const asked = useQuery(estateQuery, at === undefined ? {} : { at });
  useSubscription(taken, () => at === undefined && asked.again());
  return (
    <>
      <h1 className="unseen">Map</h1>
      <State asked={asked} loading="Reading the hosts…">
        {(estate) => (estate.hosts.nodes.length === 0 ? <Nothing /> : <Picture estate={estate} />)}
      </State>
    </>
  );
}

const Nothing = () => (
  <Empty title="No host is known yet">
    <p>
      Name hosts in <code>netwhy.yaml</code>, or start <code>netwhy serve</code> on a machine with Docker. <code>netwhy doctor</code> says what can be read
      here.
    </p>
  </Empty>
);

function Picture({ estate }: { readonly estate: Estate }) {
  const { params } = useRoute();
  const { host, project, network, q = '', sel = null, path = '', stopped, at } = params;
  const wide = useMedia('(min-width: 48rem)');
  const [view, setView] = useState<View | null>(null);
  const drawn = useMemo(() => picture(estate, { host, project, network }), [estate, host, project, network]);
  const places = useStable(drawn, [host, project, network].join('\n'));
  const passed = useMemo(() => (path === '' ? [] : path.split('~')), [path]);
  const drawing = useMemo(() => [...elements(drawn, places), ...pathElements(passed, stopped !== undefined, places)], [drawn, places, passed, stopped]);
  const wanted = useDeferredValue(q);
  const lit = useMemo(() => matching(estate, wanted) ?? (passed.length > 0 ? new Set(passed) : null), [estate, wanted, passed]);
  const side = useRef<HTMLElement>(null);
  // In a narrow window it stands above what was chosen from.
  useEffect(() => {
    if (sel !== null && !wide) side.current?.scrollIntoView();
  }, [sel, wide]);
  const choose = useCallback((id: string | null) => setParams({ sel: id }), []);
  const show = (id: string) => {
    choose(id);
    view?.show(id);
  };
  const find = (name: string) => {
    const found = [...estate.containers.nodes, ...estate.networks.nodes, ...estate.hosts.nodes].find(
      (thing) => (lit ?? new Set()).has(thing.id) && (thing.name === name || thing.name.includes(name)),
    );
    const id = found?.id ?? [...(lit ?? [])][0];
    if (id !== undefined) show(id);
  };
  return (
    <div className="map">
      <Toolbar estate={estate} params={params} lit={lit} onFind={find} />
      <Outline picture={drawn} chosen={sel} lit={lit} onChoose={show} />
      {wide && (
        <div className="picture">
          <Suspense fallback={<Loading what="Drawing…" />}>
            <Canvas elements={drawing} chosen={sel} lit={lit} onChoose={choose} onReady={setView} />
          </Suspense>
          <div className="controls">
            <button type="button" onClick={() => view?.zoom(1.3)} aria-label="Zoom in">
              +
            </button>
            <button type="button" onClick={() => view?.zoom(1 / 1.3)} aria-label="Zoom out">
              −
            </button>
            <button type="button" onClick={() => view?.show(null)}>
              Fit
            </button>
          </div>
          {passed.length > 0 && (
            <p className="showing">
              The path of a packet.{' '}
              <button type="button" onClick={() => setParams({ path: null, stopped: null })}>
                Show all
              </button>
            </p>
          )}
          <Legend />
        </div>
      )}
      <aside ref={side} aria-label={sel === null ? 'What is wrong' : 'What is chosen'}>
        {sel === null ? (
          <Problems estate={estate} onChoose={show} />
        ) : (
          <>
            <button type="button" className="plain close" onClick={() => choose(null)}>
              ← All findings
            </button>
            <Panel estate={estate} id={sel} at={at} findings={drawn.findings.get(sel) ?? []} onChoose={show} />
          </>
        )}
      </aside>
    </div>
  );
}

/** Places that stay while the same is looked at; another filter may place anew. */
function useStable(drawn: ReturnType<typeof picture>, filter: string): Layout {
  const before = useRef<{ readonly filter: string; readonly layout: Layout }>(null);
  return useMemo(() => {
    const next = layout(drawn, before.current?.filter === filter ? before.current.layout : null);
    before.current = { filter, layout: next };
    return next;
  }, [drawn, filter]);
}

const Legend = () => (
  <p className="legend small muted">
    <span className="tone good">● running</span> <span className="tone bad">▲ unhealthy</span> <span className="tone warn">‖ paused</span>{' '}
    <span>■ stopped</span> <span className="port-sign">published port</span>
  </p>
);
