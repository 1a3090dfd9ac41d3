# The % operator: a key's value is the one argument of its directive, stars included; limits of width and precision.
def show(template, values):
    for form in (template, template.encode()):
        if isinstance(form, bytes) and isinstance(values, dict):
            values = {key.encode(): value for key, value in values.items()}
        try:
            print(repr(form), form % values)
        except Exception as e:
            print(repr(form), type(e).__name__, e)


show("%(a)*d", {"a": 5})
show("%(a)*d", {"a": "x"})
show("%(a)*d", {"a": 2**70})
show("%(a).*d", {"a": 2})
show("%()#+*.10x", {"": 3})
show("%(a)s %(b)d", {"a": 5, "b": 6})
show("%(a)s %s", {"a": 5})
show("%(a)d%%", {"a": 5})
show("%(a)x %(a)5d %(a)-5d|", {"a": (5,)})
show("%(a)d %(a)5d %(a)-5d|", {"a": 5})
show("%*d", 5)
show("%*d", {"a": 5})
show("%*.3c%", -8401450539293351185)
for number in ("2147483647", "2147483648", "9999999999", "99999999999999999999"):
    for kind in "dfc":
        show(f"%.{number}{kind}", "xx")
show("%.2147483647d", 1)
show("%.2147483646d", "x")
show("%9223372036854775808d", 1)
show("%9223372036854775807d", 1)
show("%*d", (2**62, 1))
show("%*s", (-(2**63), ""))
show("%\n", 1)
show("%\x1f", 1)
show("%\x1e", 1)


class Mapping(dict):
    """Makes each value when asked: nobody else holds it."""

    def __missing__(self, key):
        return [key]


print("%(a)s %(b)r %(c)a" % Mapping())
