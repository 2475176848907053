# SPDX-License-Identifier: Apache-2.0
"""What tools/coefficients.py fits with, and how it writes what it finds. Needs mpmath."""
import struct
from mpmath import mp, mpf, cos, erfc, exp, pi, log, lu_solve, matrix, sqrt

mp.dps = 80
lines = []


def to_double(x):
    return mpf(float(x))


def literal(c):
    return float(c).hex()


def nodes(lo, hi, n):
    return [(lo + hi) / 2 + (hi - lo) / 2 * cos(pi * (2 * k + 1) / (2 * n)) for k in range(n)]


def fit(f, lo, hi, degree):
    """Coefficients c0..c_degree, each rounded to double."""
    return [to_double(c) for c in solved(f, nodes(lo, hi, degree + 1))]


def wrap(items):
    rows, row = [], "   "
    for item in items:
        if len(row) + len(item) + 2 > 98:
            rows.append(row)
            row = "   "
        row += " " + item + ","
    rows.append(row)
    return "\n".join(rows)


def polynomial(name, what, f, lo, hi, degree, weight):
    """`weight` turns an error of the polynomial into one relative to the function served."""
    lo, hi = mpf(lo), mpf(hi)
    cs = fit(f, lo, hi, degree)
    grid = [lo + (hi - lo) * k / 1000 for k in range(1001)]
    worst = max(abs((sum(c * x**k for k, c in enumerate(cs)) - f(x)) * weight(x)) for x in grid)
    lines.append(f"// {what}: error 2^{float(log(worst, 2)):.1f}.")
    lines.append(f"inline constexpr double {name}[] = {{\n{wrap([literal(c) for c in cs])}\n}};\n")


def split(name, what, value, bits=53):
    """value as a sum of doubles; the first keeps `bits` bits, so that products stay exact."""
    unit = mpf(2) ** (mp.floor(log(abs(value), 2)) + 1 - bits)
    hi = mp.nint(value / unit) * unit
    lines.append(f"// {what}")
    lines.append(f"inline constexpr double {name}[] = {{{literal(hi)}, {literal(value - hi)}}};\n")


def split3(name, what, value, bits):
    unit = mpf(2) ** (mp.floor(log(value, 2)) + 1 - bits)
    first = mp.floor(value / unit) * unit
    unit = mpf(2) ** (mp.floor(log(value - first, 2)) + 1 - bits)
    second = mp.floor((value - first) / unit) * unit
    parts = [first, second, to_double(value - first - second)]
    parts.append(value - sum(parts))
    lines.append(f"// {what}, {bits} bits in the first two")
    body = wrap([literal(p) for p in parts])
    lines.append(f"inline constexpr double {name}[] = {{\n{body}\n}};\n")


def near_zero(f, limit):
    return lambda x: limit if abs(x) < mpf(10) ** -25 else f(x)


def single_literal(x):
    mantissa, exponent = literal(to_single(x)).split("p")
    return f"{mantissa.rstrip('0').rstrip('.')}p{exponent}F"


def to_single(x):
    return mpf(struct.unpack("<f", struct.pack("<f", float(x)))[0])


def single_row(values):
    return wrap([single_literal(v) for v in values])


def single_table(name, what, rows):
    body = "\n".join("    {\n" + single_row(row) + "\n    }," for row in rows)
    lines.append(f"// {what}")
    lines.append(f"inline constexpr float {name}[][{len(rows[0])}] = {{\n{body}\n}};\n")


def solved(f, xs):
    """Coefficients of the polynomial through f at xs, exactly."""
    a = matrix([[x**p for p in range(len(xs))] for x in xs])
    return list(lu_solve(a, matrix([f(x) for x in xs])))


def written(path, head):
    """A header of src/math with `lines`."""
    body = "\n".join(lines)
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"// SPDX-License-Identifier: Apache-2.0\n{head}\nnamespace actfn::coefficients "
                  f"{{\n\n// clang-format off\n{body}// clang-format on\n\n"
                  "}  // namespace actfn::coefficients\n")


def gauss_tail(y):
    """(t + 1.5) e^(t^2/2) Phi(-t) in y = (t-3)/(t+3)."""
    t = 3 * (1 + y) / (1 - y)
    return (t + mpf(3) / 2) * exp(t * t / 2) * erfc(t / sqrt(2)) / 2


def gauss_end(t):
    """y for t."""
    return (mpf(t) - 3) / (mpf(t) + 3)


def at_nodes(name, what, f, xs, edge, weight):
    """As polynomial(), through the given nodes, with coefficients of float32."""
    cs = [to_single(c) for c in solved(f, xs)]
    grid = [edge * (k - 500) / 500 for k in range(1001)]
    worst = max(abs((sum(c * x**k for k, c in enumerate(cs)) - f(x)) * weight(x)) for x in grid)
    lines.append(f"// {what}: error 2^{float(log(worst, 2)):.1f}.")
    lines.append(f"inline constexpr double {name}[] = {{\n{wrap([literal(c) for c in cs])}\n}};\n")
