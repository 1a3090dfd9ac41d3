# TLS connections: over sockets and memory, certificates, sessions, ALPN, SNI, messages, keys, the end; threads.
import os
import re
import socket
import ssl
import tempfile
import test
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
FOLDER = os.path.dirname(test.__file__)


def path(name):
    return os.path.join(FOLDER, name)


def contexts(certificate="keycert3.pem", authority="pycacert.pem"):
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    server.load_cert_chain(path(certificate))
    client.load_verify_locations(path(authority))
    return server, client


def short(e):
    return type(e).__name__, re.sub(r" ?\(_ssl(\.c:\d+)?\)", "", str(e)), getattr(e, "reason", None), getattr(e, "library", None)


def in_memory(server, client, hostname="localhost", session=None):
    """Both ends of a connection, after the handshake; or the exceptions of both."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    a = client.wrap_bio(to_client, to_server, server_hostname=hostname, session=session)
    b = server.wrap_bio(to_server, to_client, server_side=True)
    failed, done = {}, set()
    for _ in range(10):
        for end in (a, b):
            if end in done or end in failed:
                continue
            try:
                end.do_handshake()
                done.add(end)
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLError as e:
                failed[end] = e
    if failed:
        return [short(failed[end]) for end in (a, b) if end in failed]
    return a, b


def serve(server, work, count=1):
    """A server in a thread: its port and the thread."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run():
        with listener:
            for _ in range(count):
                connection, _ = listener.accept()
                try:
                    with server.wrap_socket(connection, server_side=True) as s:
                        work(s)
                except (ssl.SSLError, OSError) as e:
                    seen.append(short(e)[:2])

    thread = threading.Thread(target=run)
    thread.start()
    return listener.getsockname()[1], thread


seen = []

print("-- memory")
server, client = contexts()
a, b = in_memory(server, client)
print(a.version(), a.cipher() == b.cipher(), a.cipher()[0] in [c[0] for c in b.shared_ciphers()], a.server_side, b.server_side)
print(a.getpeercert())
print(len(a.getpeercert(True)), b.getpeercert(), a.compression(), a.selected_alpn_protocol(), a.server_hostname, a.pending())
print(len(a.get_channel_binding()), a.get_channel_binding() == b.get_channel_binding())
print(a.write(b"x" * 30000), a.write(bytearray(b"yz")), len(b.read(100)), b.pending(), len(b.read(40000)), end=" ")
buffer = bytearray(20000)
print(b.read(20000, buffer), bytes(buffer[:2]), b.read(20000, buffer), bytes(buffer[:2]))
for call in (lambda: b.read(1), lambda: b.read(-1), lambda: a.get_channel_binding("x"), lambda: b.read(5, bytes(3))):
    try:
        print(call())
    except Exception as e:
        print(short(e)[:2])
try:
    a.unwrap()
except ssl.SSLError as e:
    print(short(e))
try:
    print(b.unwrap())
except ssl.SSLError as e:
    print(short(e))
print(a.unwrap())

print("-- what is not accepted")
print(in_memory(server, client, "example.org"))
print(in_memory(server, client, "127.0.0.1"))
print(in_memory(server, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)))
old = contexts()[1]
old.maximum_version = ssl.TLSVersion.TLSv1_2
new = contexts()[0]
new.minimum_version = ssl.TLSVersion.TLSv1_3
print(in_memory(new, old))
need = contexts()[0]
need.verify_mode = ssl.CERT_REQUIRED
need.load_verify_locations(path("pycacert.pem"))
with_certificate = contexts()[1]
with_certificate.load_cert_chain(path("keycert3.pem"))
a, b = in_memory(need, with_certificate)
print(b.getpeercert()["subject"], len(b._sslobj.get_unverified_chain()), len(b._sslobj.get_verified_chain()))
chain = a._sslobj.get_verified_chain()
print([c.get_info()["subject"][-1] for c in chain], chain[0] == chain[0], chain[0] == chain[1], chain[0] != 3, hash(chain[0]) == hash(chain[0]))
print(chain[0].public_bytes().splitlines()[0], chain[0].public_bytes(2) == a.getpeercert(True), repr(chain[0])[:20])
need.maximum_version = ssl.TLSVersion.TLSv1_2
print(in_memory(need, client))

print("-- a name, a protocol, messages, keys")
server, client = contexts()
other = contexts()[0]
server.set_alpn_protocols(["h2", "http/1.1"])
client.set_alpn_protocols(["spdy", "http/1.1", "h2"])
names, messages = [], []


def choose(connection, name, context):
    names.append((type(connection).__name__, name, context is server))
    connection.context = other


server.sni_callback = choose
client._msg_callback = lambda connection, direction, version, content, message, data: messages.append(
    (type(connection).__name__, direction, int(version), int(content), int(message), type(data)))
with tempfile.TemporaryDirectory() as folder:
    keys = os.path.join(folder, "keys")
    client.keylog_filename = keys
    a, b = in_memory(server, client)
    client.keylog_filename = None
    with open(keys) as f:
        lines = f.read().splitlines()
    print(lines[0], sorted({line.split()[0] for line in lines[1:]}))
print(a.selected_alpn_protocol(), b.selected_alpn_protocol(), names, b.context is other, server.sni_callback is choose)
print(messages[:4], len(messages) > 8, {m[0] for m in messages})
client._msg_callback = None
for result in (ssl.ALERT_DESCRIPTION_ACCESS_DENIED, None):
    server.sni_callback = lambda connection, name, context: result
    ends = in_memory(server, client)
    print(ends if type(ends) is list else "connected")


def broken(*args):
    raise KeyError("in a callback")


client._msg_callback = broken
try:
    in_memory(server, client)
except KeyError as e:
    print(e)

print("-- sessions")
server, client = contexts()
server.maximum_version = ssl.TLSVersion.TLSv1_2
a, b = in_memory(server, client)
first = a.session
print(type(first), len(first.id), first.timeout > 0, first.time > 0, first.has_ticket, first.ticket_lifetime_hint > 0, a.session_reused)
a, b = in_memory(server, client, session=first)
print(a.session_reused, b.session_reused, a.session == first, a.session != first, first == 3, server.session_stats()["hits"])
for call in (lambda: setattr(a, "session", first), lambda: setattr(b, "session", first), lambda: hash(first), lambda: first < first,
             lambda: in_memory(contexts()[0], contexts()[1], session=first)):
    try:
        call()
    except Exception as e:
        print(type(e).__name__, e)

print("-- sockets")
server, client = contexts()


def echo(s):
    while data := s.recv(10000):
        s.sendall(data.upper())


port, thread = serve(server, echo, 2)
with socket.create_connection(("127.0.0.1", port)) as plain, client.wrap_socket(plain, server_hostname="localhost") as s:
    s.sendall(b"hello")
    print(s.recv(100), s.version(), s.getpeercert()["serialNumber"], s.pending(), s.session is not None)
    s.settimeout(0.05)
    try:
        s.recv(1)
    except TimeoutError as e:
        print(type(e).__name__, e)
    s.setblocking(False)
    try:
        s.recv(1)
    except ssl.SSLWantReadError as e:
        print(short(e))
    s.setblocking(True)
    view = bytearray(50)
    s.write(b"into a buffer")
    print(s.recv_into(view), bytes(view[:13]))
    print(type(s.unwrap()).__name__)
# the other end is gone in the middle
with socket.create_connection(("127.0.0.1", port)) as plain:
    s = client.wrap_socket(plain, server_hostname="localhost")
    os.close(s.detach())
thread.join()
port, thread = serve(server, echo)
with socket.create_connection(("127.0.0.1", port)) as plain:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_socket(plain, server_hostname="localhost")
    except ssl.SSLCertVerificationError as e:
        print(short(e), e.verify_code, e.verify_message, e.errno, isinstance(e, ValueError))
thread.join()
port, thread = serve(server, echo)
with socket.create_connection(("127.0.0.1", port)) as plain:
    plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
    try:
        while plain.recv(1000):
            pass
    except ConnectionResetError:  # there was more to read than the server has read
        pass
thread.join()
print(seen)
