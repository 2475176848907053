# SPDX-License-Identifier: Apache-2.0
"""What several tests use: types, layouts, and a call of each function."""
import inspect

import numpy as np

import actfn

try:
    import ml_dtypes
except ImportError:
    ml_dtypes = None

TYPES = {"float32": np.dtype("float32"), "float64": np.dtype("float64"),
         "float16": np.dtype("float16")}
if ml_dtypes is not None:
    TYPES["bfloat16"] = np.dtype(ml_dtypes.bfloat16)

FUNCTIONS = actfn.catalogue()
NAMES = [f.name for f in FUNCTIONS]
ROWS, COLUMNS = 6, 8


def numbers(dtype, shape=(ROWS, COLUMNS), seed=0):
    """Numbers where functions bend, some beyond, and what is special."""
    random = np.random.default_rng(seed)
    x = random.normal(scale=3, size=shape)
    special = [0.0, -0.0, 1.0, -1.0, 20.0, -20.0]
    flat = x.reshape(-1)
    flat[:min(len(special), flat.size)] = special[:flat.size]
    return x.astype(dtype)


def needs(f, operation="forward"):
    from actfn import _function

    return _function.signature_of(f, operation).parameters


def options(f, dtype):
    """Arguments that a call of f on numbers() has to have, as keywords."""
    given = {}
    values = {p.name: p.value for p in f.info.parameters}
    for name, argument in inspect.signature(f).parameters.items():
        if name == "x" or argument.default is not inspect.Parameter.empty:
            continue
        if name == "weight":
            given[name] = np.linspace(-0.5, 0.5, COLUMNS).astype(dtype)
        else:
            given[name] = 7 if name == "seed" else values[name]
    return given


def bits(a):
    """The bits of an array's numbers, in row-major order."""
    a = np.ascontiguousarray(np.asarray(a))
    return a.view({2: np.uint16, 4: np.uint32, 8: np.uint64}[a.itemsize])


def same(a, b):
    a, b = np.asarray(a), np.asarray(b)
    assert a.dtype == b.dtype and a.shape == b.shape
    np.testing.assert_array_equal(bits(a), bits(b))


def unaligned(x):
    """The same numbers at an address that no element may have."""
    memory = np.zeros(x.nbytes + 1, np.uint8)
    view = memory[1:].view(x.dtype).reshape(x.shape)
    view[...] = x
    return view


def in_records(x):
    """The same numbers as a field: strides are no multiples of an element."""
    records = np.zeros(x.shape, [("other", "u1"), ("x", x.dtype)])
    records["x"] = x
    return records["x"]


def read_only(x):
    x = x.copy()
    x.flags.writeable = False
    return x


def layouts(x):
    """The same array in all ways that NumPy has to store it."""
    wide = np.repeat(np.repeat(x, 2, axis=0), 3, axis=1)
    yield "contiguous", x.copy()
    yield "transposed", np.asfortranarray(x)
    yield "negative strides", x[::-1, ::-1].copy()[::-1, ::-1]
    yield "strided", wide[::2, ::3]
    yield "read-only", read_only(x)
    yield "unaligned", unaligned(x)
    yield "records", in_records(x)
    if x.dtype.name != "bfloat16":
        yield "another byte order", x.astype(x.dtype.newbyteorder())
