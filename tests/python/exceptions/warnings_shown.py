import warnings
warnings.warn("simple warning")


def f():
    warnings.warn("deprecated thing", DeprecationWarning, stacklevel=2)


f()
with warnings.catch_warnings(record=True) as log:
    warnings.simplefilter("always")
    f()
    warnings.warn("user", UserWarning)
print([(w.category.__name__, str(w.message)) for w in log])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    try:
        f()
    except DeprecationWarning as e:
        print("raised", e)
print("end")
