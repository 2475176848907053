#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The polynomials of src/math for results of at most 4 ulp (Accuracy::fast). Needs mpmath.

tools/fast_coefficients.py src/math/fast_coefficients.h

They are fitted as tools/coefficients.py fits its own.
"""
import sys
from mpmath import mpf, atan, erfc, exp, log, log1p, sqrt, tanh
from coefficients_fit import near_zero, nodes, polynomial, single_table, solved, to_single, written


def powers_of_two():
    two = mpf(2)
    polynomial("kExp2Fast", "2^f, |f| <= 1/2", lambda f: two**f, -0.5, 0.5, 6,
               lambda f: 1 / two**f)
    f = near_zero(lambda f: (two**f - 1) / f, log(two))
    polynomial("kExp2m1Fast", "(2^f - 1)/f, |f| <= 1/2", f, -0.5, 0.5, 6, lambda x: 1 / f(x))


def by_square(name, what, f, limit, degree):
    g = near_zero(f, limit)
    polynomial(name, what + " in v = r^2, 0 <= r <= 1", g, 0, 1, degree, lambda v: 1 / g(v))


def gauss(degree):
    """In 8 intervals: for them, AVX2 has a permutation."""
    def g(t):
        return exp(t * t / 2) * erfc(t / sqrt(mpf(2))) / 2

    rows = [[] for _ in range(degree + 2)]
    worst = mpf(0)
    for place in range(8):
        k = (place - 6) % 8  # the bits of 1.0F end in 6 there
        width = mpf(2) ** (k // 2) / 2
        low = mpf(2) ** (k // 2) * (1 + mpf(k % 2) / 2) - mpf("1.125")
        low, width = max(low, mpf(0)), width + min(low, mpf(0))
        m = to_single(low + width / 2)
        cs = solved(lambda d: g(m + d), nodes(low - m, low + width - m, degree + 1))
        column = [m] + [to_single(c) for c in cs]
        for row, c in zip(rows, column):
            row.append(c)
        for j in range(101):
            d = low + width * j / 100 - m
            p = sum(c * d**i for i, c in enumerate(column[1:]))
            worst = max(worst, abs(p / g(m + d) - 1))
    single_table("kGaussFast", "e^(t^2/2) Phi(-t) in 8 intervals of t, two an octave of t + 1.125, "
                 "each a column:\n// the middle m and coefficients in t - m: error "
                 f"2^{float(log(worst, 2)):.1f}.", [row * 2 for row in rows])


def main():
    powers_of_two()
    f = near_zero(lambda u: log1p(u) / u, mpf(1))
    polynomial("kLog1pFast", "log1p(u)/u, 0 <= u <= 1", f, 0, 1, 9, lambda u: 1 / f(u))
    by_square("kAtanFast", "atan(r)/r", lambda v: atan(sqrt(v)) / sqrt(v), mpf(1), 8)
    by_square("kTanhshrinkFast", "(r - tanh(r))/r^3",
              lambda v: (sqrt(v) - tanh(sqrt(v))) / (v * sqrt(v)), mpf(1) / 3, 7)
    gauss(8)
    written(sys.argv[1], "// Polynomials for Accuracy::fast. Written by "
            "tools/fast_coefficients.py.\n#pragma once\n")


if __name__ == "__main__":
    main()
