/** One estate at one time: facts, model and what is made of them, each once. */
import type { Gap } from '../model/evidence.ts';
import type { EstateFacts } from '../model/facts.ts';
import type { Model } from '../model/model.ts';
import type { SnapshotInfo } from '../model/snapshot.ts';
import { buildModel } from '../normalize/index.ts';
import type { AnyEntity, EntityOf, ViewName } from './views/index.ts';
import { views } from './views/index.ts';
import { concerns, type Entity, type View } from './views/view.ts';

const owners = new WeakMap<object, Estate>();

export class Estate {
  readonly facts: EstateFacts;
  /** Null: live. */
  readonly snapshot: SnapshotInfo | null;
  readonly #lists = new Map<ViewName, readonly AnyEntity[]>();
  readonly #indexes = new Map<unknown, Map<string, AnyEntity>>();
  #model: Model | undefined;

  constructor(facts: EstateFacts, snapshot: SnapshotInfo | null) {
    this.facts = facts;
    this.snapshot = snapshot;
  }

  get model(): Model {
    this.#model ??= buildModel(this.facts);
    return this.#model;
  }

  list<V extends ViewName>(view: V): readonly EntityOf<V>[] {
    let list = this.#lists.get(view);
    if (!list) {
      list = (views[view] as unknown as View<AnyEntity & Entity, unknown>).list(this.model);
      for (const entity of list) this.own(entity);
      this.#lists.set(view, list);
    }
    return list as unknown as readonly EntityOf<V>[];
  }

  /** The first one of a list with this key. `keyOf` is a function of a module, for this list alone: what it gives is kept. */
  find<V extends ViewName>(view: V, keyOf: (entity: EntityOf<V>) => string, key: string): EntityOf<V> | null {
    let index = this.#indexes.get(keyOf);
    if (!index) {
      index = new Map();
      for (const entity of this.list(view)) if (!index.has(keyOf(entity))) index.set(keyOf(entity), entity as unknown as AnyEntity);
      this.#indexes.set(keyOf, index);
    }
    return (index.get(key) as unknown as EntityOf<V> | undefined) ?? null;
  }

  gaps(view: ViewName, host: string | undefined): readonly Gap[] {
    return this.model.gaps.filter(concerns(views[view].sources, host));
  }

  /** Remembers that an answer was made of this estate. */
  own<T extends object>(made: T): T {
    owners.set(made, this);
    return made;
  }

  /** The estate that an entity of a list or an answer was made of. */
  static of(made: object): Estate {
    const estate = owners.get(made);
    if (!estate) throw new Error('netwhy bug: a thing of no estate');
    return estate;
  }
}
