deco = lambda f: f.missing_attribute


@deco
def f(
    a,
    b,
):
    pass
