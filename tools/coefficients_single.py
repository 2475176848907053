# SPDX-License-Identifier: Apache-2.0
"""The tables of src/math for float32 arithmetic, for tools/coefficients.py. Needs mpmath."""
import struct
from mpmath import mp, mpf, pi, cos, exp, expm1, log, log1p, atan, erfc, sqrt
from coefficients_fit import (at_nodes, lines, literal, near_zero, nodes, polynomial, single_row,
                              single_table, solved, to_single, wrap)


def exponential_single():
    """e^x by 2^(j/8) rounded to 12 bits, whose products with other short numbers are exact."""
    steps = [mp.nint(mpf(2) ** (mpf(j) / 8) * 2**11) / 2**11 for j in range(8)]
    bits = [struct.unpack("<i", struct.pack("<f", float(t)))[0] - (j << 20)
            for j, t in enumerate(steps)]
    lines.append("// The bits of 2^(j/8), rounded to 12 bits, as a float, less j 2^20: adding "
                 "k 2^20 makes\n// them those of 2^(k/8). And what rounding did to its "
                 "logarithm. Each twice.")
    body = wrap([f"0x{b:08x}" for b in bits * 2])
    lines.append(f"inline constexpr std::int32_t kExpSteps[] = {{\n{body}\n}};")
    deltas = [log(t) - log(2) * j / 8 for j, t in enumerate(steps)]
    lines.append(f"inline constexpr float kExpDeltas[] = {{\n{single_row(deltas * 2)}\n}};\n")
    high = to_single(log(2) / 8)
    lines.append("// ln 2 / 8")
    lines.append(f"inline constexpr double kLn2EighthSingle[] = {{{literal(high)}, "
                 f"{literal(to_single(log(2) / 8 - high))}}};\n")
    edge = log(2) / 16 + max(abs(d) for d in deltas)
    f = near_zero(lambda r: (expm1(r) - r) / r**2, mpf(1) / 2)
    # The error vanishes there, so that r^2 times it, or r times it, is the least.
    node = edge * sqrt(2 * (sqrt(mpf(2)) - 1))
    at_nodes("kGrowth", "(e^r - 1 - r)/r^2 for e^r, |r| <= ln2/16 and 2^-12", f,
             [-node, mpf(0), node], edge, lambda r: r * r)
    at_nodes("kGrowthNear", "the same for e^r - 1, whose relative error counts", f,
             [-node, -node / 3, node / 3, node], edge, lambda r: r)


def exponential_coarse():
    """e^x by one polynomial, for attention."""
    edge = log(2) / 2
    f = near_zero(lambda r: 2 * expm1(r) / r, mpf(2))
    polynomial("kTwiceExp", "(2 e^r - 2)/r, |r| <= ln2/2", f, -edge, edge, 4,
               lambda r: r / (2 * exp(r)))
    high = mp.nint(log(2) * 2**14) / 2**14
    lines.append("// ln 2, 14 bits in the first")
    lines.append(f"inline constexpr double kLn2Coarse[] = {{{literal(high)}, "
                 f"{literal(to_single(log(2) - high))}}};\n")


def log1p_single():
    """log1p by (1 + u) c = 1 + s for 8 numbers c of 9 bits, about 1/(1 + j/7).

    So s is exact, or in all but the low part of u c.
    """
    rows = [[] for _ in range(3)]
    for j in range(8):
        c = mp.nint(2**9 / (1 + mpf(j) / 7)) / 2**9
        value = to_single(-log(c))
        for row, v in zip(rows, [c, value, -log(c) - value]):
            row.append(to_single(v))
    single_table("kLog1pNodes", "c, and -log(c) as a sum of two, for 8 intervals of u, whose "
                 "middles are the sevenths from 0 to 1:\n// (1 + u) c is about 1. Each twice.",
                 [row * 2 for row in rows])
    f = near_zero(lambda s: (log1p(s) - s) / s**2, -mpf(1) / 2)
    edge = mpf("0.074")
    polynomial("kLog1pSingle", "(log1p(s) - s)/s^2, |s| <= 0.074", f, -edge, edge, 4,
               lambda s: s * s)
    h = near_zero(lambda v: (log(mp.cosh(sqrt(v) / 2))) / v, mpf(1) / 8)
    polynomial("kLogCosh", "log(cosh(x/2))/x^2 in v = x^2, |x| <= 1/4", h, 0, mpf(1) / 16, 2,
               lambda v: v)


def gauss_single():
    """g(t) in 8 intervals, whose bounds are t + 1.125 = 1, 1.5, 2, 3, ... 12, 16.

    So the root of the derivative of x Phi(x), where sums cancel, is inside of one; and AVX2 has a
    permutation for 8.
    """
    def g(t):
        return exp(t * t / 2) * erfc(t / sqrt(mpf(2))) / 2

    def about(m, low, high):
        """Coefficients in t - m, and what rounding does to the slope: the largest error by far."""
        cs = solved(lambda d: g(m + d), nodes(low - m, high - m, 9))
        return abs(cs[1] - to_single(cs[1])), m, cs

    rows = [[] for _ in range(11)]
    worst = mpf(0)
    for place in range(8):
        k = (place - 6) % 8  # the bits of 1.0F end in 6 there
        width = mpf(2) ** (k // 2) / 2
        low = mpf(2) ** (k // 2) * (1 + mpf(k % 2) / 2) - mpf("1.125")
        low, width = max(low, mpf(0)), width + min(low, mpf(0))
        places = [low + width / 2 + width * j / 1024 for j in range(-64, 65)]
        _, m, cs = min((about(m, low, low + width) for m in places), key=lambda found: found[0])
        first = to_single(cs[0])
        column = [m, first, to_single(cs[0] - first)] + [to_single(c) for c in cs[1:]]
        for row, c in zip(rows, column):
            row.append(c)
        for j in range(101):
            d = low + width * j / 100 - m
            p = first + sum(c * d**i for i, c in enumerate(column[2:]))
            worst = max(worst, abs(p / g(m + d) - 1))
    single_table("kGaussSingle", "e^(t^2/2) Phi(-t) in 8 intervals of t, two an octave of t + "
                 "1.125, each a column: a\n// place m near the middle, where the slope is almost a "
                 "float; "
                 f"and coefficients in t - m,\n// the first a sum of two: error "
                 f"2^{float(log(worst, 2)):.1f}.", [row * 2 for row in rows])


def gelu_tanh_single():
    """z = b x (x^2 + c), and ln 2 / 8 in units of b."""
    b = 2 * sqrt(2 / pi) * mpf("0.044715")
    c = 1 / mpf("0.044715")
    step = to_single(log(2) / 8 / b)
    values = {"kGeluTanhScale": to_single(b), "kGeluTanhStep": step,
              "kGeluTanhStepRest": to_single(log(2) / 8 - step * b)}
    lines.append("// gelu's tanh form in float32: 2 sqrt(2/pi) 0.044715 = b; ln2/8/b, and ln2/8 "
                 "less b times that;\n// 1/0.044715.")
    for name, v in values.items():
        lines.append(f"inline constexpr double {name} = {literal(v)};")
    high = to_single(c)
    lines.append(f"inline constexpr double kGeluTanhShift[] = {{{literal(high)}, "
                 f"{literal(to_single(c - high))}}};\n")


def arctan_single():
    """atan about 16 points: 0, two in each octave from 1/8 to 16, and infinity."""
    rows = [[], [], []]
    for place in range(16):
        k = (place - 8) % 16  # the last exponent bits and the first fraction bit of 1/8 are 1000
        if k == 15:
            k = -1  # below 1/8, as 1/16 * 1.5 reads
        if k == -1:
            c = mpf(0)
        elif k == 14:
            c = None
        else:
            low = mpf(2) ** (k // 2 - 3) * (1 + mpf(k % 2) / 2)
            high = mpf(2) ** (k // 2 - 3) * (2 if k % 2 else mpf(3) / 2)
            c = mp.tan((atan(low) + atan(high)) / 2)
            unit = mpf(2) ** (mp.floor(log(c, 2)) - 7)
            c = mp.nint(c / unit) * unit
        angle = pi / 2 if c is None else atan(c)
        rows[0].append(mpf(0) if c is None else c)
        rows[1].append(to_single(angle))
        rows[2].append(to_single(angle - to_single(angle)))
    single_table("kAtanNodes", "c, and atan(c) as a sum of two, for 16 intervals: two in each "
                 "octave from 1/8 to 16, in the\n// order of the last exponent bit and so on; "
                 "before them one for c = 0, behind them one for pi/2.", rows)
    f = near_zero(lambda v: (atan(sqrt(v)) / sqrt(v) - 1) / v, -mpf(1) / 3)
    polynomial("kAtanSingle", "(atan(r) - r)/r^3 in v = r^2, |r| <= 1/8", f, 0, mpf(1) / 64, 2,
               lambda v: v)


def erf_single():
    """-log(erfc(a)) from the point on where erfc(a) is small beside erf(a)."""
    start, end = mpf(1) / 2, mpf("3.95")
    at_start = -log(erfc(start))
    lines.append("// The start of the next one, and -log(erfc(a)) there as a sum of two")
    high = to_single(at_start)
    body = wrap([literal(c) for c in (start, high, to_single(at_start - high))])
    lines.append(f"inline constexpr double kErfStart[] = {{\n{body}\n}};\n")
    f = near_zero(lambda d: (-log(erfc(start + d)) - at_start) / d,
                  2 / sqrt(pi) * exp(-start**2) / erfc(start))
    # More of them near the start, because errors count as erfc(a) does.
    xs = [((1 + 2 * x / (end - start)) / 2) ** mpf("1.6") * (end - start)
          for x in nodes(-(end - start) / 2, (end - start) / 2, 10)]
    cs = [to_single(c) for c in solved(f, xs)]
    grid = [(end - start) * k / 1000 for k in range(1, 1001)]
    worst = max(abs((sum(c * d**k for k, c in enumerate(cs)) - f(d)) * d * erfc(start + d))
                / (1 - erfc(start + d)) for d in grid)
    lines.append("// (-log(erfc(a)) - that at the start)/(a - start) in a - start, a <= 3.95. In "
                 f"erf(a):\n// error 2^{float(log(worst, 2)):.1f}.")
    body = wrap([literal(c) for c in cs])
    lines.append(f"inline constexpr double kErfSingle[] = {{\n{body}\n}};\n")


def circle_single():
    """pi/2 in four parts, of which the first two have 12 bits; and the cosine's later terms."""
    rest, parts = pi / 2, []
    for _ in range(2):
        unit = mpf(2) ** (mp.floor(log(rest, 2)) - 11)
        parts.append(mp.floor(rest / unit) * unit)
        rest -= parts[-1]
    for _ in range(2):
        parts.append(to_single(rest))
        rest -= parts[-1]
    lines.append("// pi/2 as a sum of four, the first two with 12 bits")
    lines.append("inline constexpr double kHalfPiSingle[] = {\n"
                 f"{wrap([literal(p) for p in parts])}\n}};\n")
    edge = (pi / 4 * mpf("1.001")) ** 2
    f = near_zero(lambda v: (cos(sqrt(v)) - 1 + v / 2) / v**2, mpf(1) / 24)
    polynomial("kCosSingle", "(cos r - 1 + r^2/2)/r^4 in v = r^2, |r| <= pi/4", f, 0, edge, 2,
               lambda v: v * v)
