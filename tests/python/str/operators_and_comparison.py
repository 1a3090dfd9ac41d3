print("a" + "b", "ab" * 3, 3 * "ab", "a" * 0, "a" * -1, "" + "", "abc" == "abc", "abc" != "abd", "a" == 1, "a" != b"a", "a" in "abc", "abc"[1:], "a" "b" * 2, "%s" % "x", "a" < "b" < "c", min("b", "a"), max("日", "é"), sorted(["b", "A", "a", "é"]))
for f in ("'a' + 1", "'a' - 'b'", "'a' * 'b'", "'a' * 1.0", "'a' < 1", "1 in 'a'", "-'a'", "'a'['b']", "'a' + b'b'", "b'a' + 'b'", "'a' / 2", "'a' & 'b'", "'a' ** 2"):
    try:
        print(f, eval(f))
    except TypeError as e:
        print(f, e)
s = ""
for i in range(1000):
    s += chr(97 + i % 26)
t = s
s += "é"
print(len(s), len(t), s[-2:], t[-1], s[:1000] == t)
parts = []
for i in range(5):
    u = "x%d" % i
    u += u
    parts.append(u)
print(parts, hash("abc") == hash("".join(["a", "bc"])), str("x") == "x")
