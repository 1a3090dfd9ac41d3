def f(): pass
def g(): ...
class C: pass
class D: ...
print(f(), g(), C.__name__, D.__name__, ..., Ellipsis is ..., type(...).__name__)
if 1: pass
else: pass
for _ in []: pass
x = 1;
y = 2; z = 3
print(x, y, z)
if True:
    pass; print("same line")
print((1,
       2),
      [3,
       # comment inside
       4])
long = 1 + \
    2
print(long)
print(repr(...), [...], f"{...}")
print("a" "b"
      'c' """d""" r"\n")
