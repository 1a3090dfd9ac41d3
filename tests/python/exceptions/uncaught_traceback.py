def inner(x):
    return 1 / x


def middle(x):
    return inner(x)


class C:
    def method(self):
        middle(0)


print("before")
C().method()
print("never")
