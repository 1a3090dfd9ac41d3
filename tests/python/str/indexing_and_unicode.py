s = "aé日😀\U0001F1E9z"
print(len(s), [ascii(c) for c in s], s[-1], s[3] == "😀", s[1:4] == "é日😀", s[::-1] == "z\U0001F1E9😀日éa", ord(s[3]), ascii(s), s.find("😀"), s.index("z"), s.count("😀"))
for kind in ("abc", "abé", "ab日", "ab😀"):
    t = kind * 3
    print(len(t), t[1], t[-1] == kind[-1], t.find(kind[-1]), t.rfind("a"), (t + "x")[-1], t.replace(kind[-1], "_"), ("x" + t).count("b"), t == kind + kind + kind, hash(t) == hash(kind * 3), t < t + "a")
print("é" == "e\u0301", "ß".upper(), "ß" < "t", "a" < "B", "Z" < "a", "日" > "é", "😀" > "\uffff", "" < "a", "abc" < "abd", "ab" < "abc")
su = "\ud83d\ude00"
print(len(su), su == "😀", ascii(su), ascii("\udcff"), ascii("a\ud800b"[1]), "\ud800" == "\ud800", su.encode("utf-8", "surrogatepass"), b"\xff\xfe".decode("utf-8", "surrogateescape") == "\udcff\udcfe", "\udcff".encode("utf-8", "surrogateescape"))
for f in (lambda: s[100], lambda: s[-7], lambda: s["a"], lambda: s.__setitem__, lambda: ord("ab"), lambda: "\ud800".encode()):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, ascii(str(e)))
print(chr(0), len(chr(0x10ffff)), chr(97), ord("€"), "\0" in "a\0b", len("a\0b"), "a\0b" == "a\0c", sorted("bca日é😀"))
