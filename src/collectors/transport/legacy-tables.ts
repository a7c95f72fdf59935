/** Whether the kernel may hold tables of ip_tables in the namespace of a process; where that cannot be read, it may. */
import { readFileSync } from 'node:fs';

export function legacyTables(pid: number): boolean {
  return ['ip_tables_names', 'ip6_tables_names'].some((name) => {
    try {
      return readFileSync(`/proc/${pid}/net/${name}`, 'utf8') !== '';
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ENOENT';
    }
  });
}
