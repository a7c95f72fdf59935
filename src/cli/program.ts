/** The commands and their options. What they do is loaded when one runs. */
import { Command } from 'commander';
import type { At, Client } from './client.ts';
import type { Output } from './output.ts';

export interface Common {
  readonly config?: string;
  readonly server?: string;
  readonly tokenFile?: string;
  readonly recording?: string;
  readonly snapshot?: string;
  readonly json?: boolean;
  /** What is there is read anew for every question. */
  readonly watch?: boolean;
}

/** Runs `work` with the client that the options ask for; what it returns is the exit code. */
export type Run = (options: Common, work: (client: Client, output: Output, at: At) => Promise<number>) => Promise<void>;
export type Serve = (options: { config?: string; demo?: boolean; recording?: string; listen?: string }) => Promise<void>;

const LISTS = {
  hosts: ['hosts', 'machines'],
  networks: ['networks', 'Docker networks'],
  endpoints: ['endpoints', "containers' places in networks"],
  containers: ['containers', 'containers, in any state'],
  nat: ['natRules', 'rules of nat chains'],
  rules: ['filterRules', 'rules of all other chains'],
  routes: ['routes', 'routes'],
  listeners: ['listeners', 'listening sockets'],
  findings: ['findings', 'what is wrong or risky on the hosts'],
} as const;

/** What runs until a signal, with no client: its options are its own. */
export interface Services {
  readonly serve: Serve;
  readonly schedules: (options: { config?: string; once?: boolean }) => Promise<void>;
  readonly mcp: (options: { config?: string; server?: string; tokenFile?: string; recording?: string; demo?: boolean }) => Promise<void>;
  readonly completion: {
    script(shell: string): Promise<void>;
    /** `words`: what stands behind `netwhy`, the last one being typed. */
    candidates(program: Command, words: readonly string[]): Promise<void>;
  };
}

export async function program(run: Run, { serve, schedules, mcp, completion }: Services, argv: readonly string[]): Promise<Command> {
  const cli = new Command('netwhy').description("Why can't A reach B? Answers, with evidence, for machines that run containers.");
  cli.showHelpAfterError('(netwhy --help lists the commands)').enablePositionalOptions();
  cli.addHelpText('after', '\nExit codes: 0 reachable, or done; 1 unreachable; 2 undetermined or ambiguous; 3 wrong usage, or nothing could be read.');

  const common = (command: Command) =>
    command
      .option('--json', 'print JSON')
      .option('--config <file>', 'configuration; netwhy.yaml or /etc/netwhy/netwhy.yaml when not given')
      .option('--server <url>', 'ask a running service, for example http://127.0.0.1:4000; NETWHY_SERVER when neither this, --recording nor --config is given')
      .option('--token-file <file>', 'what the service asks for is in this file; in NETWHY_TOKEN when not given');
  const source = (command: Command) =>
    common(command)
      .option('--snapshot <ref>', 'answer as of a snapshot: id, label, time, latest, previous')
      .option('--recording <path>', 'answer from a recording');

  cli
    .command('serve')
    .description('run the service: the page, GraphQL, REST, chats and MCP')
    .option('--demo', 'serve a recorded estate that comes with netwhy: needs neither Docker nor root')
    .option('--recording <path>', 'serve a recording')
    .option('--listen <address:port>', 'where to listen; 127.0.0.1:4000 when not given')
    .option('--config <file>', 'configuration')
    .action(serve);

  cli
    .command('mcp')
    .description('speak MCP over standard input and output, for a model that asks')
    .option('--server <url>', 'ask a running service; NETWHY_SERVER when nothing else is given')
    .option('--token-file <file>', 'what the service asks for is in this file; in NETWHY_TOKEN when not given')
    .option('--recording <path>', 'answer from a recording')
    .option('--demo', 'answer from the recorded estate that comes with netwhy')
    .option('--config <file>', 'configuration')
    .action(mcp);

  source(cli.command('why [from] [to]'))
    .description('can FROM reach TO, and if not, why? TO takes :PORT and /udp')
    .option('--batch <file>', 'many questions: a JSON array of {id, from, to, port, protocol, sourceAddress}; - for standard input')
    .option('--protocol <name>', 'tcp, udp or icmp')
    .option('--since', 'look through the snapshots for when it turned, and by what')
    .option('--probe', 'send one real packet from FROM too, and say whether it met what the answer says')
    .option('--watch', 'ask again and again until interrupted, and print when the answer changes; with --json a line each')
    .option('--interval <seconds>', 'how long to wait between two questions of --watch; 2 when not given')
    .option('--source-address <address>', 'address that the source binds to')
    .option('--source-port <port>', 'port that the source binds to')
    .option('--family <4|6>', 'which addresses of a name')
    .action((from, to, options) => run(options, async (client, output, at) => (await import('./why.ts')).why(client, output, from, to, options, at)));

  for (const [name, [view, what]] of Object.entries(LISTS)) {
    const command = source(cli.command(name)).description(`list ${what}`);
    // Filters come with the lists themselves: loaded for the command that is asked for.
    if (argv.includes(name)) {
      const { filterOptions } = await import('./lists.ts');
      for (const filter of filterOptions(view)) command.option(`--${filter.name} <${filter.name}>`, filter.description);
    }
    command.action((options) => run(options, async (client, output, at) => (await import('./lists.ts')).printList(client, output, view, options, at)));
  }

  source(cli.command('check [file]'))
    .description('do intents hold? FILE is YAML: a list such as `- web must reach db:5432`; those of the configuration when not given')
    .option('--junit <path>', 'write JUnit XML too')
    .addHelpText('after', '\nExit codes: 0 all hold; 1 one is broken; 2 none is broken but one cannot be told, or what was given is wrong; 3 wrong usage.')
    .action((file, options) => run(options, async (client, output, at) => (await import('./check.ts')).check(client, output, file ?? null, options, at)));

  common(cli.command('intents'))
    .description('what the intents of the configuration were found to be on a snapshot; the latest when not given')
    .option('--snapshot <ref>', 'on this snapshot')
    .option('--history <intent>', 'every value that one intent had instead')
    .action((options) => run(options, async (client, output, at) => (await import('./intents.ts')).printIntents(client, output, options, at)));
  common(cli.command('notices'))
    .description('verdicts of intents that changed, and how far each was told')
    .option('--dead', 'those that could not be delivered somewhere')
    .option('--retry <id>', 'deliver again what is dead of one')
    .action((options) => run(options, async (client, output) => (await import('./intents.ts')).printNotices(client, output, options)));
  source(cli.command('matrix'))
    .description('who reaches whom: every flow between containers, hosts and the internet, alike ones together')
    .option('--host <name>', 'flows that begin or end on this host')
    .option('--container <name>', 'flows that begin or end at this container')
    .option('--network <name>', 'flows that begin or end at a container of this network')
    .option('--protocol <name>', 'tcp, udp or icmp')
    .option('--port <port>', 'only this port')
    .option('--verdict <verdict>', 'reachable, unreachable, ambiguous or undetermined')
    .action((options) => run(options, async (client, output, at) => (await import('./matrix.ts')).printMatrix(client, output, options, at)));

  const snapshots = () => import('./snapshots.ts');
  common(cli.command('snapshot'))
    .description('read all hosts now and keep what they say')
    .option('--label <label>', 'a name for it')
    .option('--recording <path>', 'keep a recording instead')
    .action((options) => run(options, async (client, output) => (await snapshots()).takeSnapshot(client, output, options)));
  common(cli.command('snapshots'))
    .description('list snapshots, newest first')
    .action((options) => run(options, async (client, output) => (await snapshots()).printSnapshots(client, output, options)));
  common(cli.command('timeline'))
    .description('when something changed, newest first')
    .option('--step <step>', 'put together the snapshots of an hour or a day: hour, day')
    .option('--since <time>', 'only from then on, as 2026-01-31T12:00:00Z')
    .option('--until <time>', 'only until then')
    .action((options) => run(options, async (client, output) => (await snapshots()).printTimeline(client, output, options)));
  common(cli.command('label <snapshot> [label]'))
    .description('name a snapshot; without a label, take its name away')
    .action((id, label, options) => run(options, async (client, output) => (await snapshots()).labelSnapshot(client, output, id, label ?? null, options)));
  common(cli.command('delete <snapshot>'))
    .description('delete a snapshot')
    .action((id, options) => run(options, async (client, output) => (await snapshots()).deleteSnapshot(client, output, id, options)));
  const database = () => import('./database.ts');
  common(cli.command('pin <snapshot>'))
    .description('keep a snapshot for ever')
    .action((id, options) => run(options, async (client, output) => (await database()).pinSnapshot(client, output, id, true, options)));
  common(cli.command('unpin <snapshot>'))
    .description('let a snapshot go with the others of its age')
    .action((id, options) => run(options, async (client, output) => (await database()).pinSnapshot(client, output, id, false, options)));
  const db = cli.command('db').description('the database that the snapshots are in');
  common(db.command('check'))
    .description('read all that is stored and compare it with its checksums')
    .addHelpText('after', '\nExit codes: 0 no damage; 1 damage; 3 it cannot be read.')
    .action((options) => run(options, async (client, output) => (await database()).checkDatabase(client, output, options)));
  common(db.command('prune'))
    .description("delete the snapshots that the configuration's `retention` no longer keeps")
    .option('--dry-run', 'only say which')
    .action((options) => run(options, async (client, output) => (await database()).pruneSnapshots(client, output, options)));
  common(cli.command('diff [from] [to]'))
    .description('what changed between two snapshots; the last two when not given, `live` is now')
    .option('--kind <kinds>', 'only changes of these kinds, with commas between')
    .option('--host <host>', 'only changes on this host')
    .option('--container <name>', 'only what happened to this container')
    .option('--flows', 'and which flows changed their verdict by it')
    .option('--recording <path>', 'take a recording for live')
    .action((from, to, options) => run(options, async (client, output) => (await snapshots()).printDiff(client, output, from ?? null, to ?? null, options)));
  common(cli.command('history <name>'))
    .description('every value that a host, network, container, endpoint or NAT rule had, from when to when')
    .option('--kind <kind>', 'host, network, container, endpoint or natRule')
    .option('--host <host>', 'only on this host')
    .action((name, options) => run(options, async (client, output) => (await snapshots()).printHistory(client, output, name, options)));
  common(cli.command('search <text>'))
    .description('look through what the snapshots hold')
    .option('--kind <kind>', 'host, network, container, endpoint or natRule')
    .option('--snapshot <ref>', 'only in this snapshot')
    .action((text, options) =>
      run(options, async (client, output, at) => (await snapshots()).printSearch(client, output, text, options.kind ?? null, at, options)),
    );
  const tokens = () => import('./tokens.ts');
  const token = cli.command('token').description('who may ask the service from elsewhere');
  common(token.command('create'))
    .description('make a token and print it, this once')
    .requiredOption('--name <name>', 'who or what it is for')
    .requiredOption('--scope <scopes>', 'what it allows, with commas between: read, snapshot, probe, admin')
    .option('--expires <duration>', 'from now: for example 12h, 90d or 1y, or never', '90d')
    .action((options) => run(options, async (client, output) => (await tokens()).createToken(client, output, options)));
  common(token.command('list'))
    .description('list tokens, without their secrets')
    .action((options) => run(options, async (client, output) => (await tokens()).listTokens(client, output, options)));
  common(token.command('revoke <id>'))
    .description('refuse a token from now on')
    .action((id, options) => run(options, async (client, output) => (await tokens()).revokeToken(client, output, id, options)));
  const schedule = cli.command('schedule').description('snapshots that are taken without anybody asking');
  schedule
    .command('run')
    .description('take snapshots whenever they are due, until a signal')
    .option('--once', 'take what is due and was not taken yet, and end')
    .option('--config <file>', 'configuration')
    .action(schedules);
  common(schedule.command('list'))
    .description('when each is due next, and what became of it last')
    .action((options) => run(options, async (client, output) => (await import('./schedule.ts')).listSchedules(client, output, options)));
  common(cli.command('doctor'))
    .description('what netwhy can and cannot read on this machine, and why')
    .option('--recording <path>', 'look at a recording instead of the hosts')
    .addHelpText('after', '\nExit codes: 0 all is well; 1 something is limited; 3 it cannot work so.')
    .action((options) => run(options, async (client, output) => (await import('./doctor.ts')).doctor(client, output, options)));
  common(cli.command('record <path>'))
    .description('write the facts to a folder, or to one file when the path ends in .tar.gz')
    .option('--snapshot <ref>', 'the facts of a snapshot instead of now')
    .action((path, options) => run(options, async (client, output, at) => (await import('./record.ts')).record(client, output, path, at, options)));
  cli
    .command('completion <shell>')
    .description('print a script that completes commands, options and names as you type: bash, zsh or fish')
    .addHelpText('after', '\nbash: source <(netwhy completion bash)\nzsh: source <(netwhy completion zsh)\nfish: netwhy completion fish | source')
    .action((shell) => completion.script(shell));
  cli.command('__complete [words...]', { hidden: true }).action((words) => completion.candidates(cli, words));
  return cli;
}
