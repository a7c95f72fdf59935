/**
 * `grep -rsH ''` below /proc/sys/net → `net.ipv4.conf.eth0/100.rp_filter = 1`, sorted.
 * A dot inside a name becomes a slash, as sysctl(8) writes it; interface names hold neither colon nor slash (dev_valid_name, net/core/dev.c).
 */
export function sysctlLines(grep: string): string {
  const lines: string[] = [];
  for (const line of grep.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const key = line
      .slice(0, colon)
      .split('/')
      .map((part) => part.replaceAll('.', '/'))
      .join('.');
    lines.push(`net.${key} = ${line.slice(colon + 1)}`);
  }
  return lines
    .sort()
    .map((line) => `${line}\n`)
    .join('');
}
