# _ssl without a connection: contexts, settings, certificates, memory, names, errors.
import _ssl
import gc
import os
import pickle
import re
import socket
import ssl
import test
import warnings

warnings.simplefilter("ignore")
FOLDER = os.path.dirname(test.__file__)


def path(name):
    return os.path.join(FOLDER, name)


def attempt(function, *args, **kwargs):
    """The result or the exception, without the line of CPython's source."""
    try:
        result = function(*args, **kwargs)
    except Exception as e:
        parts = type(e).__name__, e.args, str(e), e.__dict__, getattr(e, "errno", "-"), getattr(e, "strerror", "-")
        print(re.sub(r"_ssl(\.c:\d+)?", "_ssl", repr(parts)).replace(FOLDER, ""))
    else:
        print(result)


def set_raw(context, name, value):
    _ssl._SSLContext.__dict__[name].__set__(context, value)
    return getattr(context, name)


print("-- new contexts")
for name in ("PROTOCOL_TLS", "PROTOCOL_TLS_CLIENT", "PROTOCOL_TLS_SERVER", "PROTOCOL_TLSv1", "PROTOCOL_TLSv1_2"):
    c = _ssl._SSLContext(getattr(ssl, name))
    print(name, hex(c.options), c.minimum_version, c.maximum_version, c.verify_mode, c.check_hostname,
          hex(c.verify_flags), c._host_flags, c.security_level, c.num_tickets, c.post_handshake_auth)
    print(c.session_stats(), c.cert_store_stats(), c.keylog_filename, c.sni_callback, c._msg_callback, c.protocol)
print(c.get_ciphers()[0], len(c.get_ciphers()))
for arguments in [(77,), (), ("a",), (1, 2)]:
    attempt(_ssl._SSLContext, *arguments)

print("-- settings")
c = ssl.create_default_context()
for name, value in [("verify_mode", 0), ("verify_mode", 7), ("verify_mode", "a"), ("verify_flags", 4), ("verify_flags", 0),
                    ("minimum_version", 3), ("minimum_version", 771), ("minimum_version", -1), ("minimum_version", -2),
                    ("maximum_version", -2), ("maximum_version", -1), ("maximum_version", 772), ("options", 0),
                    ("options", 1 << 17), ("num_tickets", 1), ("sni_callback", 3), ("_msg_callback", 3),
                    ("keylog_filename", "/nonexist/x"), ("keylog_filename", None), ("check_hostname", 0),
                    ("check_hostname", 3), ("_host_flags", "a"), ("_host_flags", 36), ("post_handshake_auth", 1)]:
    print(name, value, end=" ")
    attempt(set_raw, c, name, value)
server = _ssl._SSLContext(ssl.PROTOCOL_TLS_SERVER)
for name, value in [("num_tickets", 3), ("num_tickets", -1), ("sni_callback", 3), ("sni_callback", None)]:
    attempt(set_raw, server, name, value)
old = ssl.SSLContext(ssl.PROTOCOL_TLSv1_2)
attempt(set_raw, old, "minimum_version", 771)
for value in ("foo", 3, "a\0b", "ECDHE+AESGCM"):
    attempt(c.set_ciphers, value)
for value in ("foo", 3, "prime256v1", b"secp384r1"):
    attempt(c.set_ecdh_curve, value)
for value in (["h2", "http/1.1"], [], [""], ["x" * 256], [3]):
    attempt(c.set_alpn_protocols, value)

print("-- certificates and keys")
attempt(c.load_dh_params, path("keycert.pem"))
attempt(c.load_dh_params, "/nonexist")
attempt(c.load_dh_params, path("ffdh3072.pem"))
attempt(c.load_verify_locations)
for options in [dict(cadata="abc"), dict(cadata=b"abc"), dict(cadata=""), dict(cadata="\xff"), dict(cadata=3),
                dict(cafile=path("badcert.pem")), dict(cafile="/nonexist"), dict(cafile=3), dict(capath=3),
                dict(cafile=path("pycacert.pem"), capath=path("capath"))]:
    attempt(c.load_verify_locations, **options)
encrypted = path("keycert.passwd.pem")
for options in [dict(certfile="/nonexist"), dict(certfile=path("badcert.pem")), dict(certfile=3), dict(certfile=None),
                dict(certfile=path("keycert.pem"), keyfile=3), dict(certfile=path("keycert.pem"), keyfile="/nonexist"),
                dict(certfile=path("keycert.pem"), keyfile=path("keycert3.pem")),
                dict(certfile=encrypted, password="wrong"), dict(certfile=encrypted, password=3),
                dict(certfile=encrypted, password="x" * 2000), dict(certfile=encrypted, password="somepass"),
                dict(certfile=encrypted, password=b"somepass"), dict(certfile=encrypted, password=bytearray(b"somepass")),
                dict(certfile=encrypted, password=lambda: "somepass"), dict(certfile=encrypted, password=lambda: 3),
                dict(certfile=encrypted, password=lambda: 1 / 0), dict(certfile=encrypted, password=lambda: b"x" * 2000)]:
    attempt(c.load_cert_chain, **options)
c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
with open(path("pycacert.pem")) as f:
    pem = f.read()
pem = pem[pem.index("-----BEGIN"):]
der = ssl.PEM_cert_to_DER_cert(pem)
c.load_verify_locations(cadata=pem)
c.load_verify_locations(cadata=pem + pem)
c.load_verify_locations(cadata=der + der)
print(c.cert_store_stats(), c.get_ca_certs(), c.get_ca_certs(True) == [der], c.get_ca_certs(binary_form=True)[0] == der)
attempt(c.load_verify_locations, cadata=der + b"A")
for name in ("allsans.pem", "idnsans.pem", "nullbytecert.pem", "nokia.pem", "keycertecc.pem", "talos-2019-0758.pem", "badcert.pem",
             "nonexist.pem"):
    attempt(_ssl._test_decode_cert, path(name))

print("-- memory")
b = ssl.MemoryBIO()
print(b.write(b"abc"), b.read(0), b.read(1), b.pending, b.eof, b.read(-1), b.read(), b.write(b""), b.write(memoryview(b"xy")))
b.write_eof()
print(b.eof, b.read(), b.eof, b.pending)
attempt(b.write, b"x")
attempt(b.write, "x")
attempt(ssl.MemoryBIO, 3)
attempt(ssl.MemoryBIO, x=3)
attempt(b.read, "x")

print("-- before a handshake")
c = ssl.create_default_context()
o = c.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="example.org")
for call in [o.do_handshake, o.getpeercert, o.cipher, o.version, o.unwrap, o.pending, o.compression,
             o.selected_alpn_protocol, o.get_channel_binding, lambda: o.get_channel_binding("x"), lambda: o.session,
             lambda: o.read(10), lambda: o.read(-1), lambda: o.write(b"abc"), lambda: setattr(o, "session", 3),
             lambda: setattr(o, "context", 3), lambda: o.session_reused, lambda: (o.server_side, o.server_hostname),
             lambda: len(o.shared_ciphers()) > 2, lambda: o.read(5, b"abc"), o.verify_client_post_handshake]:
    attempt(call)
for options in [dict(server_hostname=""), dict(server_hostname=".a"), dict(server_hostname="a\0b"), dict(server_side=True),
                dict(server_hostname=3), dict()]:
    try:
        print(type(c.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), **options)))
    except Exception as e:
        print(options, type(e).__name__, e if not isinstance(e, ssl.SSLError) else e.args[0])
attempt(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).wrap_bio, ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="a")
attempt(server._wrap_socket, 3, False)
attempt(server._wrap_bio, 3, 4, False)
x, y = socket.socketpair()
x.settimeout(0.05)
raw = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)._wrap_socket(x, False, server_hostname="a")
attempt(raw.do_handshake)
attempt(raw.read, 3)
x.settimeout(0)
attempt(raw.do_handshake)
x.settimeout(0.05)
x.close()
attempt(raw.do_handshake)
attempt(raw.write, b"a")
attempt(raw.read, 3)
attempt(raw.shutdown)
del x
gc.collect()
attempt(raw.do_handshake)
print(raw.owner, type(raw.context), raw.server_side, raw.server_hostname)
y.close()

print("-- types")
for kind in (_ssl._SSLContext, _ssl.MemoryBIO, _ssl._SSLSocket, _ssl.SSLSession, _ssl.Certificate, ssl.SSLError):
    try:
        kind.attribute = 1
    except TypeError as e:
        print(str(e).replace("ssl.SSLError", "SSLError"))
for kind in (_ssl.SSLSession, _ssl.Certificate):
    attempt(kind)
for e in (ssl.SSLError(1, "a"), ssl.SSLError("a"), ssl.SSLError(), ssl.SSLCertVerificationError(1, "x"), ssl.SSLEOFError(8, "eof")):
    print(repr(e), str(e), e.args, e.errno, [k.__name__ for k in type(e).__mro__], type(e).__module__, type(e).__doc__)
for v in (c, b, o):
    try:
        pickle.dumps(v)
    except TypeError as e:
        print(e)

print("-- names and numbers")
for call in [lambda: _ssl.RAND_bytes(-1), lambda: len(_ssl.RAND_bytes(20)), lambda: _ssl.RAND_bytes("a"), _ssl.RAND_status,
             lambda: len(_ssl.RAND_pseudo_bytes(5)[0]), lambda: _ssl.RAND_add("abc", 1.0), lambda: _ssl.RAND_add(b"abc", 1),
             lambda: _ssl.RAND_add(3, 1.0), lambda: _ssl.RAND_add("a", "b"), lambda: _ssl.txt2obj("foo"),
             lambda: _ssl.txt2obj("1.3.6.1.5.5.7.3.1"), lambda: _ssl.txt2obj("serverAuth"), lambda: _ssl.txt2obj("1.2.3.4.5"),
             lambda: _ssl.txt2obj("serverAuth", name=True), lambda: _ssl.nid2obj(129), lambda: _ssl.nid2obj(-1),
             lambda: _ssl.nid2obj(0), lambda: _ssl.nid2obj(100000), _ssl.get_default_verify_paths]:
    attempt(call)
print([(n, getattr(_ssl, n)) for n in sorted(dir(_ssl))
       if isinstance(getattr(_ssl, n), (int, str, tuple)) and not n.startswith("__") and n != "_OPENSSL_API_VERSION"])
print(sorted(n for n in dir(_ssl) if not n.startswith("__")))
print(_ssl.err_names_to_codes["CERTIFICATE_VERIFY_FAILED"], _ssl.err_codes_to_names[20, 134], _ssl.lib_codes_to_names[20],
      len(_ssl.err_codes_to_names) > 1500)
