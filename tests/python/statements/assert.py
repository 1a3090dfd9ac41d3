assert True
assert 1, "unused"
try:
    assert False
except AssertionError as e:
    print(repr(e), e.args)
try:
    assert 0, "message"
except AssertionError as e:
    print(repr(e))
try:
    assert [], ("tuple", 1)
except AssertionError as e:
    print(repr(e), e.args)


def f():
    print("evaluated")
    return "late"


assert True, f()
try:
    assert not True, f()
except AssertionError as e:
    print(e)
print(__debug__)
