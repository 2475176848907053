#!/usr/bin/env python3
"""Prints the polynomial coefficients and split constants that src/math/ uses. Needs mpmath.

Each fit interpolates at Chebyshev nodes with 60 digits and rounds every coefficient to float32.
The error printed is that of the rounded polynomial, in units of 2^-24 of the function it serves.
"""
import struct
from mpmath import mp, mpf, cos, pi, exp, expm1, log, log1p, tanh, erfc, sqrt, lu_solve, matrix

mp.dps = 60


def to_f32(x):
    return struct.unpack("f", struct.pack("f", float(x)))[0]


def nodes(lo, hi, n):
    return [(lo + hi) / 2 + (hi - lo) / 2 * cos(pi * (2 * k + 1) / (2 * n)) for k in range(n)]


def interpolate(f, lo, hi, powers):
    xs = nodes(lo, hi, len(powers))
    a = matrix([[x**p for p in powers] for x in xs])
    return list(lu_solve(a, matrix([f(x) for x in xs])))


def fit(f, lo, hi, degree):
    """Coefficients c0..c_degree, each rounded to float32."""
    return [mpf(to_f32(c)) for c in interpolate(f, lo, hi, list(range(degree + 1)))]


def report(name, f, lo, hi, degree, scale):
    lo, hi = mpf(lo), mpf(hi)
    coefficients = fit(f, lo, hi, degree)
    grid = [lo + (hi - lo) * k / 2000 for k in range(2001)]
    worst = max(
        abs((sum(c * x**k for k, c in enumerate(coefficients)) - f(x)) * scale(x)) for x in grid
    )
    print(f"// {name}: error {float(worst * 2**24):.3f} of 2^-24")
    print("   {" + ", ".join(float(c).hex() + "F" for c in coefficients) + "}")


def split(name, value, bits=24):
    """value as a sum of two float32; hi keeps `bits` bits so that products with it stay exact."""
    unit = mpf(2) ** (mp.floor(mp.log(value, 2)) + 1 - bits)
    hi = mp.floor(value / unit) * unit
    print(f"// {name}\n   hi {float(hi).hex()}F lo {to_f32(value - hi).hex()}F")


def near_zero(f, limit):
    return lambda x: limit if abs(x) < mpf(10) ** -20 else f(x)


def main():
    half_ln2 = log(2) / 2 * mpf("1.002")
    exp_tail = near_zero(lambda r: (expm1(r) - r - r * r / 2) / r**3, mpf(1) / 6)
    report("2 (e^r - 1 - r - r^2/2)/r^3, |r| <= ln2/2", lambda r: 2 * exp_tail(r), -half_ln2,
           half_ln2, 4, lambda r: r**3 / 2 / exp(r))
    bend = near_zero(lambda u: (log1p(u) - u + u * u / 2) / u**3, mpf(1) / 3)
    report("(log1p(u) - u + u^2/2)/u^3, 0 <= u <= 1", bend, 0, 1, 9,
           lambda u: u**3 / log1p(u) if u > 0 else mpf(0))
    shrink = near_zero(lambda v: ((sqrt(v) - tanh(sqrt(v))) / sqrt(v) ** 3 - mpf(1) / 3) / v,
                       -mpf(2) / 15)
    report("((x - tanh x)/x^3 - 1/3)/x^2 in v = x^2, v <= 1", shrink, 0, 1, 6, lambda v: v * 4)

    def gelu_tail(y):
        t = 3 * (1 + y) / (1 - y)
        return (t + mpf(3) / 2) * exp(t * t / 2) * erfc(t / sqrt(2)) / 2

    top = (mpf("14.8") - 3) / (mpf("14.8") + 3)
    report("(t + 1.5) e^(t^2/2) Phi(-t) in y = (t-3)/(t+3), t <= 14.8", gelu_tail, -1, top, 10,
           lambda y: 1 / gelu_tail(y))
    split("ln 2", log(2), 16)
    split("1/3", mpf(1) / 3)
    split("1/sqrt(2 pi)", 1 / sqrt(2 * pi))
    split("2 sqrt(2/pi)", 2 * sqrt(2 / pi))
    split("2 sqrt(2/pi) 0.044715", 2 * sqrt(2 / pi) * mpf("0.044715"))
    alpha = mpf("1.6732632423543772848170429916717")
    scale = mpf("1.0507009873554804934193349852946")
    split("selu scale", scale)
    split("selu scale alpha", scale * alpha)


if __name__ == "__main__":
    main()
