print(bytes(), bytes(3), bytes([1, 2, 255]), bytes("é", "utf-8"), bytes(b"x"), bytes(bytearray(b"y")), bytes(range(5)), bytes((65,)), bytes(iter([66])), bytes("a", encoding="ascii"), bytes({1: 2}))
print(b"", b"abc", b"'", b'"', b"'\"", b"\\", b"\n\t\r\0\x7f\x80\xff", b"a\
b", b"\x41\102", bytes(range(128, 140)), repr(b"a"), str(b"a"), ascii(b"\xff"), b"a" b"b")


class B:
    def __bytes__(self): return b"custom"
class I:
    def __index__(self): return 2
class Bad:
    def __bytes__(self): return "x"


print(bytes(B()), bytes(I()), bytes([I()]))
for f in (lambda: bytes(-1), lambda: bytes([256]), lambda: bytes([-1]), lambda: bytes("a"), lambda: bytes(["a"]), lambda: bytes(1.5), lambda: bytes(None), lambda: bytes(Bad()), lambda: bytes(1, "a"), lambda: bytes([1], "a"), lambda: bytes(b"", encoding="a"), lambda: bytes([1.5])):
    try:
        print(f())
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
print(bytes.fromhex("00ff 10"), bytes.fromhex(" 1a2B "), b"\x01\xab".hex(), b"\x01\xab\xcd".hex(":"), b"\x01\xab\xcd\xef\x12".hex("-", 2), b"\x01\xab\xcd".hex(" ", -2), bytes.fromhex(""))
for t in ("a", "zz", "1 2", "é"):
    try:
        bytes.fromhex(t)
    except ValueError as e:
        print(e)
