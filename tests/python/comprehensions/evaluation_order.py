log = []


def t(*a):
    log.append(a)
    return a[-1]


{t("k", i): t("v", i) for i in range(2)}
print(log)
log.clear()
[t("e", a, b) for a in t("outer", [1, 2]) for b in t("inner", [3]) if t("cond", True)]
print(log)
