"""What the kernel does with a packet: sends probes from many network namespaces at once and hears the rules' traces.

Standard input: {"timeout": seconds, "probes": [{"id", "place", "protocol", "to", "port", "sport", "source"}], "trace": {name: place}}
where a place is a process folder of /proc. Standard output: {"results": {id: {...}}, "events": [...]}. Node has neither setns(2)
nor netlink and raw sockets, hence Python. Trace messages: linux/netfilter/nf_tables.h (nft_trace_attributes) and nfnetlink_log.h.
"""
import ctypes, errno, json, os, select, socket, struct, subprocess, sys, time

libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, NETLINK_NETFILTER, NFNLGRP_NFTRACE = 0x40000000, 270, 1, 12, 9
own = os.open('/proc/self/ns/net', os.O_RDONLY)

class Inside:
    "with Inside(place): sockets made here belong to the place's network namespace"
    def __init__(self, place): self.path = place + '/ns/net'
    def __enter__(self):
        fd = os.open(self.path, os.O_RDONLY)
        if libc.setns(fd, CLONE_NEWNET): raise OSError(ctypes.get_errno(), self.path)
        os.close(fd)
    def __exit__(self, *_): libc.setns(own, CLONE_NEWNET)

def checksum(data):
    total = sum(struct.unpack(f'!{len(data) // 2}H', data))
    total = (total >> 16) + (total & 0xffff)
    return ~(total + (total >> 16)) & 0xffff

# ---- probes
REQUEST = b'GET / HTTP/1.0\r\n\r\n'

def start(p):
    "socket on its way; raises the error that the sender sees at once"
    tcp, icmp = p['protocol'] == 'tcp', p['protocol'] == 'icmp'
    with Inside(p['place']):
        kind = socket.SOCK_RAW if icmp else socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM
        s = socket.socket(socket.AF_INET, kind | socket.SOCK_NONBLOCK, socket.IPPROTO_ICMP if icmp else 0)
    try:
        if p.get('source') or not icmp: s.bind((p.get('source') or '0.0.0.0', 0 if icmp else p['sport']))
        if icmp:
            body = struct.pack('!HH', p['sport'], 1) + b'netwhy lab'
            s.sendto(struct.pack('!BBH', 8, 0, checksum(b'\x08\0\0\0' + body)) + body, (p['to'], 0))
        else:
            e = s.connect_ex((p['to'], p['port']))
            if e and e != errno.EINPROGRESS: raise OSError(e, 'connect')
            if not tcp: s.send(b'hello?')
    except OSError:
        s.close()
        raise
    return s

ICMP_ERRNO = {0: 'ENETUNREACH', 2: 'ENOPROTOOPT', 3: 'ECONNREFUSED', 6: 'ENETUNREACH', 9: 'ENETUNREACH', 11: 'ENETUNREACH'}
def echo(data, sport):
    "what a datagram of the raw socket says of our echo: 'reply', an errno, or nothing"
    icmp = data[(data[0] & 15) * 4:]
    if icmp[0] == 0 and struct.unpack('!H', icmp[4:6])[0] == sport: return 'reply'
    quoted = icmp[8:]
    if icmp[0] not in (3, 11) or len(quoted) < 28: return None
    at = (quoted[0] & 15) * 4
    if quoted[9] != 1 or struct.unpack('!H', quoted[at + 4:at + 6])[0] != sport: return None
    return ICMP_ERRNO.get(icmp[1], 'EHOSTUNREACH') if icmp[0] == 3 else 'EHOSTUNREACH'

def shoot(probes, timeout):
    poll, live, results = select.epoll(), {}, {}
    def end(fd, **result):
        s, p, _ = live.pop(fd)
        poll.unregister(fd)
        if s.type == socket.SOCK_STREAM: s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        s.close()
        results[p['id']] = result
    for p in probes:
        try: s = start(p)
        except OSError as e:
            results[p['id']] = {'errno': errno.errorcode.get(e.errno, str(e.errno)), 'local': True}
            continue
        live[s.fileno()] = [s, p, False]
        poll.register(s, select.EPOLLIN | (select.EPOLLOUT if p['protocol'] == 'tcp' else 0))
    deadline = time.monotonic() + timeout
    while live and (left := deadline - time.monotonic()) > 0:
        for fd, event in poll.poll(left):
            s, p, connected = live[fd]
            half = {'connected': True} if connected else {}
            if event & select.EPOLLIN:
                try: data = s.recv(2048)
                except OSError as e: end(fd, errno=errno.errorcode.get(e.errno), **half); continue
                if p['protocol'] != 'icmp':
                    end(fd, **({'data': True} if data else {'errno': 'EOF'}), **half)
                elif verdict := echo(data, p['sport']):
                    end(fd, **({'data': True} if verdict == 'reply' else {'errno': verdict}))
            elif event & (select.EPOLLERR | select.EPOLLHUP):
                e = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                end(fd, errno=errno.errorcode.get(e, 'EOF'), **half)
            elif event & select.EPOLLOUT and not connected:
                live[fd][2] = True
                poll.modify(fd, select.EPOLLIN)
                try: s.send(REQUEST)
                except OSError as e: end(fd, errno=errno.errorcode.get(e.errno), connected=True)
    for fd in list(live): end(fd, errno='ETIMEDOUT', **({'connected': True} if live[fd][2] else {}))
    return results

# ---- traces
def attributes(data):
    found, at = {}, 0
    while at + 4 <= len(data):
        length, kind = struct.unpack_from('HH', data, at)
        if length < 4: break
        found[kind & 0x3fff] = data[at + 4:at + length]
        at += length + 3 & ~3
    return found

def messages(s):
    while True:
        try: data = s.recv(1 << 17)
        except BlockingIOError: return
        except OSError as e:
            if e.errno == errno.ENOBUFS: raise SystemExit('trace messages were lost')
            return
        while len(data) >= 20:
            length, kind = struct.unpack_from('IH', data)
            if length < 20: break
            yield kind, data[16], data[20:length]
            data = data[length + 3 & ~3:]

def flow(packet):
    "(protocol, source port, destination port) of the packet, or of the one that an ICMP error quotes; an echo's ports are its id"
    for _ in range(2):
        if len(packet) < 24 or packet[0] >> 4 != 4: return None
        protocol, rest = packet[9], packet[(packet[0] & 15) * 4:]
        if protocol in (6, 17): return ('tcp' if protocol == 6 else 'udp', *struct.unpack('!HH', rest[:4]))
        if protocol != 1 or len(rest) < 8: return None
        if rest[0] in (0, 8): return ('icmp', *((struct.unpack('!H', rest[4:6]) + (0,))[::1 if rest[0] == 8 else -1]))
        packet = rest[8:]
    return None

def text(data): return data.split(b'\0')[0].decode()

FAMILY = {1: 'inet', 2: 'ip', 3: 'arp', 5: 'netdev', 7: 'bridge', 10: 'ip6'}
TABLE = 'nwlab_trace'

class Traces:
    def __init__(self, places, ports):
        self.places, self.sockets = places, {}
        mark = ''.join(f'  meta l4proto {{ tcp, udp }} th {side} {ports[0]}-{ports[1]} meta nftrace set 1\n' for side in ('sport', 'dport'))
        mark += '  meta l4proto icmp meta nftrace set 1\n'
        chains = ''.join(f' chain {hook} {{\n  type filter hook {hook} priority -350;\n{mark} }}\n' for hook in ('prerouting', 'output'))
        rules = f'table inet {TABLE} {{\n{chains}}}\n'
        for name, place in places.items():
            with Inside(place):
                s = self.sockets[name] = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, NETLINK_NETFILTER)
                with open('/proc/sys/net/netfilter/nf_log/2', 'w') as f: f.write('nfnetlink_log')
            s.setsockopt(socket.SOL_SOCKET, 33, 1 << 24)                     # SO_RCVBUFFORCE
            s.bind((0, 0))
            s.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, NFNLGRP_NFTRACE)
            # iptables-legacy logs its steps of a marked packet to NFLOG group 0: bind, copy 96 bytes, no batching.
            for attribute in ('0500010001', '0a0002000000006002', '0800050000000001'):
                body = bytes.fromhex(attribute)
                body += bytes(-len(body) % 4)
                s.send(struct.pack('IHHIIBBH', 20 + len(body), 0x401, 1, 0, 0, 0, 0, 0) + body)
        self.nft(rules)
    def nft(self, script):
        running = []
        for place in self.places.values():
            p = subprocess.Popen(['nsenter', f'--net={place}/ns/net', 'nft', '-f', '-'], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            p.stdin.write(script); p.stdin.close()
            running.append(p)
        for p in running:
            if p.wait(): raise SystemExit('nft: ' + p.stderr.read())
    def close(self): self.nft(f'delete table inet {TABLE}\n')
    def events(self):
        for name, s in self.sockets.items():
            packets = {}
            for kind, family, data in messages(s):
                a = attributes(data)
                if kind == 0x400 and 10 in a and text(a[10]).startswith('TRACE: '):      # "TRACE: table:chain:rule|return|policy:number"
                    table, chain, what, number = text(a[10]).split()[1].split(':')
                    yield {'at': name, 'flow': flow(a.get(9, b'')), 'backend': 'iptables-legacy', 'family': FAMILY[family], 'table': table, 'chain': chain, 'what': what, 'number': int(number)}
                elif kind >> 8 == 10 and 6 in a and text(a.get(1, b'')) != TABLE:
                    if 8 in a: packets[a[6]] = a[8] + a.get(9, b'')
                    code = attributes(a.get(5, b'')).get(1) or a.get(16) or b'\0\0\0\1'
                    dropped = int.from_bytes(code, 'big', signed=True) & ~0xff00 == 0
                    yield {'at': name, 'flow': flow(packets.get(a[6], b'')), 'backend': 'nft', 'family': FAMILY[family], 'table': text(a[1]), 'chain': text(a[2]),
                           'what': {1: 'policy', 2: 'return', 3: 'rule'}[a[4][3]], 'number': int.from_bytes(a.get(3, b''), 'big'), 'dropped': dropped}

asked = json.load(sys.stdin)
sports = [p['sport'] for p in asked['probes']]
traces = Traces(asked['trace'], (min(sports), max(sports))) if asked['trace'] else None
try:
    results = shoot(asked['probes'], asked['timeout'])
    time.sleep(.05)
    events = list(traces.events()) if traces else []
finally:
    if traces: traces.close()
json.dump({'results': results, 'events': [e for e in events if e['flow']]}, sys.stdout)
