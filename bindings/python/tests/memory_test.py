# SPDX-License-Identifier: Apache-2.0
"""Calls leave nothing behind. ACTFN_CALLS=1000000 makes as many calls as that, 100,000 without."""
import gc
import os
import sys
import tracemalloc

import numpy as np
import pytest

import actfn

CALLS = int(os.environ.get("ACTFN_CALLS", "100000"))
X = np.linspace(-2, 2, 16, dtype=np.float32)
ROW = X.reshape(2, 8)


def wrong():
    try:
        actfn.elu(X, float("nan"))
    except ValueError:
        pass


def wrong_name():
    try:
        actfn.elu(X, beta=2)
    except TypeError:
        pass


CASES = {
    "gelu": lambda: actfn.gelu(X),
    "out": lambda: actfn.gelu(X, out=X.copy()),
    "parameter": lambda: actfn.elu(X, alpha=0.5),
    "many parameters": lambda: actfn.elu(X, alpha=float(np.random.rand())),
    "softmax": lambda: actfn.softmax(ROW, where=ROW > 0),
    "swiglu": lambda: actfn.swiglu(ROW),
    "dropout": lambda: actfn.dropout(X, 0.5, seed=3),
    "backward": lambda: actfn.backward("mish", X, X),
    "double backward": lambda: actfn.double_backward("softmax", X, X, X),
    "list": lambda: actfn.gelu([1.0, 2.0]),
    "error": wrong,
    "unknown argument": wrong_name,
    "function": lambda: actfn.Function("elu(alpha=0.5)"),
    "facts": lambda: actfn.gelu.info,
}


def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def calls_of(name):
    slow = {"facts": 100, "backward": 5, "double backward": 5, "list": 5, "function": 10}
    return CALLS // slow.get(name, 1)


LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@LINUX
@pytest.mark.parametrize("name", CASES)
def test_resident_memory(name):
    call, count = CASES[name], calls_of(name)
    for _ in range(min(count, 2000)):
        call()
    gc.collect()
    before = resident()
    for _ in range(count):
        call()
    gc.collect()
    # The least that each call could leave behind is 16 bytes; a page or two come and go.
    assert resident() - before < max(16 * count // 2, 512 * 1024)


@pytest.mark.parametrize("name", CASES)
def test_traced_memory(name):
    call = CASES[name]
    for _ in range(200):
        call()
    tracemalloc.start()
    try:
        call()
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(1000):
            call()
        gc.collect()
        # Caches of Python itself come and go; an object a call would be 16,000 bytes or more.
        assert tracemalloc.get_traced_memory()[0] - before < 8000
    finally:
        tracemalloc.stop()


def test_references():
    x, out = X.copy(), X.copy()
    dtype = x.dtype
    counts = [sys.getrefcount(one) for one in (x, out, dtype, None)]
    for _ in range(1000):
        actfn.gelu(x)
        actfn.gelu(x, out=out)
        actfn.glu(x.reshape(2, 8))
        actfn.backward("gelu", x, x)
    after = [sys.getrefcount(one) for one in (x, out, dtype, None)]
    assert all(abs(a - b) < 50 for a, b in zip(counts, after))


@LINUX
def test_torch():
    torch = pytest.importorskip("torch", "2.5")
    import actfn.torch.functional as F

    t = torch.linspace(-1, 1, 16)
    learned = t.clone().requires_grad_()
    counts = [sys.getrefcount(one) for one in (t, learned)]
    calls = [lambda: actfn.gelu(t), lambda: F.elu(t, 0.5), lambda: F.glu(learned),
             lambda: torch.autograd.grad(F.gelu(learned), learned, t)]
    for call in calls:
        for count in (500, CALLS // 10):
            gc.collect()
            before = resident()
            for _ in range(count):
                call()
        gc.collect()
        assert resident() - before < max(16 * count // 2, 512 * 1024)
    assert [sys.getrefcount(one) for one in (t, learned)] == counts
