/** Bugs that doors do not show are written to the log of the process. */
export function reportBug(error: unknown): void {
  process.stderr.write(`netwhy: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
