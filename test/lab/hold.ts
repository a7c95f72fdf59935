/** Builds a lab of one host, prints its folder and keeps it until killed: for looking around by hand, and for the tests of teardown. */
import { createLab } from './hosts.ts';

const lab = await createLab({ hosts: [{ name: 'only', engine: '20.10', iptables: 'nft' }] });
console.log(lab.folder);
setInterval(() => undefined, 1 << 30);
