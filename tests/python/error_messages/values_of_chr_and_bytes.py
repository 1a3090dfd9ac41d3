cases = r'''
chr(-1)
chr(0x110000)
ord("")
bytes([256])
bytes([-1])
bytes(-1)
bytearray([300])
bytes.fromhex("a")
bytes.fromhex("zz")
'''
for src in cases.strip().splitlines():
    try:
        r = eval(compile(src, "<case>", "eval"), {})
        print(src, "-> no error", type(r).__name__)
    except Exception as e:
        print(src, "->", type(e).__name__ + ":", ascii(str(e)))
