log = []


def t(x):
    log.append(x)
    return x


def f(*args, **kw):
    return args, kw


t(f)(t(1), t(2), *t([3]), k=t(4), **t({"z": 5}))
print(log[1:])
log.clear()
a = [0, 0]
a[t(0)] = t(5)
print(log, a)
log.clear()
{t("k1"): t("v1"), t("k2"): t("v2")}
print(log)
log.clear()
x = t(1) if t(0) else t(2)
print(log, x)
log.clear()
t(1) < t(2) < t(0) < t(9)
print(log)
log.clear()


def d(x):
    log.append("deco%s" % x)
    return lambda g: (log.append("apply%s" % x), g)[1]


@d(1)
@d(2)
def g(a=t("default"), *, k=t("kwdefault")) -> t("annotation"):
    pass


print(log)
log.clear()
q = [1, 2, 3]
q[t(0)] += t(10)
print(log, q)
