export { printable, shorten, show } from '../util/printable.ts';
