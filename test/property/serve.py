"""Answers on sockets in many namespaces until killed. Standard input: [{"place", "protocol", "address", "port", "dev", "v6only"}], a place
as kernel.py has it. TCP says hello and waits for the other end to hang up; UDP answers from the address that was asked (IP_PKTINFO).
A socket that the kernel refuses is left out."""
import ctypes, json, os, select, socket, struct, sys

libc = ctypes.CDLL(None, use_errno=True)
poll, sockets = select.epoll(), {}
for want in json.load(sys.stdin):
    fd = os.open(want['place'] + '/ns/net', os.O_RDONLY)
    if libc.setns(fd, 0x40000000): raise OSError(ctypes.get_errno(), want['place'])
    os.close(fd)
    six, tcp = ':' in want['address'], want['protocol'] == 'tcp'
    s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, (socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM) | socket.SOCK_NONBLOCK)
    if tcp:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.setsockopt(socket.IPPROTO_TCP, 18, 300)          # TCP_USER_TIMEOUT: what nobody acknowledges must not be repeated into the next probe
    if six:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(want.get('v6only', False)))
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    else: s.setsockopt(socket.IPPROTO_IP, 8, 1)
    try:
        if want.get('dev'): s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, want['dev'].encode())
        s.bind((want['address'], want['port']))
        if tcp: s.listen(64)
    except OSError: continue
    sockets[s.fileno()] = s, 'listener' if tcp else 'udp'
    poll.register(s, select.EPOLLIN)
os.write(1, b'ready\n')
while True:
    for fd, event in poll.poll():
        s, kind = sockets[fd]
        try:
            if kind == 'listener':
                c, _ = s.accept()
                c.setblocking(False)
                sockets[c.fileno()] = c, 'client'
                poll.register(c, select.EPOLLIN | select.EPOLLRDHUP)
                c.send(b'hello')
            elif kind == 'client':
                if event & ~select.EPOLLIN or not s.recv(4096): raise OSError
            else:
                _, extra, _, peer = s.recvmsg(2048, 256)
                back = []
                for level, what, data in extra:
                    # in_pktinfo: interface, address to send from, address that was asked; in6_pktinfo: address, interface
                    if level == socket.IPPROTO_IP: back.append((level, what, bytes(4) + data[8:12] + bytes(4)))
                    elif what == socket.IPV6_PKTINFO: back.append((level, what, data[:16] + (data[16:20] if data[:2] == b'\xfe\x80' else bytes(4))))
                s.sendmsg([b'hello'], back, 0, peer)
        except OSError:
            if kind == 'client':
                poll.unregister(fd)
                sockets.pop(fd)[0].close()
