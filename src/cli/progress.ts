import { show } from '../util/printable.ts';

interface Progress {
  readonly host: string;
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

/** Milliseconds: who waits longer wants to know what for. */
const SILENT = 1000;

/** One line on standard error that is rewritten, on a terminal only; `done` wipes it. */
export function progressLine(stream: NodeJS.WriteStream): { readonly onProgress: (progress: Progress) => void; readonly done: () => void } {
  const started = performance.now();
  let shown = false;
  return {
    onProgress: ({ host, stage, done, total }) => {
      if (!stream.isTTY || performance.now() - started < SILENT) return;
      shown = true;
      stream.write(`\r\x1b[2K${show(`reading ${host}: ${stage} (${done} of ${total})`, Math.max(20, (stream.columns ?? 80) - 1))}`);
    },
    done: () => {
      if (shown) stream.write('\r\x1b[2K');
      shown = false;
    },
  };
}
