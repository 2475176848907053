#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Polynomials and constants of src/math. Needs mpmath.

tools/coefficients.py src/math/coefficients.h src/math/two_over_pi.inc

Each fit interpolates at Chebyshev nodes with 80 digits and rounds every coefficient to double. The
error noted is that of the rounded polynomial, as a power of two relative to the function that it
serves. There are two of each: `quick` for results in float32, `precise` for float64.
"""
import struct
import sys
from mpmath import mp, mpf, cos, sin, pi, expm1, log, log1p, tanh, atan, erf, sqrt
from coefficients_fit import (gauss_end, gauss_tail, lines, near_zero, polynomial, single_row,
                              split, split3, to_single, wrap, written)
from coefficients_single import (arctan_single, circle_single, erf_single,
                                 exponential_coarse, exponential_single, gauss_single,
                                 gelu_tanh_single, log1p_single)

TURNS_DIGITS = 500


def exponential():
    edge = log(2) / 32 * mpf("1.002")
    f = near_zero(lambda r: (expm1(r) - r) / r**2, mpf(1) / 2)
    w = near_zero(lambda r: r**2 / expm1(r), mpf(0))
    polynomial("kExpm1Quick", "(e^r - 1 - r)/r^2, |r| <= ln2/32", f, -edge, edge, 2, w)
    edge = log(2) / 16 * mpf("1.002")
    polynomial("kExpm1Single", "the same, |r| <= ln2/16, for float32", f, -edge, edge, 2, w)
    split("kLn2Single", "ln 2 / 8, 12 bits in the first", log(2) / 8, 12)
    powers = [mpf(2) ** (mpf(j % 8) / 8) for j in range(16)]
    rounded = [struct.unpack("<i", struct.pack("<f", float(v)))[0] for v in powers]
    singles = [to_single(v) for v in powers]
    lines.append("// The bits of 2^(j/8) as a float, less j 2^20, twice over; and what its "
                 "rounding took\n"
                 "// away, relative to it.")
    body = wrap([f"0x{v - ((j % 8) << 20):08x}" for j, v in enumerate(rounded)])
    lines.append(f"inline constexpr std::int32_t kExpTableSingle[] = {{\n{body}\n}};")
    body = single_row([(v - s) / s for v, s in zip(powers, singles)])
    lines.append(f"inline constexpr float kExpRestSingle[] = {{\n{body}\n}};\n")
    table = [mpf(2) ** (mpf(j) / 16) for j in range(16)]
    bits = [struct.unpack("<q", struct.pack("<d", float(v)))[0] - (j << 48)
            for j, v in enumerate(table)]
    lines.append("// The bits of 2^(j/16) as a double, less j 2^48: adding k 2^48 gives "
                 "2^(k/16) for\n"
                 "// every k with the last four bits of j.")
    body = wrap([f"0x{v:016x}" for v in bits])
    lines.append(f"inline constexpr std::int64_t kExpTable[] = {{\n{body}\n}};\n")
    edge = log(2) / 2 * mpf("1.002")
    f = near_zero(lambda r: (expm1(r) - r - r * r / 2) / r**3, mpf(1) / 6)
    w = near_zero(lambda r: r**3 / expm1(r), mpf(0))
    polynomial("kExpm1Precise", "(e^r - 1 - r - r^2/2)/r^3, |r| <= ln2/2", f, -edge, edge, 10, w)
    split3("kLn2", "ln 2", log(2), 40)


def logarithm():
    split("kLogTwo", "ln 2", log(2))
    f = near_zero(lambda u: log1p(u) / u, mpf(1))
    polynomial("kLog1pQuick", "log1p(u)/u, 0 <= u <= 1", f, 0, 1, 12, lambda u: 1 / f(u))
    f2 = near_zero(lambda u: (log1p(u) - u + u * u / 2) / u**3, mpf(1) / 3)
    w = near_zero(lambda u: u**3 / log1p(u), mpf(0))
    polynomial("kLog1pPrecise", "(log1p(u) - u + u^2/2)/u^3, 0 <= u <= 1", f2, 0, 1, 21, w)
    edge = ((sqrt(2) - 1) / (sqrt(2) + 1) * mpf("1.001")) ** 2
    f3 = near_zero(lambda v: (2 * mp.atanh(sqrt(v)) / sqrt(v) - 2) / v, mpf(2) / 3)
    polynomial("kLogHalves", "(log((1+s)/(1-s)) - 2s)/s^3 in v = s^2, 1/sqrt(2) <= (1+s)/(1-s) <= "
               "sqrt(2)", f3, 0, edge, 6, lambda v: v / 2)


def gauss():
    tail, top = gauss_tail, gauss_end
    what = "(t + 1.5) e^(t^2/2) Phi(-t) in y = (t-3)/(t+3), t <= "
    polynomial("kGaussQuick", what + "14.8", tail, -1, top("14.8"), 12, lambda y: 1 / tail(y))
    middle = tail(mpf(0))
    split("kGaussMiddle", what + "39: at y = 0", middle)
    bend = near_zero(lambda y: (tail(y) - middle) / y, mp.diff(tail, 0))
    polynomial("kGaussPrecise", "and (that - that at 0)/y", bend, -1, top(39), 26,
               lambda y: y / tail(y))
    split("kInverseSqrt2Pi", "1/sqrt(2 pi)", 1 / sqrt(2 * pi))
    split("kGeluTanhLinear", "2 sqrt(2/pi)", 2 * sqrt(2 / pi))
    split("kGeluTanhCubic", "2 sqrt(2/pi) 0.044715", 2 * sqrt(2 / pi) * mpf("0.044715"))


def error_function():
    f = near_zero(lambda v: erf(sqrt(v)) / sqrt(v), 2 / sqrt(pi))
    polynomial("kErfQuick", "erf(z)/z in v = z^2, z <= 1", f, 0, 1, 7, lambda v: 1 / f(v))
    g = near_zero(lambda v: (f(v) - 2 / sqrt(pi)) / v, -2 / (3 * sqrt(pi)))
    polynomial("kErfPrecise", "(erf(z)/z - 2/sqrt(pi))/z^2 in v = z^2, z <= 1", g, 0, 1, 12,
               lambda v: v / f(v))
    split("kTwoOverSqrtPi", "2/sqrt(pi)", 2 / sqrt(pi))
    split("kSqrt2", "sqrt(2)", sqrt(mpf(2)))


def shrink():
    f = near_zero(lambda v: (sqrt(v) - tanh(sqrt(v))) / sqrt(v) ** 3, mpf(1) / 3)
    polynomial("kTanhshrinkQuick", "(x - tanh x)/x^3 in v = x^2, v <= 1", f, 0, 1, 8,
               lambda v: 1 / f(v))
    g = near_zero(lambda v: (f(v) - mpf(1) / 3) / v, -mpf(2) / 15)
    polynomial("kTanhshrinkPrecise", "((x - tanh x)/x^3 - 1/3)/x^2 in v = x^2, v <= 1", g, 0, 1, 16,
               lambda v: v / f(v))
    split("kThird", "1/3", mpf(1) / 3)


def circle():
    edge = (pi / 4 * mpf("1.001")) ** 2
    f = near_zero(lambda v: (sin(sqrt(v)) / sqrt(v) - 1) / v, -mpf(1) / 6)
    g = near_zero(lambda v: (cos(sqrt(v)) - 1) / v, -mpf(1) / 2)
    h = near_zero(lambda v: (cos(sqrt(v)) - 1 + v / 2) / v**2, mpf(1) / 24)
    sine = "(sin r - r)/r^3 in v = r^2, |r| <= pi/4"
    polynomial("kSinQuick", sine, f, 0, edge, 3, lambda v: v)
    polynomial("kCosQuick", "(cos r - 1)/r^2", g, 0, edge, 4, lambda v: v)
    polynomial("kSinPrecise", sine, f, 0, edge, 8, lambda v: v)
    polynomial("kCosPrecise", "(cos r - 1 + r^2/2)/r^4", h, 0, edge, 7, lambda v: v * v)
    split3("kHalfPi", "pi/2", pi / 2, 33)
    split("kQuarterTurn", "pi/2", pi / 2)
    k = near_zero(lambda v: atan(sqrt(v)) / sqrt(v), mpf(1))
    polynomial("kAtanQuick", "atan(z)/z in v = z^2, z <= 1", k, 0, 1, 11, lambda v: 1 / k(v))
    m = near_zero(lambda v: (k(v) - 1) / v, -mpf(1) / 3)
    polynomial("kAtanPrecise", "(atan(z) - z)/z^3 in v = z^2, z <= 1", m, 0, 1, 22,
               lambda v: v / k(v))


def selu():
    alpha = mpf("1.6732632423543772848170429916717")
    scale = mpf("1.0507009873554804934193349852946")
    split("kSeluScale", "scale", scale)
    split("kSeluScaleAlpha", "scale alpha", scale * alpha)


def turns(path):
    """2/pi behind the binary point, 64 bits a line."""
    with open(path, "w", encoding="utf-8") as out:
        out.write("// SPDX-License-Identifier: Apache-2.0\n")
        rest = 2 / pi
        for _ in range(24):
            rest *= mpf(2) ** 64
            out.write(f"    0x{int(mp.floor(rest)):016x},\n")
            rest -= mp.floor(rest)


def main():
    for part in (exponential, exponential_single, exponential_coarse, logarithm, log1p_single,
                 gauss, gauss_single, gelu_tanh_single, error_function, erf_single, shrink,
                 circle, circle_single, arctan_single, selu):
        part()
    written(sys.argv[1], "// Polynomials and constants of src/math. Written by "
            "tools/coefficients.py.\n#pragma once\n\n#include <cstdint>\n")
    mp.dps = TURNS_DIGITS
    turns(sys.argv[2])


if __name__ == "__main__":
    main()
