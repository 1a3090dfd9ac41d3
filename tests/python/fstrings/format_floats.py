vals = (0.0, -0.0, 1.0, -1.5, 3.14159265, 1e10, 1e16, 1e-5, 123456789.123, 1e100, 1.5e-10, 5e-324, 0.1, 2.5, 1e22, float("inf"), float("-inf"), float("nan"))
for v in vals:
    for spec in ("", "f", ".0f", ".2f", "10.3f", "<10.1f", "^12.2f", "+.1f", " .1f", "e", ".0e", ".3E", "g", ".3g", "G", ".10g", "#g", "%", ".1%", ",",
                 ",.2f", "_.1f", "010.2f", "=+10.1f", "*>12", "r" if False else "", ".3", ".20", "n", ".0%", "#.0f", "z.1f", "012", "F"):
        print(v, spec, "[" + format(v, spec) + "]")
# z: a zero that rounding made has no sign, with % either
for spec in ('z%', 'z.3%', 'z.0%', 'z.1%', 'z.1f', 'z', 'z.1e', 'zn', 'z,.2f', 'z012.3%'):
    print(spec, [format(x, spec) for x in (-5.8e-14, -0.0, -0.001, -0.00001, -5.0)])
