# SPDX-License-Identifier: Apache-2.0
"""actfn.jax: bits, derivatives of both orders, jit, vmap."""
import numpy as np
import pytest
from support import TYPES, numbers, same

jax = pytest.importorskip("jax", "0.5")

import jax.numpy as jnp  # noqa: E402
from jax.test_util import check_grads  # noqa: E402

import actfn  # noqa: E402
import actfn.jax as aj  # noqa: E402
from actfn.jax._functions import signature_of  # noqa: E402

FUNCTIONS = [f for f in actfn.catalogue() if f.info.kind != "learned"]
EVERY = pytest.mark.parametrize("f", FUNCTIONS, ids=[f.name for f in FUNCTIONS])
# One of each way that derivatives are computed.
SPECS = ["gelu(approximate=tanh)", "softmax", "entmax15", "logsumexp", "swiglu", "crelu", "maxout",
         "gumbel_softmax(tau=0.5)"]
SOME = pytest.mark.parametrize("spec", SPECS)


@pytest.fixture(autouse=True)
def doubles():
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", False)


def complete(f):
    return f if f.is_complete else actfn.function(f.info.example)


def called(f):
    """The function of JAX and actfn's, with one seed, and what both are called with."""
    f = complete(f)
    ours = aj.function(f)
    if f.info.kind == "random":
        return (lambda x: ours(x, key=7)), (lambda x: f(x, seed=7))
    return ours, f


def point(f, shape=(3, 6), seed=3):
    x = np.random.default_rng(seed).normal(scale=1.5, size=shape)
    return np.abs(x) + 0.1 if f.name == "softplus_inverse" else x


@pytest.mark.parametrize("name", TYPES)
@EVERY
def test_bits(f, name):
    ours, expected = called(f)
    x = numbers(TYPES[name])
    for call in (ours, jax.jit(ours)):
        y = call(jnp.asarray(x))
        assert isinstance(y, jax.Array)
        same(np.asarray(y), expected(x))


@EVERY
def test_gradient_has_the_librarys_bits(f):
    ours, _ = called(f)
    f = complete(f)
    x = point(f).astype(np.float32)
    y, pull = jax.vjp(ours, jnp.asarray(x))
    grad = point(f, y.shape, seed=4).astype(np.float32)
    options = {"seed": 7} if f.info.kind == "random" else {}
    same(np.asarray(jax.jit(pull)(grad)[0]), f.backward(grad, x, **options))


@EVERY
def test_derivatives_of_both_orders(f):
    ours, _ = called(f)
    if f.name == "noisy_relu":  # by definition its gradient leaves out that noise depends on x
        pytest.skip("its gradient is defined otherwise")
    check_grads(ours, (point(f),), order=2, modes=("fwd", "rev"), atol=1e-5, rtol=1e-5, eps=1e-6)


@SOME
def test_hessians(spec):
    f = actfn.function(spec)
    ours, _ = called(f)
    x = jnp.asarray(point(f, (6,)))

    def total(x):
        return (jnp.sin(jnp.arange(ours(x).size)) * ours(x)).sum()

    hessians = [outer(inner(total))(x) for outer in (jax.jacfwd, jax.jacrev)
                for inner in (jax.jacfwd, jax.jacrev)]
    for other in hessians[1:]:
        np.testing.assert_allclose(other, hessians[0], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(hessians[0], hessians[0].T, rtol=1e-12, atol=1e-14)


def test_elementwise_derivatives():
    f = actfn.function("elu(alpha=0.5)")
    ours, x = aj.function(f), jnp.linspace(-2, 2, 9)
    same(np.asarray(jax.vmap(jax.grad(ours))(x)), f.derivative(np.asarray(x)))
    second = jax.vmap(jax.grad(jax.grad(ours)))(x)
    same(np.asarray(second), f.second_derivative(np.asarray(x)))


@pytest.mark.parametrize("spec", ["gelu", "softmax", "swiglu"])
def test_third_order_is_an_error(spec):
    f = aj.function(spec)
    with pytest.raises(NotImplementedError, match="of the second order"):
        jax.jacrev(jax.jacrev(jax.jacrev(f)))(jnp.ones(4))


@EVERY
def test_vmap(f):
    ours, _ = called(f)
    f = complete(f)

    def slope(x):
        return jax.grad(lambda x: (ours(x)**2).sum())(x)

    x = jnp.asarray(point(f, (4, 6, 4)))
    for call in (ours, slope):
        for axis in (0, 2):
            expected = jnp.stack([call(part) for part in jnp.moveaxis(x, axis, 0)])
            np.testing.assert_allclose(jax.vmap(call, axis)(x), expected, rtol=1e-14, atol=1e-16)


@SOME
def test_vmap_of_second_derivatives(spec):
    f = actfn.function(spec)
    ours, _ = called(f)
    x, v = jnp.asarray(point(f, (3, 6))), jnp.asarray(point(f, (3, 6), seed=5))

    def product(x, v):
        return jax.jvp(jax.grad(lambda x: (ours(x)**3).sum()), (x,), (v,))[1]

    expected = jnp.stack([product(a, b) for a, b in zip(x, v)])
    np.testing.assert_allclose(jax.vmap(product)(x, v), expected, rtol=1e-12, atol=1e-15)


def test_rows_of_one_number():
    assert aj.softmax(jnp.float64(3.0)) == 1
    assert jax.vmap(aj.softmax)(jnp.arange(3.0)).tolist() == [1, 1, 1]
    assert jax.vmap(aj.logsumexp)(jnp.arange(3.0)).tolist() == [0, 1, 2]


def test_axes_masks_and_operands():
    x = numbers(np.float64)
    mask = x > -1
    same(np.asarray(aj.softmax(x, 0, where=mask)), actfn.softmax(x, axis=0, where=mask))
    same(np.asarray(aj.logsumexp(x, axis=0, keepdims=True)),
         actfn.logsumexp(x, axis=0, keepdims=True))
    a, b = x[:, :4], x[:, 4:]
    for packing in ("halves", "interleaved"):
        same(np.asarray(aj.swiglu(x, packing=packing)), actfn.swiglu(x, packing=packing))
        same(np.asarray(aj.swiglu(a, 0, b=b, packing=packing)), actfn.swiglu(a, b=b))
    for call in (aj.softmax, aj.logsumexp):
        check_grads(lambda x: call(x, where=mask), (x / 8,), order=2, modes=("rev",), eps=1e-6)


def test_prelu():
    x, weight = point(actfn.prelu, (2, 3, 4)), np.array([0.1, -0.2, 0.3])
    for w in (weight, weight[:1], weight[0]):
        same(np.asarray(jax.jit(aj.prelu)(x, w)), actfn.prelu(x, w))
        check_grads(aj.prelu, (x, w), order=2, modes=("fwd", "rev"), atol=1e-6, rtol=1e-6)
    expected = jnp.stack([aj.prelu(part, weight) for part in np.moveaxis(x, 2, 0)])
    same(np.asarray(jax.vmap(aj.prelu, (2, None))(x, weight)), np.asarray(expected))
    dx = jax.grad(lambda x: aj.prelu(x, weight).sum())(x)
    same(np.asarray(dx), actfn.prelu.backward(np.ones_like(x), x, weight)[0])


def test_noise():
    x, key = jnp.ones(1000), jax.random.key(3)
    y = aj.dropout(x, 0.25, key=key)
    assert 150 < (y == 0).sum() < 350 and y.max() == 1 / 0.75
    assert (y == jax.jit(lambda key: aj.dropout(x, 0.25, key=key))(key)).all()
    assert (y != aj.dropout(x, 0.25, key=jax.random.key(4))).any()
    assert (aj.dropout(x, 0.25, key=None) == x).all()
    same(np.asarray(aj.dropout(x, 0.25, key=2**63 + 5)), actfn.dropout(x, 0.25, seed=2**63 + 5))
    keys = jax.random.split(key, 4)
    each = jax.vmap(lambda key: aj.dropout(x, 0.25, key=key))(keys)
    assert (each == jnp.stack([aj.dropout(x, 0.25, key=key) for key in keys])).all()
    grad = jax.grad(lambda x: aj.dropout(x, 0.25, key=key).sum())(x)
    assert (grad == y).all()


def test_in_a_program():
    """jit, scan, remat and grad together: two layers learn."""
    def loss(w, x, target):
        h = jax.checkpoint(lambda x: aj.mish(x @ w[0]))(x)
        return ((aj.swiglu(h) @ w[1] - target)**2).mean()

    @jax.jit
    def train(w, x, target):
        def step(w, _):
            value, grad = jax.value_and_grad(loss)(w, x, target)
            return jax.tree.map(lambda a, g: a - 0.1 * g, w, grad), value
        return jax.lax.scan(step, w, length=100)

    a, b, c, d = jax.random.split(jax.random.key(0), 4)
    w = (jax.random.normal(a, (3, 8)) / 2, jax.random.normal(b, (4, 2)) / 2)
    _, values = train(w, jax.random.normal(c, (32, 3)), jax.random.normal(d, (32, 2)))
    assert values[-1] < 0.9 * values[0]


def test_types_and_sizes():
    assert aj.silu(jnp.arange(3)).dtype == jnp.float64
    assert aj.relu([True, False]).tolist() == [1, 0]
    assert aj.relu(jnp.zeros((0, 3))).shape == (0, 3)
    assert aj.softmax(jnp.zeros((2, 0))).shape == (2, 0)
    assert jax.jit(aj.tanh).lower(jax.ShapeDtypeStruct((2,), jnp.float32)).out_info.shape == (2,)


def test_errors():
    x = jnp.ones((2, 3))
    for call, error, text in [
            (lambda: aj.elu(x, alpha=float("nan")), ValueError, r"\[elu\] alpha must be finite"),
            (lambda: jax.jit(lambda a: aj.elu(x, a))(1.0), TypeError, r"\[elu\] alpha is traced"),
            (lambda: aj.elu(x, alpha=[1]), TypeError, r"\[elu\] alpha must be a number"),
            (lambda: aj.gelu(x, approximate="no"), ValueError, r"\[gelu\] approximate"),
            (lambda: aj.gelu(x, nothing=1), TypeError, r"\[gelu\] .*'nothing'"),
            (lambda: aj.softmax(x, 2), ValueError, r"\[softmax\] axis"),
            (lambda: aj.softmax(x, 0.5), TypeError, r"\[softmax\] axis must be a whole number"),
            (lambda: aj.softmax(x, where=x), TypeError, r"\[softmax\] where must be of bool"),
            (lambda: aj.softmax(x, where=x[:, :2] > 0), ValueError, r"does not broadcast"),
            (lambda: aj.swiglu(x), ValueError, r"\[swiglu\] axis 1 of x has the length 3"),
            (lambda: aj.swiglu(x, b=x[:1]), ValueError, r"\[swiglu\] b is"),
            (lambda: aj.swiglu(x[:, :2], packing="no"), ValueError, r"\[swiglu\] packing"),
            (lambda: aj.relu(x.astype(complex)), TypeError, r"\[relu\] x is complex128"),
            (lambda: aj.relu(x.astype(jnp.float8_e5m2)), TypeError, r"\[relu\] x is float8"),
            (lambda: aj.prelu(x, jnp.ones(2)), ValueError, r"\[prelu\] weight"),
            (lambda: aj.dropout(x, 0.5), TypeError, r"\[dropout\] .*'key'"),
            (lambda: aj.dropout(x, 0.5, key=-1), ValueError, r"\[dropout\] key must be from 0"),
            (lambda: aj.function("learnable(elu)"), (TypeError, ValueError), "learn"),
            (lambda: aj.no_such_function, AttributeError, "no_such_function")]:
        with pytest.raises(error, match=text):
            call()


def test_what_help_shows():
    for f in FUNCTIONS:
        ours = getattr(aj, f.name)
        assert ours.__name__ == f.name and f.info.formula in ours.__doc__
        assert "out" not in signature_of(f).parameters
    assert set(aj.__all__) == {"function", "prelu", *(f.name for f in FUNCTIONS)}
    assert "key is a key" not in aj.relu.__doc__ and "``key``" in aj.dropout.__doc__


def test_xla_gives_the_librarys_errors():
    """What only shows while XLA runs is an error, too, and no crash."""
    from actfn.jax._kinds import Form, call, like

    x = jnp.ones((2, 3))
    for form, given, text in [(Form("elu(alpha=nan)", -1), {"x": x}, "alpha must be finite"),
                              (Form("relu", -1), {"x": x.astype(int)}, "elements must be"),
                              (Form("dropout", -1), {"x": x, "seed": x}, "seed must have"),
                              (Form("softmax", -1), {"x": x, "where": x}, "mask must be of bool")]:
        with pytest.raises(Exception, match=text):
            jax.block_until_ready(call("forward", form, given, like(x)))
