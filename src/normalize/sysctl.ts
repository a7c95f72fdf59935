/** Lines of `sysctl` → values. Keys lose the leading `net.`; slashes in interface names stay as sysctl(8) prints them. */
import { Unreadable } from './fact.ts';

export function parseSysctls(data: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [i, line] of data.split('\n').entries()) {
    if (line.trim() === '') continue;
    const match = /^(\S+)\s*=\s*(.*)$/.exec(line);
    if (!match?.[1]) throw new Unreadable(`line ${i + 1}: no "key = value": ${line.slice(0, 80)}`);
    values.set(match[1].replace(/^net\./, ''), (match[2] ?? '').trim());
  }
  return values;
}
