# What audit hooks hear of sockets, names and the system's log, and that a hook may refuse.
import socket
import sys
import syslog

refused = None


def shown(value):
    if isinstance(value, socket.socket):
        return 'socket'
    return value


def hook(event, args):
    if event.startswith(('socket.', 'syslog.')):
        print(event, *map(shown, args))
        if event == refused:
            raise RuntimeError('refused ' + event)


def attempt(function, *args, **keywords):
    try:
        function(*args, **keywords)
    except Exception as e:
        print(type(e).__name__)


sys.addaudithook(hook)
socket.gethostname()
attempt(socket.gethostbyname, '127.0.0.1')
attempt(socket.gethostbyname_ex, b'127.0.0.1')
attempt(socket.getservbyname, 'no such service')
attempt(socket.getservbyname, 'no such service', 'tcp')
attempt(socket.getservbyport, 1, 'no such protocol')
attempt(socket.getservbyport, 65536)
attempt(socket.getaddrinfo, '127.0.0.1', 80, type=socket.SOCK_STREAM)
attempt(socket.getnameinfo, ('127.0.0.1', 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(('127.0.0.1', 0))
sock.connect(('127.0.0.1', 9))
sock.connect_ex(('127.0.0.1', 9))
attempt(sock.bind, 5)
attempt(sock.bind, ('127.0.0.1', 0, 0))
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
attempt(sender.sendto, b'', ('127.0.0.1', 9))
attempt(sender.sendmsg, [b''], [], 0, ('127.0.0.1', 9))
attempt(sender.sendmsg, [b''])
for refused in ('socket.gethostname', 'socket.__new__', 'socket.bind', 'socket.connect', 'socket.sendto', 'socket.sendmsg',
                'socket.getaddrinfo', 'socket.gethostbyname', 'syslog.openlog', 'syslog.syslog', 'syslog.setlogmask'):
    attempt(socket.gethostname)
    attempt(socket.socket)
    attempt(sock.bind, ('127.0.0.1', 0))
    attempt(sock.connect, ('127.0.0.1', 9))
    attempt(sender.sendto, b'', ('127.0.0.1', 9))
    attempt(sender.sendmsg, [b''], [], 0, None)
    attempt(socket.getaddrinfo, None, 80, type=socket.SOCK_STREAM)
    attempt(socket.gethostbyname, '127.0.0.1')
    attempt(syslog.openlog, 'tests')
    attempt(syslog.syslog, syslog.LOG_DEBUG, 'test')
    attempt(syslog.setlogmask, 255)
    attempt(syslog.closelog)
sock.close()
sender.close()
refused = None
syslog.openlog(logoption=syslog.LOG_PID, facility=syslog.LOG_LOCAL0)
syslog.closelog()
syslog.closelog()
sys.argv = None
syslog.openlog()
syslog.closelog()
