# SPDX-License-Identifier: Apache-2.0
"""Every function gives the same bits for every type in every layout, with out and without."""
import numpy as np
import pytest
from support import COLUMNS, FUNCTIONS, NAMES, ROWS, TYPES, layouts, numbers, options, same

import actfn

EVERY = pytest.mark.parametrize("f", FUNCTIONS, ids=NAMES)
TYPED = pytest.mark.parametrize("name", TYPES)
KEEPS_SHAPE = [f for f in FUNCTIONS if f.info.kind in ("elementwise", "random", "learned")]
KEEPS_SHAPE += [f for f in FUNCTIONS if f.info.kind == "row" and not f.name.startswith("log")]


@TYPED
@EVERY
def test_layouts(f, name):
    x = numbers(TYPES[name])
    given = options(f, TYPES[name])
    expected = f(x, **given)
    assert expected.dtype == TYPES[name]
    for layout, view in layouts(x):
        before = view.copy()
        y = f(view, **given)
        assert type(y) is np.ndarray, layout
        same(y, expected)
        same(view.astype(x.dtype), before.astype(x.dtype))


@TYPED
@EVERY
def test_out(f, name):
    x = numbers(TYPES[name])
    given = options(f, TYPES[name])
    expected = f(x, **given)
    doubled = tuple(2 * n for n in expected.shape)
    step = tuple(slice(None, None, 2) for _ in expected.shape)
    back = tuple(slice(None, None, -1) for _ in expected.shape)
    for out in (np.zeros(expected.shape, expected.dtype),
                np.zeros(expected.shape, expected.dtype, order="F"),
                np.zeros(doubled, expected.dtype)[step],
                np.zeros(expected.shape, expected.dtype)[back]):
        assert f(x, out=out, **given) is out
        same(out, expected)


@TYPED
@pytest.mark.parametrize("f", KEEPS_SHAPE, ids=[f.name for f in KEEPS_SHAPE])
def test_in_place(f, name):
    x = numbers(TYPES[name])
    given = options(f, TYPES[name])
    expected = f(x, **given)
    assert f(x, out=x, **given) is x
    same(x, expected)


@TYPED
@EVERY
def test_empty(f, name):
    x = numbers(TYPES[name], (0, COLUMNS))
    given = options(f, TYPES[name])
    y = f(x, **given)
    assert y.size == 0 and y.dtype == x.dtype and y.shape[0] == 0


@TYPED
@EVERY
def test_without_dimensions(f, name):
    x = np.array(0.75, TYPES[name])
    given = options(f, TYPES[name])
    if "weight" in given:
        given["weight"] = given["weight"][:1]
    if f.info.kind in ("gate", "grouped"):
        with pytest.raises(ValueError, match=rf"\[{f.name}\] x is a scalar"):
            f(x, **given)
        return
    y = f(x, **given)
    assert isinstance(y, np.generic) and y.dtype == x.dtype
    same(y, f(x[None], **given).reshape(()))
    out = np.zeros((), x.dtype)
    assert f(x, out=out, **given) is out
    same(out, y)


@EVERY
def test_axis(f):
    if f.info.kind not in ("row", "gate", "grouped") and f.name != "gumbel_softmax":
        return
    x = numbers(np.float32, (4, 6, 8))
    given = options(f, np.float32)
    if f.name == "gumbel_softmax":  # its noise has an order
        same(f(x, axis=0, **given), f(x, axis=-3, **given))
        return
    for axis in range(3):
        expected = f(np.ascontiguousarray(np.moveaxis(x, axis, -1)), **given)
        y = f(x, axis, **given)
        same(y, expected if y.ndim < 3 else np.moveaxis(expected, -1, axis))
        same(f(x, axis - 3, **given), y)


@pytest.mark.parametrize("name", ["logsumexp", "logmeanexp"])
def test_keepdims(name):
    f = getattr(actfn, name)
    x = numbers(np.float64)
    same(f(x, keepdims=True), f(x)[:, None])
    same(f(x, 0, keepdims=True), f(x, 0)[None])


@pytest.mark.parametrize("f", [f for f in FUNCTIONS if f.info.kind == "row"], ids=lambda f: f.name)
def test_where(f):
    x = numbers(np.float64)
    mask = np.arange(COLUMNS) < 5
    y = f(x, where=mask)
    part = f(np.ascontiguousarray(x[:, :5]))
    if y.ndim == 1:
        same(y, part)
        return
    same(y[:, :5], part)
    nothing = -np.inf if f.name == "log_softmax" else 0.0
    assert (y[:, 5:] == nothing).all()
    for other in (mask.tolist(), np.broadcast_to(mask, (ROWS, COLUMNS)), mask[None],
                  np.repeat(mask, 2)[::2]):
        same(f(x, where=other), y)


@pytest.mark.parametrize("f", [f for f in FUNCTIONS if f.info.kind == "gate"],
                         ids=lambda f: f.name)
def test_operands_of_gates(f):
    a, b = numbers(np.float32, seed=1), numbers(np.float32, seed=2)
    given = options(f, np.float32)
    packed = np.concatenate([a, b], 1)
    mixed = np.stack([a, b], 2).reshape(ROWS, -1)
    expected = f(packed, **given)
    same(f(a, b=b, **given), expected)
    same(f(mixed, packing="interleaved", **given), expected)
    grad = numbers(np.float32, seed=3)
    da, db = f.backward(grad, a, b=b, **given)
    same(np.concatenate([da, db], 1), f.backward(grad, packed, **given))


def test_order_in_memory():
    """As NumPy's own functions: results have the order of x."""
    x = np.asfortranarray(numbers(np.float32))
    assert actfn.gelu(x).flags.f_contiguous
    assert actfn.gelu(x[::-1]).strides == np.exp(x[::-1]).strides


@pytest.mark.parametrize("dtype", [np.bool_, np.int8, np.uint16, np.int32, np.int64, np.uint64])
def test_integers(dtype):
    x = np.array([0, 1, 1, 0]).astype(dtype)
    y = actfn.silu(x)
    assert y.dtype == np.float64
    same(y, actfn.silu(x.astype(np.float64)))


def test_numbers_and_lists():
    assert type(actfn.relu(2)) is np.float64 and actfn.relu(2) == 2
    assert type(actfn.relu(np.float32(-2))) is np.float32
    same(actfn.relu([[1, -2], [3.5, 4]]), np.array([[1.0, 0.0], [3.5, 4.0]]))
    same(actfn.relu(range(-1, 2)), np.array([0.0, 0.0, 1.0]))
    same(actfn.prelu(np.array([-2, 1], np.float32), 0.5), np.array([-1, 1], np.float32))
    same(actfn.backward("relu", [1, 1], np.array([2, -2], np.float16)),
         np.array([1, 0], np.float16))


def test_other_buffers():
    import array

    same(actfn.relu(array.array("f", [-1, 2])), np.array([0, 2], np.float32))
    same(actfn.relu(memoryview(np.array([-1.0, 2.0]))), np.array([0.0, 2.0]))
    out = array.array("d", [5, 5])
    assert actfn.relu([-1, 2], out=out) is out
    assert out.tolist() == [0, 2]


def test_derived_classes():
    y = actfn.relu(np.asmatrix([[-1.0, 2.0]]))
    assert type(y) is np.ndarray and y.tolist() == [[0, 2]]


def test_from_output():
    x = numbers(np.float64)
    grad = numbers(np.float64, seed=1)
    same(actfn.backward("softmax", grad, y=actfn.softmax(x)), actfn.backward("softmax", grad, x))
    y = actfn.sigmoid(x)
    np.testing.assert_allclose(actfn.backward("sigmoid", grad, y=y),
                               actfn.backward("sigmoid", grad, x), rtol=1e-6)
