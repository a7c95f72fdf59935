/**
 * send-one.mjs tcp|udp ADDRESS PORT MILLISECONDS [SOURCE_PORT [SOURCE_ADDRESS]]: one connection, closed at once, or one datagram, from the
 * namespace that it runs in. Prints {"outcome": "ANSWERED" | "FAILED" | "SILENT", "errno": string | null, "milliseconds": number}.
 */
import dgram from 'node:dgram';
import net from 'node:net';

const [protocol, address, port, patience, sourcePort = '0', sourceAddress] = process.argv.slice(2);
const family = net.isIP(address);
const started = performance.now();

function end(outcome, errno = null) {
  process.stdout.write(JSON.stringify({ outcome, errno, milliseconds: Math.round((performance.now() - started) * 10) / 10 }), () => process.exit(0));
}
const fail = ({ code, errno }) => end('FAILED', code ?? String(errno));
setTimeout(() => end('SILENT'), Number(patience));

if (family === 0) end('FAILED', 'EINVAL');
else if (protocol === 'tcp') {
  const local = { ...(sourceAddress && { localAddress: sourceAddress }), ...(sourcePort !== '0' && { localPort: Number(sourcePort) }) };
  const socket = net.connect({ host: address, port: Number(port), family, autoSelectFamily: false, ...local });
  socket.once('error', fail);
  socket.once('connect', () => {
    socket.destroy();
    end('ANSWERED');
  });
} else {
  const socket = dgram.createSocket(family === 6 ? 'udp6' : 'udp4');
  socket.once('error', fail);
  socket.once('message', () => end('ANSWERED'));
  // Connected, so that the kernel passes ICMP errors on to it.
  const send = () =>
    socket.connect(Number(port), address, (refused) => {
      if (refused) fail(refused);
      else socket.send('netwhy probe\n', (unsent) => unsent && fail(unsent));
    });
  if (sourceAddress || sourcePort !== '0') socket.bind({ port: Number(sourcePort), address: sourceAddress, exclusive: true }, send);
  else send();
}
