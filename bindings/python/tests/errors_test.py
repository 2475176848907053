# SPDX-License-Identifier: Apache-2.0
"""Wrong arguments: the right exception with one sentence, and nothing written."""
import re

import numpy as np
import pytest

import actfn

X = np.linspace(-2, 2, 6, dtype=np.float32)
SQUARE = np.ones((4, 6), np.float32)


class WithoutNumbers:
    pass


def frozen():
    x = X.copy()
    x.flags.writeable = False
    return x


def by_two(x):
    memory = np.zeros(x.size + 1, np.float32)
    return memory[:-1], memory[1:]


CASES = [
    # Parameters.
    (lambda: actfn.elu(X, float("nan")), ValueError, "[elu] alpha must be finite, got nan"),
    (lambda: actfn.elu(X, "a"), TypeError, "[elu] alpha must be a number, got a str"),
    (lambda: actfn.elu(X, beta=1), TypeError, "[elu] no argument 'beta': it has x, alpha, out"),
    (lambda: actfn.elu(X, 1.0, alpha=2), TypeError, "[elu] alpha is given twice"),
    (lambda: actfn.elu(X, 1.0, 2.0), TypeError,
     "[elu] 3 arguments by place, at most 2 are possible: x, alpha, out"),
    (lambda: actfn.gelu(X, "tan"), ValueError, "[gelu] approximate"),
    (lambda: actfn.gelu(X, 1), TypeError, "[gelu] approximate must be a str, got an int"),
    (lambda: actfn.softcap(X), TypeError, "[softcap] cap has no default"),
    (lambda: actfn.maxout(SQUARE, group=2.5), TypeError,
     "[maxout] group must be a whole number, got a float"),
    (lambda: actfn.maxout(SQUARE, group=0), ValueError,
     "[maxout] group must be a whole number from 1 to 2^24, got 0"),
    (lambda: actfn.gated(X, gate=3), TypeError,
     "[gated] gate must be a str or a function of actfn, got an int"),
    (lambda: actfn.gated(X, gate="softmax"), ValueError, "[parse] softmax is a row function"),
    (lambda: actfn.gumbel_softmax(X, seed=1, hard="x"), ValueError,
     "[gumbel_softmax] hard must be false or true, got 'x'"),
    (lambda: actfn.gumbel_softmax(X, seed=1, hard=2), TypeError,
     "[gumbel_softmax] hard must be a bool, got an int"),
    (lambda: actfn.function("geluu"), ValueError,
     "[parse] unknown function 'geluu'; did you mean gelu?"),
    (lambda: actfn.function(3), TypeError, "[function] the function must be a str or one of"),
    (lambda: actfn.catalogue("rows"), ValueError, "[catalogue] kind must be one of elementwise"),
    # x.
    (lambda: actfn.gelu(), TypeError, "[gelu] x is missing"),
    (lambda: actfn.gelu(None), TypeError, "[gelu] x is missing"),
    (lambda: actfn.gelu("abc"), TypeError, "[gelu] x must be an array, got a str"),
    (lambda: actfn.gelu(WithoutNumbers()), TypeError, "[gelu] x is object: float16"),
    (lambda: actfn.gelu(["a", 1]), TypeError, "[gelu] x is "),
    (lambda: actfn.gelu([[1, 2], [3]]), ValueError, "[gelu] x is no array: "),
    (lambda: actfn.gelu(X.astype(complex)), TypeError,
     "[gelu] x is complex128: float16, bfloat16, float32, float64, integers and bools are "),
    (lambda: actfn.gelu(1j), TypeError, "[gelu] x is complex128"),
    (lambda: actfn.gelu(X.astype(object)), TypeError, "[gelu] x is object"),
    (lambda: actfn.gelu(X.astype("M8[s]")), TypeError, "[gelu] x is datetime64"),
    (lambda: actfn.gelu(np.ma.masked_array(X, X > 0)), TypeError, "[gelu] x is a masked array"),
    (lambda: actfn.gelu(np.zeros((1,) * 9)), ValueError, "9 dimensions, at most 8 are possible"),
    # out.
    (lambda: actfn.gelu(X, out=np.zeros(6)), TypeError, "[gelu] out is float64, x is float32"),
    (lambda: actfn.gelu(X, out=np.zeros(6, int)), TypeError, "[gelu] out is int64"),
    (lambda: actfn.gelu(X, out=np.zeros(5, np.float32)), ValueError,
     "[gelu] out has 5 elements, x has 6"),
    (lambda: actfn.gelu(SQUARE, out=np.zeros((6, 4), np.float32)), ValueError,
     "[gelu] out has the shape 6x4, x has 4x6"),
    (lambda: actfn.gelu(X, out=[0] * 6), TypeError,
     "[gelu] out must be an array that can be written, got a list"),
    (lambda: actfn.gelu(X, out=frozen()), ValueError, "[gelu] out is read-only"),
    (lambda: actfn.gelu(by_two(X)[0], out=by_two(X)[1]), None, ""),
    (lambda: actfn.gelu(*by_two(X)), TypeError, "[gelu] approximate must be a str"),
    (lambda: (lambda a, b: actfn.gelu(a, out=b))(*by_two(X)), ValueError,
     "[gelu] out overlaps x: they must be the same or separate"),
    (lambda: actfn.gelu(SQUARE, out=np.broadcast_to(np.float32(0), (4, 6))), ValueError,
     "[gelu] out is read-only"),
    (lambda: actfn.softmax(SQUARE, out=np.zeros((6, 4), np.float32)), ValueError,
     "[softmax] out has the shape 6x4, x has 4x6"),
    (lambda: actfn.swiglu(SQUARE, out=np.zeros((4, 6), np.float32)), ValueError,
     "[swiglu] out has the shape 4x6"),
    # The axis, and what else a kind takes.
    (lambda: actfn.softmax(SQUARE, 2), ValueError,
     "[softmax] axis 2 is out of range: x has the shape 4x6"),
    (lambda: actfn.softmax(SQUARE, -3), ValueError, "[softmax] axis -3 is out of range"),
    (lambda: actfn.softmax(SQUARE, 2**70), ValueError, "[softmax] axis 1180591620717411303424"),
    (lambda: actfn.softmax(SQUARE, 1.0), TypeError,
     "[softmax] axis must be a whole number, got a float"),
    (lambda: actfn.softmax(SQUARE, where=[1, 0, 1, 1, 1, 1]), TypeError,
     "[softmax] where must be of bool, got int64"),
    (lambda: actfn.softmax(SQUARE, where=[True, False]), ValueError,
     "[softmax] mask has the shape 2, which does not broadcast to x's 4x6"),
    (lambda: actfn.glu(SQUARE[:, :5]), ValueError, "[glu] axis 1 of x has the length 5"),
    (lambda: actfn.glu(SQUARE, packing="mixed"), ValueError,
     "[glu] packing must be 'halves' or 'interleaved', got mixed"),
    (lambda: actfn.glu(SQUARE, b=SQUARE[:3]), ValueError,
     "[glu] b has the shape 3x6, x has 4x6"),
    (lambda: actfn.glu(SQUARE, b=SQUARE.astype(float)), TypeError,
     "[glu] b is float64, x is float32"),
    (lambda: actfn.maxout(SQUARE[:, :5]), ValueError, "[maxout] axis 1 of x has the length 5"),
    (lambda: actfn.dropout(X), TypeError, "[dropout] seed is missing"),
    (lambda: actfn.dropout(X, seed=-1), ValueError,
     "[dropout] seed must be from 0 to 2^64 - 1, got -1"),
    (lambda: actfn.dropout(X, seed=1.5), TypeError,
     "[dropout] seed must be a whole number, got a float"),
    (lambda: actfn.dropout(X, 1.5, seed=1), ValueError,
     "[dropout] p must be from 0 to 1, got 1.5"),
    (lambda: actfn.prelu(X), TypeError, "[prelu] weight is missing"),
    (lambda: actfn.prelu(SQUARE, [1, 2, 3]), ValueError,
     "[prelu] weight has 3 elements, x has 6 channels"),
    # Gradients.
    (lambda: actfn.derivative("softmax", X), TypeError, "[softmax] it has no derivative()"),
    (lambda: actfn.double_backward("logsumexp", X, X, X), TypeError,
     "[logsumexp] it has no double_backward(): it has backward() only"),
    (lambda: actfn.parameter_gradient("relu", X, X), TypeError,
     "[relu] it has no parameter_gradient(): no parameter of it can be learned"),
    (lambda: actfn.backward("gelu", X[:5], X), ValueError,
     "[gelu] grad has 5 elements, x has 6"),
    (lambda: actfn.backward("gelu", X.astype(float), X), TypeError,
     "[gelu] grad is float64, x is float32"),
    (lambda: actfn.backward("gelu", X), TypeError, "[gelu] x is missing"),
    (lambda: actfn.backward("softmax", X, X, y=X), TypeError,
     "[softmax] x and y are given: one is enough"),
    (lambda: actfn.backward("gelu", X, y=X), ValueError,
     "[gelu] the derivative can't be had from the output"),
    (lambda: actfn.backward("glu", SQUARE, SQUARE, b=SQUARE, out=SQUARE.copy()), TypeError,
     "[glu] out cannot hold two results"),
    (lambda: actfn.set_num_threads(-1), ValueError, "[set_num_threads] the number must not be"),
    (lambda: actfn.set_num_threads("2"), TypeError, "set_num_threads(): incompatible"),
    (lambda: actfn.Function(), TypeError, "[Function] it is made of one str"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[2][:60])
def test_errors(case):
    call, kind, text = case
    if kind is None:
        call()
        return
    with pytest.raises(kind, match=re.escape(text)) as caught:
        call()
    assert caught.type is kind


def test_nothing_is_written():
    out = np.full(6, 7, np.float32)
    with pytest.raises(ValueError):
        actfn.elu(X, float("inf"), out=out)
    assert (out == 7).all()


def test_long_double():
    if np.dtype(np.longdouble).itemsize > 8:
        with pytest.raises(TypeError, match=r"\[gelu\] x is (float128|longdouble)"):
            actfn.gelu(X.astype(np.longdouble))


def test_sparse():
    class Matrix:
        def tocoo(self):
            raise AssertionError

    with pytest.raises(TypeError, match=r"\[gelu\] x is sparse: pass x.toarray\(\)"):
        actfn.gelu(Matrix())


def test_other_devices():
    from libraries_test import Exporter

    with pytest.raises(TypeError, match=r"\[gelu\] x is on DLPack's device 2: actfn computes on"):
        actfn.gelu(Exporter(X, device=2))


def test_torch():
    torch = pytest.importorskip("torch")
    x = torch.linspace(-1, 1, 6)
    for wrong, text in [
        (x.to("meta"), "[gelu] x is on meta: actfn computes on the CPU"),
        (x.to_sparse(), "[gelu] x is sparse: pass x.to_dense()"),
        (x.to(torch.complex64), "[gelu] x is torch.complex64"),
        (x.clone().requires_grad_(), "[gelu] x requires grad, which would be lost"),
    ]:
        with pytest.raises(TypeError, match=re.escape(text)):
            actfn.gelu(wrong)
    with torch.no_grad():  # nothing is lost
        assert actfn.gelu(x.clone().requires_grad_()).equal(actfn.gelu(x))
    with pytest.raises(TypeError, match=re.escape("[gelu] out is a negative view")):
        actfn.gelu(x, out=torch._neg_view(x))
    with pytest.raises(TypeError, match=re.escape("[gelu] out is float64, x is float32")):
        actfn.gelu(x, out=x.double())
    with pytest.raises(TypeError, match=re.escape("[gelu] out is torch.int64")):
        actfn.gelu(x, out=x.long())
    with pytest.raises(ValueError, match=re.escape("[gelu] out has 3 elements, x has 6")):
        actfn.gelu(x, out=x[:3].clone())
    with pytest.raises(ValueError, match=re.escape("[gelu] out overlaps x")):
        actfn.gelu(x[1:], out=x[:-1])


def test_jax():
    jax = pytest.importorskip("jax")
    x = jax.numpy.ones(3)
    with pytest.raises(TypeError, match=re.escape("[gelu] x is traced by JAX")):
        jax.jit(actfn.gelu)(x)
    with pytest.raises(TypeError, match=re.escape("[gelu] out is an array of JAX")):
        actfn.gelu(x, out=x)
    with pytest.raises(TypeError, match=re.escape("[gelu] x is complex64")):
        actfn.gelu(x.astype("complex64"))
