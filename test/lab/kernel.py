"""What the kernel does with a packet: sends probes from many network namespaces at once and hears the rules' traces.

Standard input: {"timeout": seconds, "probes": [{"id", "place", "protocol", "to", "port", "sport", "source"}], "trace": {name: place}, "apart"}
where a place is a folder like a process's in /proc. With "apart" each probe is sent alone, and before it every traced place forgets its
neighbours and connections. Standard output: {"results": {id: {...}}, "events": [...]}. Node has neither setns(2)
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
    tcp, icmp, six = p['protocol'] == 'tcp', p['protocol'] == 'icmp', ':' in p['to']
    with Inside(p['place']):
        kind = socket.SOCK_RAW if icmp else socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM
        s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, kind | socket.SOCK_NONBLOCK, (58 if six else 1) if icmp else 0)
    try:
        if six and not icmp: s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        # An error that comes back while connect(2) still holds the socket would else show only after the next SYN.
        if tcp: s.setsockopt(*((socket.IPPROTO_IPV6, 25) if six else (socket.IPPROTO_IP, 11)), 1)          # IPV6_RECVERR, IP_RECVERR
        if p.get('source') or not icmp: s.bind((p.get('source') or ('::' if six else '0.0.0.0'), 0 if icmp else p['sport']))
        if icmp:
            body = struct.pack('!HH', p['sport'], 1) + b'netwhy lab'
            head = b'\x80\0\0\0' if six else struct.pack('!BBH', 8, 0, checksum(b'\x08\0\0\0' + body))
            s.sendto(head + body, (p['to'], 0))
        else:
            e = s.connect_ex((p['to'], p['port']))
            if e and e != errno.EINPROGRESS: raise OSError(e, 'connect')
            if not tcp: s.send(b'hello?')
    except OSError:
        s.close()
        raise
    return s

ICMP_ERRNO = {0: 'ENETUNREACH', 2: 'ENOPROTOOPT', 3: 'ECONNREFUSED', 6: 'ENETUNREACH', 9: 'ENETUNREACH', 11: 'ENETUNREACH'}
ICMP6_ERRNO = {0: 'ENETUNREACH', 2: 'EHOSTUNREACH', 3: 'EHOSTUNREACH', 4: 'ECONNREFUSED'}
def echo6(icmp, sport):
    "the same of an ICMPv6 socket, which gives no IPv6 header"
    if icmp[0] == 129 and struct.unpack('!H', icmp[4:6])[0] == sport: return 'reply'
    quoted = icmp[8:]
    if icmp[0] not in (1, 3) or len(quoted) < 48 or quoted[6] != 58 or struct.unpack('!H', quoted[44:46])[0] != sport: return None
    return ICMP6_ERRNO.get(icmp[1], 'EACCES') if icmp[0] == 1 else 'EHOSTUNREACH'

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
    while live:
        left = deadline - time.monotonic()
        news = poll.poll(max(left, 0))
        if left <= 0 and not news: break                      # late ourselves: what has come counts
        for fd, event in news:
            s, p, connected = live[fd]
            half = {'connected': True} if connected else {}
            if event & select.EPOLLIN:
                try: data, sender = s.recvfrom(2048)
                except OSError as e: end(fd, errno=errno.errorcode.get(e.errno), **half); continue
                if p['protocol'] != 'icmp':
                    end(fd, **({'data': True} if data else {'errno': 'EOF'}), **half)
                elif (verdict := (echo6 if s.family == socket.AF_INET6 else echo)(data, p['sport'])) and (verdict != 'reply' or sender[0] == p['to']):
                    end(fd, **({'data': True} if verdict == 'reply' else {'errno': verdict}))
            elif event & (select.EPOLLERR | select.EPOLLHUP):
                e = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if not e and not event & select.EPOLLHUP:
                    try: e = struct.unpack_from('I', s.recvmsg(64, 512, socket.MSG_ERRQUEUE)[1][0][2])[0]           # sock_extended_err
                    except (OSError, IndexError): pass
                end(fd, errno=errno.errorcode.get(e, 'EOF'), **half)
            elif event & select.EPOLLOUT and not connected:
                live[fd][2] = True
                poll.modify(fd, select.EPOLLIN)
                try: s.send(REQUEST)
                except OSError as e: end(fd, errno=errno.errorcode.get(e.errno), connected=True)
    for fd in list(live): end(fd, errno='ETIMEDOUT', **({'connected': True} if live[fd][2] else {}))
    return results

# ---- forgetting
def forget(s):
    "s: rtnetlink and ctnetlink sockets of a namespace. Deletes its learned neighbours and its connections (RTM_*NEIGH, IPCTNL_MSG_CT_DELETE)"
    rt, ct = s
    ct.send(struct.pack('IHHIIBBH', 20, 0x102, 1, 0, 0, 0, 0, 0))
    rt.send(struct.pack('IHHIIB11x', 28, 30, 0x301, 0, 0, 0))
    for kind, data in dump(rt):
        index, state, flags = struct.unpack_from('iHB', data, 4)
        if kind == 28 and not state & 0xc0 and not flags & 8:                        # not NUD_PERMANENT, NUD_NOARP, NTF_PROXY
            a = attributes(data[12:])
            if 1 in a:
                body = struct.pack('B3xiHBB', data[0], index, state, 0, 0) + struct.pack('HH', 4 + len(a[1]), 1) + a[1]
                rt.send(struct.pack('IHHII', 16 + len(body), 29, 5, 0, 0) + body)
                rt.recv(4096)

def dump(s):
    while True:
        data = s.recv(1 << 16)
        while len(data) >= 16:
            length, kind = struct.unpack_from('IH', data)
            if kind in (2, 3): return
            yield kind, data[16:length]
            data = data[length + 3 & ~3:]

def netlink(place):
    with Inside(place): return [socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol) for protocol in (0, NETLINK_NETFILTER)]

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
    """(protocol, source port, destination port) of the packet, or, with a fourth item `error`, of the one that an ICMP error or a reset answers;
    an echo's ports are its id. `neighbour` stands for the protocol of neighbour discovery."""
    for error in ((), ('error',)):
        if len(packet) < 24: return None
        six = packet[0] >> 4 == 6
        protocol, rest = (packet[6], packet[40:]) if six else (packet[9], packet[(packet[0] & 15) * 4:])
        if six and protocol == 58 and len(rest) >= 8:
            if rest[0] in (128, 129): return ('icmp', *((struct.unpack('!H', rest[4:6]) + (0,))[::1 if rest[0] == 128 else -1]), *error)
            if rest[0] in (135, 136): return ('neighbour', 0, 0)
            if rest[0] > 4: return None
            packet = rest[8:]
            continue
        if len(rest) < 4: return None
        if protocol in (6, 17):
            reset = protocol == 6 and len(rest) > 13 and rest[13] & 4
            return ('tcp' if protocol == 6 else 'udp', *struct.unpack('!HH', rest[:4]), *(('error',) if reset else error))
        if protocol != 1 or len(rest) < 8: return None
        if rest[0] in (0, 8): return ('icmp', *((struct.unpack('!H', rest[4:6]) + (0,))[::1 if rest[0] == 8 else -1]), *error)
        packet = rest[8:]
    return None

def text(data): return data.split(b'\0')[0].decode()

FAMILY = {1: 'inet', 2: 'ip', 3: 'arp', 5: 'netdev', 7: 'bridge', 10: 'ip6'}
TABLE = 'nwlab_trace'

class Traces:
    def __init__(self, places, ports):
        self.places, self.sockets = places, {}
        mark = ''.join(f'  meta l4proto {{ tcp, udp }} th {side} {ports[0]}-{ports[1]} meta nftrace set 1\n' for side in ('sport', 'dport'))
        mark += '  meta l4proto { icmp, ipv6-icmp } meta nftrace set 1\n'
        chains = ''.join(f' chain {hook} {{\n  type filter hook {hook} priority -350;\n{mark} }}\n' for hook in ('prerouting', 'output'))
        rules = f'table inet {TABLE} {{\n{chains}}}\n'
        for name, place in places.items():
            with Inside(place):
                s = self.sockets[name] = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, NETLINK_NETFILTER)
                for family in (2, 10):
                    with open(f'/proc/sys/net/netfilter/nf_log/{family}', 'w') as f: f.write('nfnetlink_log')
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
    results, events = {}, []
    apart = [netlink(place) for place in asked['trace'].values()] if asked.get('apart') else []
    for probes in [[p] for p in asked['probes']] if apart else [asked['probes']]:
        for sockets in apart: forget(sockets)
        results.update(shoot(probes, asked['timeout']))
        if apart and traces: events += [{**event, 'probe': probes[0]['id']} for event in traces.events()]
    if not apart and traces:
        time.sleep(.05)
        events += traces.events()
finally:
    if traces: traces.close()
json.dump({'results': results, 'events': [e for e in events if e['flow']]}, sys.stdout)
