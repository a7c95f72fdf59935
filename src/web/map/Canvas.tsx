import cytoscape, { type Core, type ElementDefinition } from 'cytoscape';
import { useEffect, useRef } from 'react';
import { useTheme } from '../use/theme.ts';
import { mapStyle } from './style.ts';

/** More than this many things are moved as a picture of themselves while the view moves. */
const MANY = 600;

export interface View {
  /** Shows this thing in the middle; all of it when null. */
  show(id: string | null): void;
  zoom(factor: number): void;
}

interface Props {
  readonly elements: readonly ElementDefinition[];
  readonly chosen: string | null;
  /** What is not among them is dimmed; null: nothing is. */
  readonly lit: ReadonlySet<string> | null;
  readonly onChoose: (id: string | null) => void;
  readonly onReady: (view: View | null) => void;
}

export default function Canvas({ elements, chosen, lit, onChoose, onReady }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const core = useRef<Core>(null);
  const theme = useTheme();
  /** What the picture was made of needs no change. */
  const made = useRef({ elements, theme });
  const latest = useRef(onChoose);
  latest.current = onChoose;

  useEffect(() => {
    const many = elements.length > MANY;
    const cy = cytoscape({
      container: place.current,
      elements: [...elements],
      style: mapStyle(),
      layout: { name: 'preset', padding: 24 },
      minZoom: 0.04,
      maxZoom: 2.5,
      autoungrabify: true,
      boxSelectionEnabled: false,
      textureOnViewport: many,
      hideEdgesOnViewport: many,
    });
    const path = cy.edges('.path');
    if (path.nonempty()) cy.fit(path.union(path.connectedNodes()), 80);
    if (cy.zoom() > 1) cy.zoom({ level: 1, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
    cy.on('tap', (event) => latest.current(event.target === cy ? null : thing(event.target.data())));
    const resized = new ResizeObserver(() => cy.resize());
    resized.observe(place.current!);
    core.current = cy;
    onReady(viewOf(cy));
    return () => {
      resized.disconnect();
      onReady(null);
      cy.destroy();
    };
    // What changes later is changed in place below.
  }, [onReady]);

  useEffect(() => {
    if (made.current.elements === elements) return;
    made.current = { ...made.current, elements };
    core.current?.json({ elements: [...elements] });
  }, [elements]);

  useEffect(() => {
    if (made.current.theme === theme) return;
    made.current = { ...made.current, theme };
    core.current?.style(mapStyle());
  }, [theme]);

  useEffect(() => {
    const cy = core.current;
    cy?.batch(() => {
      for (const node of cy.nodes()) {
        const id = thing(node.data());
        node.toggleClass('chosen', node.id() === chosen);
        node.toggleClass('dim', lit !== null && !node.isParent() && !lit.has(id ?? node.id()));
      }
      cy.edges()
        .not('.path')
        .toggleClass('dim', lit !== null);
    });
  }, [chosen, lit, elements]);

  return <div ref={place} className="canvas" aria-hidden="true" />;
}

/** The id of what a node of the canvas stands for; null for what stands for nothing. */
function thing({ id, of }: { readonly id: string; readonly of?: string }): string | null {
  const about = of ?? id;
  return /^(host|network|container):/.test(about) ? about : null;
}

function viewOf(cy: Core): View {
  const moved = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 220;
  return {
    show: (id) => {
      const element = id === null ? cy.collection() : cy.getElementById(id);
      if (element.empty()) cy.animate({ fit: { eles: cy.elements(), padding: 24 } }, { duration: moved });
      else if (element.isParent()) cy.animate({ fit: { eles: element, padding: 60 } }, { duration: moved });
      else cy.animate({ center: { eles: element }, zoom: Math.max(cy.zoom(), 1) }, { duration: moved });
    },
    zoom: (factor) => cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } }),
  };
}
