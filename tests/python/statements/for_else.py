def find(seq, x):
    for v in seq:
        if v == x:
            print("found")
            break
    else:
        print("missing")


find([1, 2], 2)
find([1, 2], 3)
find([], 1)
for i in range(3):
    if i == 1:
        continue
    print(i)
else:
    print("done", i)
for i in range(2):
    for j in range(3):
        if j == 1:
            break
    else:
        print("never")
    print(i, j)
for i in range(0):
    pass
print(i)
for k, (a, *b) in {"x": (1, 2, 3)}.items():
    print(k, a, b)
d = {}
for d["key"] in range(3):
    pass
print(d)
l = [0]
for l[0] in "ab":
    pass
print(l)
for x in 1, 2, 3:
    print(x, end=";")
for x in *[1, 2], 3:
    print(x, end=";")
print()
