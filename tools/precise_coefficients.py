#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Polynomials and constants of src/math/precise.h. Needs mpmath.

tools/precise_coefficients.py src/math/precise_coefficients.h

The fits are those of tools/coefficients.py, of degrees between its `quick` and its `precise`: what
serves values of float32 that are rounded correctly (Accuracy::nearest).
"""
import sys
from mpmath import mpf, expm1, log, log1p
from coefficients_fit import gauss_end, gauss_tail, near_zero, polynomial, split, written


def exponential():
    edge = log(2) / 32 * mpf("1.002")
    f = near_zero(lambda r: (expm1(r) - r) / r**2, mpf(1) / 2)
    w = near_zero(lambda r: r**2 / expm1(r), mpf(0))
    polynomial("kExpm1Tight", "(e^r - 1 - r)/r^2, |r| <= ln2/32", f, -edge, edge, 4, w)
    split("kLn2Sixteenth", "ln 2 / 16", log(2) / 16)


def logarithm():
    f = near_zero(lambda u: log1p(u) / u, mpf(1))
    polynomial("kLog1pTight", "log1p(u)/u, 0 <= u <= 1", f, 0, 1, 16, lambda u: 1 / f(u))


def gauss():
    polynomial("kGaussTight", "(t + 1.5) e^(t^2/2) Phi(-t) in y = (t-3)/(t+3), t <= 14.8",
               gauss_tail, -1, gauss_end("14.8"), 18, lambda y: 1 / gauss_tail(y))


def main():
    for part in (exponential, logarithm, gauss):
        part()
    written(sys.argv[1], "// Polynomials and constants of src/math/precise.h. Written by\n"
            "// tools/precise_coefficients.py.\n#pragma once\n")


if __name__ == "__main__":
    main()
