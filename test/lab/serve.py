"""serve.py SOCKET...: answers on every SOCKET (tcp:80, udp:127.0.0.1:53) until killed.

TCP says hello and hangs up, UDP answers each datagram from the address that was asked; dns:PORT is UDP that knows no name but
those below example.test, all at one address.
full:PORT is TCP that accepts nobody and whose queue is full already.
busybox has no UDP server, so containers that need one run this with the lab's /usr mounted.
"""
import os, select, socket, sys

IP_PKTINFO = 8
poll, sockets, names, crowd = select.epoll(), {}, set(), []
for word in sys.argv[1:]:
    kind, *address, port = word.split(':')
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == 'tcp' else socket.SOCK_DGRAM)
    if kind == 'full':
        s.close()
        s = socket.socket(); s.bind(('0.0.0.0', int(port))); s.listen(0)
        c = socket.create_connection(('127.0.0.1', int(port)))
        crowd.append((s, c))
        continue
    if kind == 'tcp': s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    else: s.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
    s.bind((address[0] if address else '0.0.0.0', int(port)))
    if kind == 'tcp': s.listen(64)
    if kind == 'dns': names.add(s)
    sockets[s.fileno()] = s
    poll.register(s, select.EPOLLIN)
os.write(1, b'ready\n')
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
                query, extra, _, peer = s.recvmsg(2048, 256)
                # RFC 1035 4.1.1: the same question back, as a response with RCODE 3 (NXDOMAIN)
                reply = query[:2] + b'\x81\x83' + query[4:6] + bytes(6) + query[12:] if s in names else b'hello'
                end = query.find(b'\x07example\x04test\0\0\1\0\1')
                if s in names and end > 0: reply = query[:2] + b'\x81\x80\0\1\0\1\0\0\0\0' + query[12:end + 18] + bytes.fromhex('c00c000100010000003c00040a4d0064')
                info = next(d for level, kind, d in extra if level == socket.IPPROTO_IP and kind == IP_PKTINFO)
                s.sendmsg([reply], [(socket.IPPROTO_IP, IP_PKTINFO, bytes(4) + info[8:12] + bytes(4))], 0, peer)
        except OSError:
            pass
