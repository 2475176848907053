# SPDX-License-Identifier: Apache-2.0
"""Many threads of Python at once, and threads of the library."""
import threading

import numpy as np
import pytest
from support import FUNCTIONS, NAMES, numbers, options, same

import actfn

THREADS, TURNS = 8, 20


def together(work):
    """Runs work(i) in all threads from the same moment on; raises what one of them has raised."""
    barrier, failures = threading.Barrier(THREADS), []

    def run(i):
        try:
            barrier.wait()
            work(i)
        except BaseException as failure:  # noqa: BLE001: it is raised below
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_every_function():
    """Small arrays keep the interpreter's lock, large ones do not."""
    cases = []
    for f in FUNCTIONS:
        for shape in ((6, 8), (160, 8)):
            x = numbers(np.float32, shape)
            given = options(f, np.float32)
            cases.append((f, x, given, f(x, **given)))

    def work(i):
        for k in range(len(cases)):
            f, x, given, expected = cases[(k + i * 11) % len(cases)]
            same(f(x, **given), expected)

    together(work)


def test_parameters():
    """The memory of parameters is shared."""
    x = numbers(np.float32)
    alphas = [0.1 * k + 0.05 for k in range(12)]
    expected = [actfn.function(f"elu(alpha={alpha!r})")(x) for alpha in alphas]

    def work(i):
        for turn in range(TURNS * len(alphas)):
            k = (turn + i) % len(alphas)
            same(actfn.elu(x, alphas[k]), expected[k])

    together(work)


def test_new_functions():
    def work(i):
        for turn in range(TURNS):
            f = actfn.function(f"celu(alpha={1 + i + 0.001 * turn})")
            assert f.derivative([1.0]).tolist() == [1.0]
            assert f.info.name == "celu" and "celu" in f._repr_html_()

    together(work)


@pytest.mark.parametrize("f", FUNCTIONS, ids=NAMES)
def test_threads_of_the_library(f):
    x = numbers(np.float32, (4096, 64))
    given = options(f, np.float32)
    if "weight" in given:
        given["weight"] = np.float32([0.5])
    alone = f(x, **given)
    try:
        for count in (2, 0):
            actfn.set_num_threads(count)
            assert actfn.get_num_threads() == count
            same(f(x, **given), alone)
    finally:
        actfn.set_num_threads(1)
