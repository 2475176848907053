#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The polynomials of src/math for results of 16 bits. Needs mpmath.

tools/half_coefficients.py src/math/half_coefficients.h

They are fitted as tools/coefficients.py fits its own. Results of 16 bits need errors of 2^-18.
"""
import sys
from mpmath import mpf, atan, erfc, exp, log, log1p, sqrt, tanh
from coefficients_fit import near_zero, polynomial, written


def powers_of_two():
    two = mpf(2)
    polynomial("kExp2Half", "2^f, |f| <= 1/2", lambda f: two**f, -0.5, 0.5, 4,
               lambda f: 1 / two**f)
    q = near_zero(lambda f: (two**f - 1) / f, log(two))
    polynomial("kExp2m1Half", "(2^f - 1)/f, |f| <= 1/2", q, -0.5, 0.5, 4, lambda f: 1 / q(f))


def by_square(name, what, f, limit, degree):
    g = near_zero(f, limit)
    polynomial(name, what + " in v = r^2, 0 <= r <= 1", g, 0, 1, degree, lambda v: 1 / g(v))


def gauss():
    shift = mpf("3.5")

    def tail(y):
        t = 1 / y - shift
        return exp(t * t / 2) * erfc(t / sqrt(mpf(2))) / (2 * y)

    polynomial("kGaussHalf", "(t + 3.5) e^(t^2/2) Phi(-t) in y = 1/(t + 3.5), 0 <= t <= 12", tail,
               1 / (12 + shift), 1 / shift, 7, lambda y: 1 / tail(y))


def main():
    powers_of_two()
    f = near_zero(lambda u: log1p(u) / u, mpf(1))
    polynomial("kLog1pHalf", "log1p(u)/u, 0 <= u <= 1", f, 0, 1, 6, lambda u: 1 / f(u))
    by_square("kAtanHalf", "atan(r)/r", lambda v: atan(sqrt(v)) / sqrt(v), mpf(1), 6)
    by_square("kTanhshrinkHalf", "(r - tanh(r))/r^3",
              lambda v: (sqrt(v) - tanh(sqrt(v))) / (v * sqrt(v)), mpf(1) / 3, 5)
    gauss()
    written(sys.argv[1], "// Polynomials for results of 16 bits. Written by "
            "tools/half_coefficients.py.\n#pragma once\n")


if __name__ == "__main__":
    main()
