/** What a container's state looks like: sign, word and tone, so that none of them is needed alone. */
export type Tone = 'good' | 'warn' | 'bad' | 'idle';

export interface Condition {
  readonly sign: string;
  readonly word: string;
  readonly tone: Tone;
}

interface Stateful {
  readonly state: string;
  readonly health: string | null;
  readonly exitCode: number | null;
}

const STATES: Readonly<Record<string, Condition>> = {
  created: { sign: '○', word: 'created, never started', tone: 'idle' },
  paused: { sign: '‖', word: 'paused', tone: 'warn' },
  restarting: { sign: '↻', word: 'restarting', tone: 'bad' },
  removing: { sign: '…', word: 'being removed', tone: 'idle' },
  dead: { sign: '✕', word: 'dead', tone: 'bad' },
};

export function conditionOf({ state, health, exitCode }: Stateful): Condition {
  if (state === 'running') {
    if (health === 'unhealthy') return { sign: '▲', word: 'unhealthy', tone: 'bad' };
    if (health === 'starting') return { sign: '◐', word: 'starting', tone: 'warn' };
    return { sign: '●', word: health === 'healthy' ? 'running, healthy' : 'running', tone: 'good' };
  }
  if (state === 'exited') return { sign: '■', word: exitCode ? `stopped with exit code ${exitCode}` : 'stopped', tone: 'idle' };
  return STATES[state] ?? { sign: '?', word: state, tone: 'idle' };
}
