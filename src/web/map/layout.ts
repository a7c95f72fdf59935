/**
 * Places on the map, in pixels, as a pure function of the picture and of the layout before: what was there keeps its slot in its network,
 * what is new takes a free one, so that a refresh moves nothing that it need not.
 */
import type { Group, HostBox, Picture } from './picture.ts';
import { publishedPorts } from './ports.ts';

export interface Box {
  /** Centre. */
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface Grid {
  readonly columns: number;
  readonly rowHeight: number;
  /** Id of a container → its slot, row by row. */
  readonly slots: ReadonlyMap<string, number>;
}

export interface Layout {
  readonly boxes: ReadonlyMap<string, Box>;
  readonly grids: ReadonlyMap<string, Grid>;
}

export const OUTSIDE = 'outside';
export const NODE = { w: 140, h: 36 };
/** A slot of a network in which ports are published has room for them below the container. */
const SLOT = { w: NODE.w + 18, h: NODE.h + 18 };
const PORT_ROOM = 18;
/** Around the slots of a network, with its name on top. */
const FRAME = { side: 8, top: 40, bottom: 0 };
const GAP = 18;
const HOST = { side: 18, top: 54, bottom: 18 };
const OUTSIDE_GAP = 80;

export function layout({ hosts }: Picture, before: Layout | null = null): Layout {
  const boxes = new Map<string, Box>();
  const grids = new Map<string, Grid>();
  for (const { groups } of hosts) for (const group of groups) grids.set(group.id, grid(group, before?.grids.get(group.id)));

  const sizes = hosts.map((box) => ({ box, ...inside(box, grids) }));
  const packed = pack(sizes, GAP * 3);
  // Beside the hosts where they stand below each other, so that no line to one crosses another.
  const beside = packed.places.some(({ y }) => y > 0);
  const outside = { w: 210, h: 42 };
  boxes.set(OUTSIDE, beside ? { x: -OUTSIDE_GAP - outside.w / 2, y: packed.h / 2, ...outside } : { x: packed.w / 2, y: -OUTSIDE_GAP, ...outside });
  for (const { item, x, y } of packed.places) {
    boxes.set(item.box.host.id, centred(x, y, item.w, item.h));
    for (const place of item.places) {
      const left = x + HOST.side + place.x;
      const top = y + HOST.top + place.y;
      boxes.set(place.item.group.id, centred(left, top, place.item.w, place.item.h));
      const { columns, rowHeight, slots } = grids.get(place.item.group.id)!;
      for (const [id, slot] of slots) {
        const column = slot % columns;
        const row = Math.floor(slot / columns);
        const x0 = left + FRAME.side + column * SLOT.w + (SLOT.w - NODE.w) / 2;
        boxes.set(id, centred(x0, top + FRAME.top + row * rowHeight, NODE.w, NODE.h));
      }
    }
  }
  return { boxes, grids };
}

const centred = (left: number, top: number, w: number, h: number): Box => ({ x: left + w / 2, y: top + h / 2, w, h });

function grid({ containers }: Group, before: Grid | undefined): Grid {
  const columns = before?.columns ?? Math.max(1, Math.ceil(Math.sqrt(containers.length * 0.8)));
  const slots = new Map<string, number>();
  const taken = new Set<number>();
  for (const { id } of containers) {
    const slot = before?.slots.get(id);
    if (slot === undefined) continue;
    slots.set(id, slot);
    taken.add(slot);
  }
  let free = 0;
  for (const { id } of containers) {
    if (slots.has(id)) continue;
    while (taken.has(free)) free++;
    slots.set(id, free);
    taken.add(free);
  }
  const ports = containers.some((c) => publishedPorts(c.ports).length > 0);
  return { columns, rowHeight: SLOT.h + (ports ? PORT_ROOM : 0), slots };
}

function inside(box: HostBox, grids: ReadonlyMap<string, Grid>) {
  const groups = box.groups.map((group) => {
    const { columns, rowHeight, slots } = grids.get(group.id)!;
    const rows = Math.floor(Math.max(-1, ...slots.values()) / columns) + 1;
    return { group, w: Math.max(columns, 1) * SLOT.w + 2 * FRAME.side, h: FRAME.top + rows * rowHeight + FRAME.bottom };
  });
  const { places, w, h } = pack(groups, GAP);
  return { places, w: Math.max(w, 230) + 2 * HOST.side, h: Math.max(h, 20) + HOST.top + HOST.bottom };
}

interface Sized {
  readonly w: number;
  readonly h: number;
}

/** Left to right in rows, in the order given: about as wide as a screen is against its height. */
function pack<T extends Sized>(items: readonly T[], gap: number) {
  const area = items.reduce((sum, { w, h }) => sum + (w + gap) * (h + gap), 0);
  const width = Math.max(Math.sqrt(area * 1.9), ...items.map(({ w }) => w));
  const places: { readonly item: T; readonly x: number; readonly y: number }[] = [];
  let [x, y, rowHeight, right] = [0, 0, 0, 0];
  for (const item of items) {
    if (x > 0 && x + item.w > width) {
      x = 0;
      y += rowHeight + gap;
      rowHeight = 0;
    }
    places.push({ item, x, y });
    right = Math.max(right, x + item.w);
    x += item.w + gap;
    rowHeight = Math.max(rowHeight, item.h);
  }
  return { places, w: right, h: y + rowHeight };
}
