import type { Check, CheckState } from '../model/doctor.ts';
import { never } from '../util/invariant.ts';
import { show } from '../util/printable.ts';
import type { Client } from './client.ts';
import { EXIT, type Output } from './output.ts';
import { paint, type Terminal, wrap } from './terminal.ts';

const COLOURS = { OK: 'green', WARN: 'yellow', FAIL: 'red' } as const;
const INDENT = '      ';

/** Exit codes: 0 all is well, 1 something is limited, 3 it cannot work so. */
function exitCode(state: CheckState): number {
  switch (state) {
    case 'OK':
      return EXIT.ok;
    case 'WARN':
      return EXIT.unreachable;
    case 'FAIL':
      return EXIT.failed;
    default:
      return never(state);
  }
}

function lines(terminal: Terminal, { name, state, text, remedy }: Check): string[] {
  const [first = '', ...rest] = wrap(`${show(name, 300)}: ${show(text, 1000)}`, terminal.width, INDENT);
  const mark = paint(terminal, COLOURS[state], state.toLowerCase().padEnd(INDENT.length));
  return [mark + first.slice(INDENT.length), ...rest, ...(remedy === null ? [] : wrap(`→ ${show(remedy, 1000)}`, terminal.width, INDENT))];
}

export async function doctor(client: Client, output: Output, { json }: { readonly json?: boolean }): Promise<number> {
  const found = await client.doctor();
  if (json) output.printJson(found);
  else output.print(found.checks.flatMap((check) => lines(output.terminal, check)));
  return exitCode(found.state);
}
