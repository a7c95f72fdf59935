import { spawnSync } from 'node:child_process';

/** To make namespaces, rules and packets. */
export const TOOLS = ['nft', 'iptables', 'ip', 'nsenter', 'unshare', 'setpriv', '/usr/bin/python3'];

/** Whether a lab can be built here. Says why not, and in CI fails instead: a lab that is skipped proves nothing. */
export function labPossible(programs: readonly string[] = [...TOOLS, 'dockerd', 'busybox']): boolean {
  const missing: string[] = [];
  if (process.getuid?.() !== 0) missing.push('root');
  for (const program of programs) {
    if (spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status !== 0) missing.push(program);
  }
  if (missing.length === 0) return true;
  const message = `The lab needs ${missing.join(', ')} (Debian: docker.io iptables nftables iproute2 ipset busybox-static python3 util-linux).`;
  if (process.env.CI) throw new Error(message);
  console.warn(`${message} Its tests are skipped.`);
  return false;
}
