# compare: carets
def call(f):
    return f(1, 2)(3)(4, key="é")


call(lambda a, b: lambda c: lambda d: d)
