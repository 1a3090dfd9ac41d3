def show(code):
    l = list(range(10))
    exec(code, {"l": l})
    print(code, l)


for c in ("del l[2:4]", "del l[:]", "del l[::2]", "del l[::-1]", "del l[::-3]", "del l[1:8:3]", "del l[5:2]", "del l[8:2:-2]", "del l[100:]", "del l[-3:]", "del l[:-3]",
          "del l[2:2]", "del l[::100]", "del l[3:4:5]", "del l[1:3], l[0]"):
    show(c)
b = bytearray(range(10))
del b[::3]
print(b)
del b[1:3]
print(b)
b[1:2] = b"xyz"
print(b)
b[::2] = bytes(len(b[::2]))
print(b)
