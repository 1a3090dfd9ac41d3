class C:
    pass


c = C()
c.b = 1
c.a = 2
d = c.__dict__
print(d, vars(c) is d)
d["c"] = 3
print(c.c)
c.d = 4
print(d)
del c.b
print(list(d))
c.__dict__ = {"fresh": 1}
print(c.fresh, hasattr(c, "a"), d)
c.__dict__["not identifier"] = 5
print(getattr(c, "not identifier"))
c.__dict__[1] = 2
print(c.__dict__)
try:
    c.__dict__ = 5
except TypeError as e:
    print(e)
del c.__dict__
print(c.__dict__)
c.new = 1
print(c.__dict__)
for i in range(100):
    setattr(c, "x%d" % i, i)
print(len(c.__dict__), c.x99)
for i in range(0, 100, 2):
    delattr(c, "x%d" % i)
print(len(c.__dict__), list(c.__dict__)[:3], sum(v for k, v in c.__dict__.items() if k != "new"))
try:
    C.__dict__["x"] = 1
except TypeError as e:
    print(e)
print(type(C.__dict__).__name__)
