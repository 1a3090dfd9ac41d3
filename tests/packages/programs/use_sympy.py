# SPDX-License-Identifier: MIT
# needs: python3-sympy
"""Expands, differentiates, integrates and solves."""
from sympy import (Eq, Function, I, Matrix, Rational, Sum, cos, diff, dsolve, exp, expand, factor, factorint, integrate, latex,
                   limit, log, oo, pi, pretty, series, simplify, sin, solve, sqrt, symbols, sympify, together, trigsimp)

x, y, z, n, k = symbols("x y z n k")
expression = (x + 2 * y + 3 * z) ** 6
print(expand(expression))
print(factor(expand((x + y) ** 3 * (x - 2 * y) ** 2)))
print(diff(exp(x ** 2) * sin(x) / log(x), x, 2))
print(integrate(x ** 2 * exp(-x), x), integrate(1 / (1 + x ** 4), x), integrate(exp(-x ** 2), (x, -oo, oo)))
print(solve(x ** 3 - 2 * x - 5, x)[1], solve([x + y - 3, x * y - 2], [x, y]), solve(x ** 4 - 5 * x ** 2 + 6, x))
print(series(cos(x) / (1 - x), x, 0, 8), limit(sin(x) / x, x, 0), limit((1 + 1 / n) ** n, n, oo))
matrix = Matrix([[2, 1, 0], [1, 2, 1], [0, 1, 2]])
print(matrix.det(), matrix.inv(), matrix.eigenvals(), matrix.charpoly(x).as_expr())
print(simplify(sin(x) ** 2 + cos(x) ** 2), trigsimp(2 * sin(x) * cos(x)), together(1 / x + 1 / (x + 1)))
print(Sum(k ** 2, (k, 1, n)).doit().factor(), sqrt(8) * Rational(3, 7), (1 + I) ** 5, expand((1 + I) ** 5))
f = Function("f")
print(dsolve(Eq(f(x).diff(x, 2) + f(x), 0), f(x)))
print(pi.evalf(60), sqrt(2).evalf(50), exp(1).evalf(30), factorint(2 ** 40 - 1))
print(pretty(integrate(sqrt(x) / (1 + x), x), use_unicode=True))
print(latex(Sum(x ** k / k, (k, 1, oo))), sympify("2*x**2 + sin(x)/3").subs(x, pi))
