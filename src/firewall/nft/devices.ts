/** Devices of the chains of `nft list chains`: nft before 1.0.7 does not tell them in JSON. */

const TABLE = /^table (\S+) (\S+) \{/;
const CHAIN = /^\tchain (\S+) \{/;
const HOOK = /^\t\ttype \S+ hook (?:ingress|egress) (?:device "?([^\s"]+)"?|devices = \{ ([^{}]*[^{}\s]) \}) priority /;

/** By `family table chain`. A line that is not whole says nothing. */
export function chainDevices(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  let table = '';
  let chain = '';
  for (const line of text.split('\n')) {
    const inTable = TABLE.exec(line);
    const inChain = CHAIN.exec(line);
    const hook = HOOK.exec(line);
    if (inTable) table = `${inTable[1]} ${inTable[2]}`;
    else if (inChain) chain = inChain[1]!;
    else if (hook) found.set(`${table} ${chain}`, hook[1] === undefined ? list(hook[2]!) : [hook[1]]);
  }
  return found;
}

const list = (text: string): readonly string[] => text.split(',').map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
