import type { StylesheetJson } from 'cytoscape';
import { PORT_WIDTH } from './elements.ts';
import { NODE } from './layout.ts';

/** A colour of theme/tokens.css as the theme in force has it. */
function colour(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** Labels smaller than this many pixels on the screen are not drawn. */
const SMALLEST = 5;

export function mapStyle(): StylesheetJson {
  const font = getComputedStyle(document.body).fontFamily;
  const tones = (['good', 'warn', 'bad'] as const).map((tone) => ({
    selector: `.container.${tone}`,
    style: { 'border-color': colour(tone), 'background-color': colour(`${tone}-soft`) },
  }));
  const muted = colour('muted');
  const compound = { shape: 'round-rectangle', 'text-valign': 'top', 'text-halign': 'center', 'text-margin-y': 26, 'font-size': 14, padding: '0px' } as const;
  return [
    {
      selector: 'node',
      style: {
        label: 'data(label)',
        color: colour('text'),
        'font-family': font,
        'font-size': 12,
        'min-zoomed-font-size': SMALLEST,
        'overlay-opacity': 0,
        'text-wrap': 'ellipsis',
      },
    },
    {
      selector: '.host',
      style: {
        ...compound,
        'background-color': colour('surface'),
        'border-width': 1.5,
        'border-color': colour('line-strong'),
        'font-size': 22,
        'font-weight': 'bold',
        'text-margin-y': 36,
        'text-max-width': 'data(w)',
        'min-zoomed-font-size': 4,
      },
    },
    {
      selector: '.network',
      style: {
        ...compound,
        'background-color': colour('ground'),
        'border-width': 1,
        'border-color': colour('line'),
        color: muted,
        'text-max-width': 'data(w)',
      },
    },
    { selector: '.network.internal', style: { 'border-style': 'dashed', 'border-color': colour('line-strong') } },
    { selector: '.corner', style: { width: 1, height: 1, 'background-opacity': 0, 'border-width': 0, events: 'no' } },
    { selector: '.leaf', style: { width: 'data(w)', height: 'data(h)' } },
    {
      selector: '.container',
      style: {
        shape: 'round-rectangle',
        width: NODE.w,
        height: NODE.h,
        'background-color': colour('ground'),
        'border-width': 1.5,
        'border-color': colour('line-strong'),
        'text-valign': 'center',
        'text-halign': 'center',
        'font-size': 15,
        'text-max-width': `${NODE.w - 14}px`,
      },
    },
    ...tones,
    { selector: '.container.idle', style: { 'border-style': 'dashed', color: muted } },
    {
      selector: '.port',
      style: {
        shape: 'round-rectangle',
        width: PORT_WIDTH,
        height: 18,
        'background-color': colour('accent-soft'),
        'border-width': 1,
        'border-color': colour('accent'),
        color: colour('accent'),
        'font-size': 12,
        'text-valign': 'center',
        'text-max-width': `${PORT_WIDTH - 6}px`,
      },
    },
    {
      selector: '.badge',
      style: {
        width: 32,
        height: 26,
        shape: 'round-rectangle',
        'text-valign': 'center',
        'font-size': 17,
        'font-weight': 'bold',
        color: colour('surface'),
        'background-color': colour('muted'),
        'border-width': 1.5,
        'border-color': colour('surface'),
        'z-compound-depth': 'top',
        'z-index': 20,
      },
    },
    { selector: '.badge.HIGH', style: { 'background-color': colour('bad') } },
    { selector: '.badge.MEDIUM', style: { 'background-color': colour('warn') } },
    {
      selector: '.outside',
      style: {
        shape: 'round-rectangle',
        width: 210,
        height: 42,
        'background-color': colour('accent-soft'),
        'border-width': 1.5,
        'border-color': colour('accent'),
        'text-valign': 'center',
        'font-size': 15,
      },
    },
    {
      selector: 'edge',
      style: {
        width: 1.5,
        'line-color': colour('line-strong'),
        'curve-style': 'bezier',
        'target-arrow-color': colour('line-strong'),
        'overlay-opacity': 0,
        'font-family': font,
        'font-size': 12,
        color: muted,
        'min-zoomed-font-size': SMALLEST,
      },
    },
    {
      selector: 'edge.open',
      style: { 'target-arrow-shape': 'triangle', 'line-color': colour('accent'), 'target-arrow-color': colour('accent'), 'z-compound-depth': 'bottom' },
    },
    { selector: 'edge.member', style: { 'line-style': 'dashed', 'target-arrow-shape': 'circle', width: 2 } },
    { selector: 'edge.shares', style: { 'line-style': 'dotted', width: 2 } },
    {
      selector: 'edge.path',
      style: { width: 5, 'line-color': colour('accent'), 'target-arrow-color': colour('accent'), 'target-arrow-shape': 'triangle', 'z-compound-depth': 'top' },
    },
    {
      selector: '.gate',
      style: {
        shape: 'round-rectangle',
        width: NODE.w,
        height: NODE.h,
        'background-color': colour('accent-soft'),
        'border-width': 2,
        'border-color': colour('accent'),
        'font-size': 16,
        'text-valign': 'center',
        'z-compound-depth': 'top',
        'z-index': 10,
      },
    },
    {
      selector: '.stop',
      style: {
        width: 34,
        height: 34,
        'background-color': colour('bad'),
        color: colour('surface'),
        'font-size': 22,
        'font-weight': 'bold',
        'text-valign': 'center',
        'z-compound-depth': 'top',
        'z-index': 30,
      },
    },
    { selector: '.dim', style: { opacity: 0.16 } },
    { selector: '.chosen', style: { 'border-width': 4, 'border-color': colour('accent'), 'border-style': 'solid' } },
  ];
}
