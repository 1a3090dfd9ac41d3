s = "aé日😀"
for enc in ("utf-8", "utf8", "UTF_8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-8-sig", "raw_unicode_escape", "unicode_escape"):
    b = s.encode(enc)
    print(enc, b, b.decode(enc) == s)
for enc in ("ascii", "latin-1", "iso-8859-1", "cp1252"):
    for err in ("strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace", "namereplace"):
        try:
            print(enc, err, s.encode(enc, err))
        except UnicodeEncodeError as e:
            print(enc, err, ascii(str(e)))
bad = b"a\xffb\xe2\x82c\xf0\x9f\x98d\x80\xc3\xa9\xed\xa0\x80\xf4\x90\x80\x80\xc0\x80"
for err in ("ignore", "replace", "backslashreplace", "surrogateescape"):
    print(err, ascii(bad.decode("utf-8", err)))
for b, enc in ((b"\xff", "utf-8"), (b"\xe2\x82", "utf-8"), (b"\xe2\x28\xa1", "utf-8"), (b"\xc0\x80", "utf-8"), (b"\xed\xa0\x80", "utf-8"), (b"\xf5\x80\x80\x80", "utf-8"), (b"\x80", "ascii"), (b"a", "utf-16-le"), (b"\0\xd8", "utf-16-le"), (b"abc", "utf-32-le"), (b"abc\xf0\x9f", "utf-8")):
    try:
        b.decode(enc)
    except UnicodeDecodeError as e:
        print(b, enc, e)
print(str(b"abc", "ascii"), str(b"\xe9", "latin-1"), b"abc".decode(), b"".decode("ascii"), bytes("é", "utf-8"), str(b"a"), str(), "é".encode("utf-8", errors="strict"), b"\xe9".decode(encoding="latin-1"))
print(b"\\u00e9\\n".decode("unicode_escape"), "\u0100".encode("latin-1", "replace"), ascii(b"\x81\x80".decode("latin-1")), "a" "\ud800".encode("utf-8", "replace").decode(), "\ud800x".encode("utf-8", "backslashreplace"))
for f in (lambda: "a".encode("no-such"), lambda: b"a".decode("no-such"), lambda: "é".encode("ascii", "no-handler"), lambda: "a".encode(1), lambda: "ab".encode("utf-8", 5)):
    try:
        f()
    except (LookupError, TypeError) as e:
        print(type(e).__name__, e)
