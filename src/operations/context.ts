import type { AuditEntry, Principal } from '../model/access.ts';
import type { Intent } from '../model/intent.ts';
import type { NoticeTarget } from '../model/notice.ts';
import type { SendProbe } from '../model/probe.ts';
import type { Retention } from '../model/retention.ts';
import type { Schedule } from '../model/schedule.ts';
import type { Asking, Telemetry } from '../model/telemetry.ts';
import type { SnapshotStore } from '../snapshots/store.ts';
import type { Allowance } from './allowance.ts';
import type { Estates } from './estates.ts';
import type { Events } from './events.ts';
import type { Slots } from './slots.ts';

export interface Watch {
  /** What must hold, as the configuration says. */
  readonly intents: readonly Intent[];
  /** Who is told when one of them changes. */
  readonly targets: readonly NoticeTarget[];
}

/** How it was started. */
export interface Setup {
  /** The configuration; null when there is none. */
  readonly file: string | null;
  readonly listen: { readonly host: string; readonly port: number };
  /** Whether that is loopback. */
  readonly loopback: boolean;
  /** JWTs are accepted. */
  readonly oidc: boolean;
  /** This process listens there. */
  readonly serves: boolean;
}

/** What every operation works with. */
export interface Context {
  /** Who asks: doors give each request a context of its own. */
  readonly principal: Principal;
  readonly estates: Estates;
  /** Opened when first needed: most questions need no database. */
  store(): Promise<SnapshotStore>;
  readonly schedules: readonly Schedule[];
  /** What is done about a snapshot besides keeping it; nothing when absent. */
  readonly watch?: Watch;
  /** How long snapshots are kept; for ever when absent. */
  readonly retention?: Retention | null;
  /** What subscribers hear; none without a service. */
  readonly events?: Events;
  /** What this request may take; anything when absent. */
  readonly allowance?: Allowance | undefined;
  /** For operations that take long; they do not wait for each other when absent. */
  readonly slots?: Slots | undefined;
  /** Hears of what was done and refused; absent without a service. */
  audit?(entry: AuditEntry): void;
  /** Sends one real packet; `off` where the configuration does not want it, absent where no host is read. */
  readonly probe?: SendProbe | 'off';
  readonly setup?: Setup;
  /** Hears of the work; nobody when absent. */
  readonly telemetry?: Telemetry;
  /** Whose work this is; null when nobody asked by HTTP. */
  readonly asking?: Asking;
  /** Hears of bugs that a door must not show. */
  report(error: unknown): void;
}
