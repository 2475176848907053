# SPDX-License-Identifier: Apache-2.0
"""The bits are those that the C++ library has recorded in docs/hashes.json.

The inputs and the hash are those of tests/hashes, written again in NumPy.
"""
import json
import re
from pathlib import Path

import numpy as np
import pytest
from support import TYPES, bits

import actfn

FILE = Path(__file__).resolve().parents[3] / "docs" / "hashes.json"
RECORDED = json.loads(FILE.read_text())["quick"]
COUNTS = {"float32": 1 << 14, "float64": 1 << 12, "float16": 1 << 12, "bfloat16": 1 << 12}
LENGTHS = [1, 2, 3, 7, 16, 17, 100, 1000, 4099]
ROWS = 2
CANONICAL_NAN = {"float32": 0x7FC00000, "float64": 0x7FF8000000000000, "bfloat16": 0x7FC0,
                 "float16": 0x7E00}
U64 = np.uint64


def mix(z):
    with np.errstate(over="ignore"):
        z = np.asarray(z, U64) + U64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> U64(30))) * U64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> U64(27))) * U64(0x94D049BB133111EB)
        return z ^ (z >> U64(31))


def hash_of(y):
    """SplitMix64 over eight lanes: tests/hashes/digest.h."""
    b = bits(y).reshape(-1).astype(U64)
    b[b == U64(CANONICAL_NAN[y.dtype.name])] = U64(0x7FF8)
    lanes = np.zeros(8, U64)
    with np.errstate(over="ignore"):
        for i in range(0, b.size, 8):
            part = b[i:i + 8]
            z = (lanes[:part.size] ^ part) * U64(0x9E3779B97F4A7C15)
            lanes[:part.size] = (z << U64(29)) | (z >> U64(35))
    result = U64(b.size)
    for lane in lanes:
        result = mix(result ^ lane)
    return result


def digest(*arrays):
    result = U64(0)
    for a in arrays:
        result = mix(result ^ hash_of(a))
    return result


def edges(name):
    like = np.float64 if name == "float64" else np.float32
    info = np.finfo(like)
    values = np.array([np.nan, np.inf, info.max, info.tiny, info.smallest_subnormal, 0, 0.5, 1, 2,
                       3, 6, 20], like)
    return np.stack([values, -values], 1).reshape(-1)


def sweep(name):
    """Inputs of elementwise functions: tests/hashes/bits.cc."""
    i = np.arange(COUNTS[name], dtype=U64)
    dtype = TYPES[name]
    with np.errstate(over="ignore", invalid="ignore"):
        if name == "float64":
            b = mix(i)
            exponent = U64(1023 - 40) + (b >> U64(52)) % U64(51)
            near = (b & ~(U64(0x7FF) << U64(52))) | (exponent << U64(52))
            rest = np.where(i % U64(2) == 0, b, near).view(np.float64)
        else:
            unsigned = np.uint32 if name == "float32" else np.uint16
            rest = (i * U64(0x9E3779B1)).astype(unsigned).view(dtype)
        return np.concatenate([edges(name).astype(dtype), rest])


def numbers(name, count, seed):
    """Inputs of the other functions: tests/hashes/families.cc."""
    with np.errstate(over="ignore"):
        words = mix(mix(seed) + np.arange(count, dtype=U64))
    unit = (words >> U64(11)).astype(np.float64) * 2.0**-53
    scale = np.where(np.arange(count) % 97 == 96, 1200.0, 24.0)
    x = (unit - 0.5) * scale
    return x if name == "float64" else x.astype(np.float32).astype(TYPES[name])


def recorded(key, name):
    return [U64(int(text, 16)) for text in RECORDED[f"{key} {name}"]]


def keys_of(kind, operation=None):
    """The functions with the parameters that the file has."""
    names = {f.name for f in actfn.catalogue(kind)}
    keys = {key.rpartition(" ")[0] for key in RECORDED}
    plain = {key for key in keys if re.split("[(@]", key)[0] in names and " by " not in key}
    return sorted(plain)


def over_shapes(name, one):
    result = U64(0)
    for columns in LENGTHS:
        result = mix(result ^ one(columns))
    return result


# Accuracies are for float32 alone.
@pytest.mark.parametrize(("key", "name"), [(key, name) for key in keys_of("elementwise")
                                           for name in TYPES if f"{key} {name}" in RECORDED])
def test_elementwise(key, name):
    f = actfn.function(key)
    x = sweep(name)
    with np.errstate(all="ignore"):
        found = [mix(hash_of(y) ^ mix(0)) for y in (f(x), f.derivative(x), f.second_derivative(x))]
    assert found == recorded(key, name)


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("key", [k for k in keys_of("row") if not k.startswith("logsum")
                                 and not k.startswith("logmean")])
def test_rows(key, name):
    f = actfn.function(key)

    def arrays(columns, seed):
        return numbers(name, ROWS * columns, seed).reshape(ROWS, columns)

    def value(columns):
        return digest(f(arrays(columns, 1)))

    def gradient(columns):
        return digest(f.backward(arrays(columns, 2), arrays(columns, 1)))

    def twice(columns):
        return digest(*f.double_backward(arrays(columns, 3), arrays(columns, 2),
                                         arrays(columns, 1)))

    assert [over_shapes(name, one) for one in (value, gradient, twice)] == recorded(key, name)


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("key", ["logsumexp", "logmeanexp"])
def test_reductions(key, name):
    f = actfn.function(key)

    def x(columns):
        return numbers(name, ROWS * columns, 1).reshape(ROWS, columns)

    def value(columns):
        return digest(f(x(columns)))

    def gradient(columns):
        return digest(f.backward(numbers(name, ROWS, 2), x(columns)))

    assert [over_shapes(name, one) for one in (value, gradient)] == recorded(key, name)[:2]


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("key", keys_of("gate"))
def test_gates(key, name):
    f = actfn.function(key)

    def packed(columns, seed):
        return numbers(name, 2 * ROWS * columns, seed).reshape(ROWS, 2 * columns)

    def grad(columns):
        return numbers(name, ROWS * columns, 5).reshape(ROWS, columns)

    def value(columns):
        return digest(f(packed(columns, 4)))

    def gradient(columns):
        return digest(f.backward(grad(columns), packed(columns, 4)))

    def twice(columns):
        return digest(*f.double_backward(packed(columns, 6), grad(columns), packed(columns, 4)))

    assert [over_shapes(name, one) for one in (value, gradient, twice)] == recorded(key, name)


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("key", keys_of("random"))
def test_random(key, name):
    f = actfn.function(key)
    seeds = (14, 15) if key.startswith("gumbel") else (7, 8)

    def arrays(columns, seed):
        return numbers(name, ROWS * columns, seed).reshape(ROWS, columns)

    def value(columns):
        return digest(f(arrays(columns, seeds[0]), seed=42))

    def gradient(columns):
        return digest(f.backward(arrays(columns, seeds[1]), arrays(columns, seeds[0]), seed=42))

    def later(columns):
        return digest(f(arrays(columns, seeds[0]), seed=42, first=5))

    assert [over_shapes(name, one) for one in (value, gradient, later)] == recorded(key, name)


@pytest.mark.parametrize("name", TYPES)
def test_prelu(name):
    def arrays(columns):
        return [numbers(name, ROWS * columns, seed).reshape(ROWS, columns) for seed in (9, 10, 11)]

    def value(columns):
        return digest(actfn.prelu(arrays(columns)[0], numbers(name, columns, 12)))

    def gradient(columns):
        x, dy, _ = arrays(columns)
        dx, dweight = actfn.backward("prelu", dy, x, weight=numbers(name, columns, 12))
        return digest(np.zeros(x.shape, x.dtype), dx, dweight)

    def twice(columns):
        x, dy, v = arrays(columns)
        weight = numbers(name, columns, 12)
        return digest(*actfn.double_backward("prelu", v, dy, x, weight=weight, v_weight=weight))

    assert [over_shapes(name, one) for one in (value, gradient, twice)] == recorded("prelu", name)


@pytest.mark.parametrize("name", TYPES)
def test_grouped(name):
    """The file has none of these: they are exact, and NumPy has them."""
    x = numbers(name, 2 * 12, 1).reshape(2, 12)
    zero = x.dtype.type(0)
    both = np.concatenate([np.maximum(x, zero), np.maximum(-x, zero)], 1)
    np.testing.assert_array_equal(bits(actfn.crelu(x)), bits(both))
    largest = x.reshape(2, 4, 3).max(2)
    np.testing.assert_array_equal(bits(actfn.maxout(x, group=3)), bits(largest))


@pytest.mark.parametrize("name", TYPES)
def test_learnable(name):
    x = sweep(name)
    f = actfn.function("swish(beta=0.5)")
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(bits(actfn.learnable(x, activation=f)), bits(f(x)))


def test_all_functions_are_here():
    tested = {key for kind in ("elementwise", "row", "gate", "random") for key in keys_of(kind)}
    names = {re.split("[(@]", key)[0] for key in tested}
    assert {f.name for f in actfn.catalogue()} - names == {"prelu", "learnable", "crelu", "maxout"}
