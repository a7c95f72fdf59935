/** Replies of the helper → facts of one namespace. */
import type { Fact } from '../model/facts.ts';
import { never } from '../util/invariant.ts';
import { type Asked, absent, failed, firstLine, ok } from './fact.ts';
import { COMMANDS, type CommandCollector } from './netns-sources.ts';
import type { NamespaceReply, Section } from './sections.ts';
import { sysctlLines } from './sysctl.ts';

export interface Run {
  readonly timeoutMs: number;
  /** Why the helper ended early, if it did. */
  readonly died: string | null;
}

/** What one process printed for several sources, a line of JSON each, dealt out; what ran alone wins. */
function dealOut(sections: ReadonlyMap<string, Section>): Map<string, Section> {
  const dealt = new Map<string, Section>();
  for (const [key, section] of sections) {
    const sources = key.split(',');
    if (sources.length === 1 || section.kind !== 'ran' || section.exitCode !== 0) continue;
    const lines = section.stdout.split('\n').filter((line) => line !== '');
    const whole = lines.length === sources.length;
    for (const [i, source] of sources.entries())
      dealt.set(
        source,
        whole ? { ...section, stdout: `${lines[i]}\n` } : { ...section, exitCode: 1, stderr: 'ip -batch printed an unexpected number of lines' },
      );
  }
  for (const [key, section] of sections) if (!key.includes(',')) dealt.set(key, section);
  return dealt;
}

const DENIED = /not permitted|permission denied|must be root/i;

function ran(collector: CommandCollector, asked: Asked, stdout: string, exitCode: number, stderr: string, timeoutMs: number): Fact {
  if (collector.name === 'sysctl' && stdout !== '' && exitCode < 126) return ok(asked, sysctlLines(stdout)); // grep: 2 when one of the files is not there
  if (exitCode === 0) return ok(asked, stdout);
  const program = collector.command[0] ?? '';
  if (exitCode === 137) return failed(asked, `timed out after ${Math.max(1, Math.ceil(timeoutMs / 1000))} s`);
  if (exitCode === 126 || exitCode === 127) {
    if (collector.name === 'ipset') return absent(asked, 'ipset is not installed; where rules refer to sets, install package ipset');
    return failed(asked, `${program} is not installed here: install package ${collector.package}`);
  }
  if (stderr.startsWith('BusyBox')) return failed(asked, `${program} is BusyBox's here, which cannot tell enough: install package ${collector.package}`);
  // Said where the kernel has no ip_set, so it can hold no sets (ipset, lib/mnl.c).
  if (collector.name === 'ipset' && stderr.includes('Cannot open session to kernel')) return absent(asked, 'the kernel has no ipset');
  if (DENIED.test(stderr)) return failed(asked, `not permitted: needs ${collector.capability ?? 'CAP_NET_ADMIN'}; run as root`);
  return failed(asked, `${program} ended with exit code ${exitCode}: ${firstLine(stderr) || 'no message'}`);
}

function toFact(collector: CommandCollector, netns: string, section: Section | undefined, run: Run): Fact {
  const asked: Asked = { source: collector.name, netns, command: collector.command };
  if (!section) return failed(asked, `not asked: ${run.died ?? 'the helper ended early'}`);
  switch (section.kind) {
    case 'ran': {
      const detailed: Asked = { ...asked, exitCode: section.exitCode, ...(section.stderr.trim() ? { stderr: section.stderr.slice(0, 4096) } : {}) };
      return ran(collector, detailed, section.stdout, section.exitCode, section.stderr, run.timeoutMs);
    }
    case 'cut':
      return failed(asked, `no whole answer: ${run.died ?? 'the helper ended early'}`);
    case 'absent':
      return absent(asked, collector.absent ?? 'not there');
    case 'unreadable':
      return failed(asked, 'whether there are legacy tables can be read by root only: run as root');
    default:
      return never(section);
  }
}

/** Why the namespace could not be entered; `gone` when it is no longer there or is none. */
function entering(reply: NamespaceReply): 'entered' | 'gone' | string {
  if (reply.sections.size > 0) return 'entered';
  if (reply.exitCode === 127) return 'nsenter is not installed here: install package util-linux';
  if (/no such file|no such process|invalid argument/i.test(reply.stderr)) return 'gone';
  if (DENIED.test(reply.stderr))
    return 'not permitted to enter this namespace: needs CAP_SYS_ADMIN, and CAP_SYS_PTRACE for namespaces of other processes; run as root';
  return firstLine(reply.stderr) || 'could not be entered';
}

/** Facts of one namespace in the order of the registry; null when the namespace has gone. */
export function netnsFacts(netns: string, reply: NamespaceReply | undefined, run: Run): Fact[] | null {
  const way = reply ? entering(reply) : `not asked: ${run.died ?? 'the helper ended early'}`;
  if (way === 'gone') return null;
  if (!reply || way !== 'entered') return COMMANDS.map((c) => failed({ source: c.name, netns, command: c.command }, way));
  return COMMANDS.map(readerOf(netns, reply, run));
}

/** Facts of what was asked, where it was not all; null unless all of it was answered. */
export function someFacts(netns: string, reply: NamespaceReply | undefined, run: Run): Fact[] | null {
  if (!reply?.complete) return null;
  const sections = dealOut(reply.sections);
  const asked = COMMANDS.filter(({ name }) => sections.has(name) || (name.startsWith('bridge.') && sections.has('bridge')));
  return asked.map(readerOf(netns, reply, run));
}

function readerOf(netns: string, reply: NamespaceReply, run: Run): (collector: CommandCollector) => Fact {
  const sections = dealOut(reply.sections);
  const noBridge = sections.get('bridge');
  return (c) => toFact(c, netns, sections.get(c.name) ?? (c.package === 'iproute2' && c.name.startsWith('bridge.') ? noBridge : undefined), run);
}
