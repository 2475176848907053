# SPDX-License-Identifier: Apache-2.0
"""What calls cost, beside a function of NumPy and, where they are installed, PyTorch's and JAX's.

Prints the least of several turns in microseconds: python speed.py [--turns N]
"""
import argparse
import timeit

import numpy as np

import actfn

SIZES = (16, 1000, 10**6)


def least(call, turns):
    timer = timeit.Timer(call)
    number, _ = timer.autorange()  # of 0.2 s; short turns find the moments that others leave
    number = max(1, number // 100)
    return min(timer.repeat(20 * turns, number)) / number * 1e6


def calls(n):
    x = np.linspace(-4, 4, n, dtype=np.float32)
    row = x.reshape(-1, 4)
    out = np.empty_like(x)
    f = actfn.function("elu(alpha=0.5)")
    yield "numpy exp", lambda: np.exp(x)
    yield "numpy exp, out", lambda: np.exp(x, out=out)
    yield "relu", lambda: actfn.relu(x)
    yield "gelu", lambda: actfn.gelu(x)
    yield "gelu, out", lambda: actfn.gelu(x, out=out)
    yield "gelu(approximate='tanh')", lambda: actfn.gelu(x, approximate="tanh")
    yield "elu(x, 0.5)", lambda: actfn.elu(x, 0.5)
    yield "function('elu(alpha=0.5)')", lambda: f(x)
    yield "softmax", lambda: actfn.softmax(row)
    yield "swiglu", lambda: actfn.swiglu(row)
    yield "dropout", lambda: actfn.dropout(x, 0.5, seed=1)
    yield "derivative('gelu', x)", lambda: actfn.derivative("gelu", x)
    yield "backward('gelu', x, x)", lambda: actfn.backward("gelu", x, x)
    yield from calls_of_torch(x)
    yield from calls_of_jax(x)


def calls_of_torch(x):
    try:
        import torch
    except ImportError:
        return
    import actfn.torch.functional as F

    torch.set_num_threads(1)
    theirs = torch.nn.functional
    t, ones = torch.from_numpy(x), torch.ones(x.size)
    learned = t.clone().requires_grad_()
    yield "gelu of torch's tensor", lambda: actfn.gelu(t)
    for name in ("gelu", "elu", "tanh"):
        for owner, call in (("actfn.torch", getattr(F, name)), ("torch", getattr(theirs, name))):
            yield f"{owner} {name}", lambda call=call: call(t)
            yield f"{owner} {name}, autograd", lambda call=call: call(learned)
            yield (f"{owner} {name}, and backward",
                   lambda call=call: torch.autograd.grad(call(learned), learned, ones))


def calls_of_jax(x):
    try:
        import jax
    except ImportError:
        return
    a = jax.numpy.asarray(x)
    theirs = jax.jit(lambda b: jax.nn.gelu(b, approximate=False))
    yield "gelu of JAX's array", lambda: actfn.gelu(a).block_until_ready()
    yield "jax gelu, jit", lambda: theirs(a).block_until_ready()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=9)
    turns = parser.parse_args().turns
    print(f"actfn {actfn.__version__}, {actfn.target()}, NumPy {np.__version__}; microseconds")
    for n in SIZES:
        print(f"\n{n:,} float32")
        for name, call in calls(n):
            print(f"  {name:32} {least(call, turns):10.3f}")


if __name__ == "__main__":
    main()
