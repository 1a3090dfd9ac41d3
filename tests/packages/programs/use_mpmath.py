# SPDX-License-Identifier: MIT
# needs: python3-mpmath
"""Numbers of many digits: constants, special functions, roots, integrals, linear algebra."""
import mpmath
from mpmath import mp, mpc, mpf

mp.dps = 80
print(mp.pi, mp.e, mp.euler, mp.catalan, mp.phi, sep="\n")
print(mp.zeta(3), mp.gamma(mpf(1) / 3), mp.besselj(2, mpf("1.5")), mp.erf(2), sep="\n")
print(mp.quad(lambda x: mp.exp(-x * x), [-mp.inf, mp.inf]) ** 2 - mp.pi < mpf(10) ** -70)
print(mp.findroot(lambda x: x ** 3 - 2 * x - 5, 2), mp.polyroots([1, 0, -7, 6]))
mp.dps = 30
print(mp.lu_solve(mp.matrix([[4, 1, 2], [1, 3, 0], [2, 0, 5]]), mp.matrix([1, 2, 3])))
print(mp.diff(mp.sin, 1, 3), mp.taylor(mp.exp, 0, 6), mp.nsum(lambda n: 1 / n ** 2, [1, mp.inf]))
print(mpc(1, 2) ** mpc(3, -1), mp.sqrt(-3), mp.log(mpc(-1, 1)), mp.identify(mp.sqrt(5) + 1, ["sqrt(5)"]))
print([mp.zetazero(k).imag for k in (1, 2)], mp.hyp2f1(1, 2, 3, mpf("0.5")), mp.lambertw(1))
print(mpmath.libmp.BACKEND == "gmpy", mpf("0.1") + mpf("0.2"), mp.nstr(mpf(2) ** 300, 12), mp.bernoulli(30), mp.fib(200))
