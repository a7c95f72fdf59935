/** One argument for a POSIX shell. What a terminal would act on cannot be copied: it is written as $'...'. */
function quoted(argument: string): string {
  if (/^[\w@%+=:,./-]+$/.test(argument)) return argument;
  if (/^[\x20-\x7e]*$/.test(argument)) return `'${argument.replaceAll("'", `'\\''`)}'`;
  const bytes = [...new TextEncoder().encode(argument)].map((byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
  );
  return `$'${bytes.join('')}'`;
}

/** An argument list as a person would type it. */
export const shellCommand = (argv: readonly string[]) => argv.map(quoted).join(' ');
