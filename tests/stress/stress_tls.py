# SPDX-License-Identifier: MIT
"""TLS in all threads: contexts, connections and memory that all use at once; what is sent arrives whole and in order."""
import os
import socket
import ssl
import sys
import threading
from _stress import main

FOLDER = os.path.join(os.path.dirname(os.__file__), "test")
if not os.path.exists(os.path.join(FOLDER, "keycert3.pem")):
    print("ok (no certificates: CPython's tests are not installed)")
    sys.exit(0)
server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
server.load_cert_chain(os.path.join(FOLDER, "keycert3.pem"))
server.sni_callback = lambda connection, name, context: None
client.load_verify_locations(os.path.join(FOLDER, "pycacert.pem"))


def connect():
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    a = client.wrap_bio(to_client, to_server, server_hostname="localhost")
    b = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for end in (a, b):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                pass
    return a, b


def contexts_shared(s):
    def work(i, rng):
        for n in range(6):
            a, b = connect()
            a.write(b"%d" % n)
            s.check(b.read() == b"%d" % n, "what was sent")
            server.set_alpn_protocols([f"p{i}", f"q{n}"])
            s.check(len(client.get_ca_certs()) == 1 and client.cert_store_stats()["x509"] == 1, "certificates")
            s.check(a.getpeercert()["version"] == 3 and a.session is not None, "the other end")
    s.together(work)


def one_connection(s):
    """Lines that all threads write into one connection, and all read: each comes once, in the order of its writer."""
    a, b = connect()
    lock, lines, done = threading.Lock(), [], threading.Event()
    left = [s.threads]

    def write(i):
        for n in range(150):
            a.write(b"%02d %06d\n" % (i, n))
            if n % 10 == 0:
                s.check(a.cipher() == b.cipher() and a.version() == "TLSv1.3" and a.pending() == 0, "facts")
        with lock:
            left[0] -= 1

    def work(i, rng):
        write(i)
        while True:
            finished = left[0] == 0
            try:
                with lock:  # the order of the reads is that of the list
                    lines.append(b.read(10))
            except ssl.SSLWantReadError:
                if finished:
                    break
    s.together(work)
    s.check(len(lines) == 150 * s.threads, "lines", len(lines))
    for i in range(s.threads):
        own = [line for line in lines if line.startswith(b"%02d " % i)]
        s.check(own == [b"%02d %06d\n" % (i, n) for n in range(150)], "order of", i)


def both_directions(s):
    """One thread reads what comes back while another writes more than fits anywhere. CPython 3.11 lets both into the
    library at once, and may crash, so that this is no program of tests/python."""
    def echo(listener):
        with listener, server.wrap_socket(listener.accept()[0], server_side=True) as connection:
            while data := connection.recv(10000):
                connection.sendall(data.upper())

    def work(i, rng):
        listener = socket.create_server(("127.0.0.1", 0))
        thread = threading.Thread(target=echo, args=(listener,))
        thread.start()
        plain = socket.create_connection(listener.getsockname())
        with plain, client.wrap_socket(plain, server_hostname="localhost") as connection:
            writer = threading.Thread(target=lambda: [connection.sendall(c * 10000) for c in (b"a", b"b") * 20])
            writer.start()
            received = bytearray()
            while len(received) < 400_000 and (data := connection.recv(65536)):
                received.extend(data)
            writer.join()
            s.check(bytes(received) == (b"A" * 10000 + b"B" * 10000) * 20, "what came back", i, len(received))
        thread.join()
    s.together(work)


main(contexts_shared, one_connection, both_directions)
