/** Writes man/netwhy.1 from the commands and their options. */
import type { EventEmitter } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { program } from '../src/cli/program.ts';

const DATE = '2026-11-21';
const nothing = async () => {};

/** man(7): a backslash and a hyphen are escaped, and no line may begin as a request does. */
const text = (words: string) =>
  words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');
const argument = (words: string) => `"${text(words).replaceAll('"', '\\(dq')}"`;

const option = ({ flags, description }: { readonly flags: string; readonly description: string }) => [`.TP`, `.B ${argument(flags)}`, text(description)];

function section(command: Command, path: string): string[] {
  const own = command.options.flatMap(option);
  const extra: string[] = [];
  // What help shows behind the options is told to listeners alone.
  (command as unknown as EventEmitter).emit('afterHelp', { error: false, command, write: (line: string) => extra.push(line) });
  const name = [path, ...command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`))].join(' ');
  const notes = extra
    .join('')
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => ['.PP', text(line)]);
  return [`.SS ${argument(name)}`, text(command.description()), ...own, ...notes, ...visible(command).flatMap((one) => section(one, `${path} ${one.name()}`))];
}

const visible = (command: Command) => command.commands.filter((one) => !one.name().startsWith('_'));

const HEAD = [
  `.TH NETWHY 1 ${DATE} netwhy`,
  '.SH NAME',
  text("netwhy - why can't A reach B? Answers, with evidence, for machines that run containers"),
  '.SH SYNOPSIS',
  '.B netwhy',
  '.I command',
  '.RI [ options ]',
  '.SH DESCRIPTION',
  text(
    'netwhy reads what hosts really hold (Docker objects, network namespaces, bridges, routes, rules, sockets), builds one model of it and walks packets through it as the Linux kernel would. It only reads: nothing on a host is changed.',
  ),
];

const TAIL = [
  '.SH EXIT STATUS',
  ...[
    ['0', 'reachable, or done'],
    ['1', 'unreachable; an intent is broken; damage was found'],
    ['2', 'undetermined or ambiguous'],
    ['3', 'wrong usage, or nothing could be read'],
  ].flatMap(([code, meaning]) => ['.TP', `.B ${code}`, text(meaning!)]),
  '.SH ENVIRONMENT',
  ...[
    ['NETWHY_SERVER', 'the running service to ask, when neither --server, --recording nor --config is given'],
    ['DATABASE_URL', 'where snapshots are: file:/path/netwhy.db or postgresql://USER:PASSWORD@HOST:PORT/DATABASE'],
    ['DOCKER_HOST', 'the engine of this machine, when the configuration names no hosts'],
    ['NETWHY_COMPLETION_MS', 'how long completion looks for names, in milliseconds; 300 when not set'],
    ['NO_COLOR, FORCE_COLOR', 'no colour at all; colour in a pipe too'],
  ].flatMap(([name, meaning]) => ['.TP', `.B ${argument(name!)}`, text(meaning!)]),
  '.SH FILES',
  ...[
    ['netwhy.yaml, /etc/netwhy/netwhy.yaml', 'the configuration'],
    ['~/.local/state/netwhy/netwhy.db', 'snapshots, unless the configuration or DATABASE_URL says otherwise'],
  ].flatMap(([name, meaning]) => ['.TP', `.I ${argument(name!)}`, text(meaning!)]),
  '.SH EXAMPLES',
  '.EX',
  ...[
    'netwhy why web db:5432',
    'netwhy why internet host:h1:8080 --watch',
    'netwhy findings --severity HIGH',
    'netwhy diff before after --flows',
    'source <(netwhy completion bash)',
  ].map(text),
  '.EE',
];

export async function manPage(): Promise<string> {
  const services = { serve: nothing, schedules: nothing, mcp: nothing, completion: { script: nothing, candidates: nothing } };
  const names = visible(await program(nothing, services, [])).map((one) => one.name());
  // Lists bring their filters when they are named.
  const cli = await program(nothing, services, names);
  return `${[...HEAD, '.SH COMMANDS', ...visible(cli).flatMap((one) => section(one, one.name())), ...TAIL].join('\n')}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  mkdirSync('man', { recursive: true });
  writeFileSync('man/netwhy.1', await manPage());
}
