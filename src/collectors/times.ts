/** How long a reading of a host took, by what was read. */
import type { NamespaceReply } from './sections.ts';

export class Times {
  /** By source, in seconds; what is read in several namespaces is added up. */
  readonly bySource = new Map<string, number>();

  add(source: string, seconds: number): void {
    this.bySource.set(source, (this.bySource.get(source) ?? 0) + seconds);
  }

  async of<T>(source: string, work: Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work;
    } finally {
      this.add(source, (performance.now() - start) / 1000);
    }
  }

  addReplies(replies: Iterable<NamespaceReply>): void {
    for (const { sections } of replies)
      for (const [source, section] of sections) if (section.kind === 'ran' && section.seconds !== undefined) this.add(source, section.seconds);
  }
}
