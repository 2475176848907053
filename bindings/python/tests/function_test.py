# SPDX-License-Identifier: Apache-2.0
"""The objects themselves: names, comparison, pickling, signatures, facts, pictures."""
import copy
import inspect
import pickle
import weakref
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from support import FUNCTIONS, NAMES, numbers, options, same

import actfn

EVERY = pytest.mark.parametrize("f", FUNCTIONS, ids=NAMES)


@EVERY
def test_pickle(f):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(f, protocol))
        assert again == f and hash(again) == hash(f) and again.spec == f.spec
    assert copy.deepcopy(f) == f


def test_weak_references():
    f = actfn.Function("elu(alpha=0.7)")
    weak = weakref.ref(f)
    assert weak() is f
    del f
    assert weak() is None


@EVERY
def test_names(f):
    assert getattr(actfn, f.name) is f
    assert f.name == f.__name__ == f.__qualname__ == f.info.name
    assert f.name in actfn.__all__ and f.name in dir(actfn)
    assert actfn.function(f.info.example).name == f.name
    if f.is_complete:
        assert actfn.function(f.name) == f


@EVERY
def test_signature(f):
    signature = inspect.signature(f)
    names = list(signature.parameters)
    assert names[0] == "x" and names[-1] == "out"
    x = numbers(np.float32)
    bound = signature.bind(x, **options(f, np.float32))
    bound.apply_defaults()
    by_defaults = f(*bound.args, **bound.kwargs)
    same(by_defaults, f(x, **options(f, np.float32)))


@EVERY
def test_facts(f):
    info = f.info
    assert info.title and info.formula and info.derivative and info.source and info.use
    for p in info.parameters:
        assert p.required or isinstance(p.value, (float, int, bool, str))


@EVERY
def test_html(f):
    page = f._repr_html_()
    assert info_is_shown(page, f)
    root = ElementTree.fromstring(page.replace("<br>", "<br/>"))
    shapes = root.findall(".//{http://www.w3.org/2000/svg}polyline")
    shapes += root.findall(".//{http://www.w3.org/2000/svg}rect")
    drawn = f.is_complete and f.name not in ("logsumexp", "logmeanexp") and f.info.kind != "gate"
    if drawn and f.info.kind != "grouped":
        assert len(shapes) >= 2


def info_is_shown(page, f):
    import html

    return html.escape(f.spec) in page and html.escape(f.info.title) in page


def test_comparison():
    a, b = actfn.function("elu(alpha=0.5)"), actfn.function("elu( alpha = 5e-1 )")
    assert a == b and hash(a) == hash(b) and a != actfn.elu and not a != b
    assert a != "elu(alpha=0.5)"
    assert len({a, b, actfn.elu, actfn.function("elu")}) == 2
    with pytest.raises(TypeError):
        a < b  # noqa: B015
    assert repr(a) == "actfn.function('elu(alpha=0.5)')" and str(a) == "elu(alpha=0.5)"
    assert repr(actfn.elu) == "actfn.elu" and repr(actfn.softcap) == "actfn.softcap"


def test_accuracies():
    plain, fast = actfn.function("silu"), actfn.function("silu@fast")
    nearest = actfn.function("elu(alpha=0.5)@nearest")
    assert [f.accuracy for f in (plain, fast, nearest)] == ["accurate", "fast", "nearest"]
    assert fast.spec == "silu@fast" and nearest.spec == "elu(alpha=0.5)@nearest"
    assert fast != plain and fast == actfn.Function("silu@fast") and fast.name == "silu"
    assert pickle.loads(pickle.dumps(nearest)) == nearest
    x = np.linspace(-9, 9, 5001, dtype=np.float32)
    exact = x / (1 + np.exp(-x.astype(np.float64)))
    errors = [np.abs(f(x) - exact).max() for f in (plain, fast, actfn.function("silu@nearest"))]
    assert errors[2] <= errors[0] < errors[1]
    same(nearest(x, alpha=0.25), actfn.function("elu(alpha=0.25)@nearest")(x))
    same(actfn.backward("silu@fast", x, x), x * fast.derivative(x))
    with pytest.raises(ValueError, match="accuracy must be accurate, fast or nearest"):
        actfn.function("silu@quick")


def test_functions_that_are_not_complete():
    assert not actfn.softcap.is_complete
    assert actfn.function("softcap(cap=30)").is_complete
    assert actfn.softcap != actfn.function("softcap(cap=30)")
    x = numbers(np.float32)
    same(actfn.softcap(x, 30), actfn.function("softcap(cap=30)")(x))
    same(actfn.softcap(x, cap=30), actfn.softcap(x, 30.0))
    same(actfn.softcap.derivative(x, 30), actfn.derivative("softcap(cap=30)", x))


def test_parameters_of_a_call():
    x = numbers(np.float32)
    f = actfn.function("elu(alpha=0.5)")
    same(f(x), actfn.elu(x, 0.5))
    same(f(x, alpha=2), actfn.elu(x, alpha=np.float32(2)))
    same(f.derivative(x), actfn.derivative(f, x))
    same(actfn.gelu(x, approximate="tanh"), actfn.function("gelu(approximate=tanh)")(x))
    same(actfn.gated(x, gate="mish"), actfn.function("gated(mish)")(x))
    same(actfn.gated(x, gate=actfn.mish), actfn.gated(x, gate="mish"))
    hard = actfn.function("gumbel_softmax(hard=true)")
    same(actfn.gumbel_softmax(x, seed=3, hard=True), hard(x, seed=3))
    assert inspect.signature(f).parameters["alpha"].default == 0.5


def test_zeros_of_parameters_differ():
    """The memory of parameters does not take -0 for 0."""
    x = np.array([-1.0])
    for _ in range(2):
        assert np.signbit(actfn.threshold(x, 0.0, -0.0)[0])
        assert not np.signbit(actfn.threshold(x, 0.0, 0.0)[0])


def test_many_parameters():
    x = numbers(np.float64)
    for alpha in np.linspace(0.1, 2, 20):
        same(actfn.elu(x, alpha), actfn.function(f"elu(alpha={float(alpha)!r})")(x))


def test_evaluated():
    assert actfn.dropout.evaluated == actfn.identity
    assert actfn.rrelu.evaluated.name == "leaky_relu"
    assert actfn.gumbel_softmax.evaluated == actfn.softmax
    assert actfn.gelu.evaluated == actfn.gelu


def test_aliases():
    assert actfn.function("gelu_new") == actfn.function("gelu(approximate=tanh)")
    assert actfn.function("nn.LeakyReLU(negative_slope=0.2)").spec == (
        "leaky_relu(negative_slope=0.2)")
    assert ("gelu_new", "gelu(approximate=tanh)") in actfn.gelu.info.aliases


def test_noise():
    x = numbers(np.float32)
    same(actfn.dropout(x, 0.3, seed=5), actfn.dropout(x, 0.3, seed=5))
    assert not np.array_equal(actfn.dropout(x, 0.3, seed=5), actfn.dropout(x, 0.3, seed=6))
    whole = actfn.rrelu(x, seed=9)
    same(actfn.rrelu(x[1:], seed=9, first=x.shape[1]), whole[1:])
    actfn.dropout(x, seed=2**64 - 1)


def test_parameter_gradient():
    x, grad = numbers(np.float64), numbers(np.float64, seed=1)
    found = actfn.parameter_gradient("swish(beta=1.5)", grad, x)
    step = 1e-5
    up, down = (actfn.swish(x, 1.5 + d) for d in (step, -step))
    assert list(found) == ["beta"]
    assert found["beta"] == pytest.approx((grad * (up - down)).sum() / (2 * step), rel=1e-6)


def test_docstrings_name_all_arguments():
    for f in FUNCTIONS:
        for name in inspect.signature(f).parameters:
            assert f"\n{name} : " in f.__doc__, f.name
