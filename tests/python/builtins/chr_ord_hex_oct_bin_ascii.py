print(chr(65), ord("A"), ord(b"a"), ord(bytearray(b"b")), ascii(chr(0x1F600)), hex(255), hex(-255), hex(0), oct(8), oct(-8), bin(5), bin(-5), bin(0), hex(2 ** 70), bin(2 ** 65), oct(-2 ** 65), ascii("aé"), ascii([1, "日"]), repr("é"), hex(True))


class I:
    def __index__(self): return 10


print(hex(I()), bin(I()), oct(I()), chr(I()), [0] * I(), range(I()), "abcdefghijklm"[I()])
for f in (lambda: chr(-1), lambda: chr(0x110000), lambda: chr("a"), lambda: chr(1.5), lambda: ord(""), lambda: ord("ab"), lambda: ord(5), lambda: ord(b""), lambda: hex("a"), lambda: hex(1.0), lambda: bin(None), lambda: chr(2 ** 70), lambda: oct(), lambda: ord()):
    try:
        print(f())
    except (TypeError, ValueError, OverflowError) as e:
        print(type(e).__name__, e)
