/** A real engine with running containers, made for the bench alone in namespaces of its own. */
import { execa } from 'execa';
import { createLab, type Lab, type LabHost } from '../test/lab/hosts.ts';
import { IMAGE } from '../test/lab/image.ts';

export interface RealHost {
  readonly lab: Lab;
  readonly host: LabHost;
  readonly containers: number;
}

const NETWORKS = ['front', 'back', 'data'] as const;
const CONTAINERS = 30;
/** Engines serialize most of a start; more at a time gain nothing. */
const AT_A_TIME = 4;

function runArguments(i: number): string[] {
  const publish = i % 5 === 0 ? ['-p', `${8000 + i}:80`] : [];
  return ['run', '-d', '--name', `c${i}`, '--network', NETWORKS[i % NETWORKS.length]!, ...publish, IMAGE, 'httpd', '-f', '-p', '80'];
}

/** Why there can be no real host here; null when there can. */
export async function impossible(): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'needs root';
  if ((await execa('dockerd', ['--version'], { reject: false })).failed) return 'needs dockerd (Debian package docker.io)';
  return null;
}

/** `lab.destroy()` takes all of it away; so does the end of this process. */
export async function openRealHost(): Promise<RealHost> {
  const lab = await createLab({ hosts: [{ name: 'bench', engine: '20.10', iptables: 'nft' }] });
  try {
    const host = lab.host('bench');
    await Promise.all(NETWORKS.map((name) => host.docker('network', 'create', name)));
    const queue = Array.from({ length: CONTAINERS }, (_, i) => runArguments(i)).values();
    const worker = async (): Promise<void> => {
      for (const argv of queue) await host.docker(...argv);
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    return { lab, host, containers: CONTAINERS };
  } catch (error) {
    await lab.destroy();
    throw error;
  }
}
