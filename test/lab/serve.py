"""serve.py SOCKET...: answers on every SOCKET (tcp:80, udp:127.0.0.1:53) until killed.

TCP says hello and hangs up, UDP answers each datagram from the address that was asked.
busybox has no UDP server, so containers that need one run this with the lab's /usr mounted.
"""
import select, socket, sys

IP_PKTINFO = 8
poll, sockets = select.epoll(), {}
for word in sys.argv[1:]:
    kind, *address, port = word.split(':')
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == 'tcp' else socket.SOCK_DGRAM)
    if kind == 'tcp': s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    else: s.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
    s.bind((address[0] if address else '0.0.0.0', int(port)))
    if kind == 'tcp': s.listen(64)
    sockets[s.fileno()] = s
    poll.register(s, select.EPOLLIN)
print('ready', flush=True)
while True:
    for fd, _ in poll.poll():
        s = sockets[fd]
        try:
            if s.type == socket.SOCK_STREAM:
                c, _ = s.accept()
                c.settimeout(.2)
                try: c.recv(4096)                    # closing with unread bytes would reset the connection under the reply
                except OSError: pass
                c.sendall(b'hello')
                c.close()
            else:
                _, extra, _, peer = s.recvmsg(2048, 256)
                info = next(d for level, kind, d in extra if level == socket.IPPROTO_IP and kind == IP_PKTINFO)
                s.sendmsg([b'hello'], [(socket.IPPROTO_IP, IP_PKTINFO, bytes(4) + info[8:12] + bytes(4))], 0, peer)
        except OSError:
            pass
