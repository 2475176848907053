#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Polynomials and constants of src/math/precise.h. Needs mpmath.

tools/precise_coefficients.py src/math/precise_coefficients.h

The fits are those of tools/coefficients.py, of degrees between its `quick` and its `precise`: what
serves values of float32 that are rounded correctly (Accuracy::nearest).
"""
import sys
from mpmath import mpf, erfc, exp, expm1, log, log1p, sqrt

import coefficients as all_of


def exponential():
    edge = log(2) / 32 * mpf("1.002")
    f = all_of.near_zero(lambda r: (expm1(r) - r) / r**2, mpf(1) / 2)
    w = all_of.near_zero(lambda r: r**2 / expm1(r), mpf(0))
    all_of.polynomial("kExpm1Tight", "(e^r - 1 - r)/r^2, |r| <= ln2/32", f, -edge, edge, 4, w)
    all_of.split("kLn2Sixteenth", "ln 2 / 16", log(2) / 16)


def logarithm():
    f = all_of.near_zero(lambda u: log1p(u) / u, mpf(1))
    all_of.polynomial("kLog1pTight", "log1p(u)/u, 0 <= u <= 1", f, 0, 1, 16, lambda u: 1 / f(u))


def gauss():
    def tail(y):
        t = 3 * (1 + y) / (1 - y)
        return (t + mpf(3) / 2) * exp(t * t / 2) * erfc(t / sqrt(2)) / 2

    top = (mpf("14.8") - 3) / (mpf("14.8") + 3)
    all_of.polynomial("kGaussTight", "(t + 1.5) e^(t^2/2) Phi(-t) in y = (t-3)/(t+3), t <= 14.8",
                      tail, -1, top, 18, lambda y: 1 / tail(y))


def main():
    for part in (exponential, logarithm, gauss):
        part()
    head = ("// SPDX-License-Identifier: Apache-2.0\n"
            "// Polynomials and constants of src/math/precise.h. Written by\n"
            "// tools/precise_coefficients.py.\n#pragma once\n")
    body = "\n".join(all_of.lines)
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        out.write(f"{head}\nnamespace actfn::coefficients {{\n\n// clang-format off\n{body}"
                  "// clang-format on\n\n}  // namespace actfn::coefficients\n")


if __name__ == "__main__":
    main()
