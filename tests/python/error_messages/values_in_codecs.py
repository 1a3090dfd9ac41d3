cases = r'''
"é".encode("ascii", "bad")
"a".encode("nope")
b"a".decode("nope")
b"\xff".decode()
b"\x80abc".decode("ascii")
"\ud800".encode()
"é".encode("ascii")
"€".encode("latin-1")
b"ab\xe2\x82".decode()
b"\xf8".decode()
b"\xed\xa0\x80".decode()
'''
for src in cases.strip().splitlines():
    try:
        r = eval(compile(src, "<case>", "eval"), {})
        print(src, "-> no error", type(r).__name__)
    except Exception as e:
        print(src, "->", type(e).__name__ + ":", ascii(str(e)))
