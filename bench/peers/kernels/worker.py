# SPDX-License-Identifier: Apache-2.0
"""What the Python peers share: arrays, timing, and the talk with run.py.

A worker says on its first line which version it is. It answers each line "ORDER SPEC" with one of
JSON: nanoseconds a call with N elements and with few, or null where it lacks the function.
"""

from __future__ import annotations

import json
import mmap
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy

FEW = 16
TIMING_NS = 1e6
TOTAL_NS = 4e7
FEWEST_ROUNDS = 11
PAGE = 4096
LARGE_PAGE = 1 << 21
STAGGER = 1344

Call = Callable[[], object]


@dataclass(frozen=True)
class Options:
    """The arguments of a worker."""

    dtype: str
    n: int
    mode: str = ""


def options() -> Options:
    """Read DTYPE N [MODE]."""
    if len(sys.argv) not in (3, 4):
        raise SystemExit(f"usage: {sys.argv[0]} DTYPE N [MODE]")
    return Options(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])


def numbers(n: int, seed: int) -> Any:
    """Draw from a normal distribution with the standard deviation 3."""
    return (numpy.random.default_rng(seed).standard_normal(n) * 3).astype(numpy.float32)


def places(count: int, size: int) -> list[Any]:
    """Give arrays of bytes, placed as src/lab/array_memory.h does."""
    slot = (size // PAGE + 1) * PAGE + STAGGER
    memory = mmap.mmap(-1, (count * slot // LARGE_PAGE + 2) * LARGE_PAGE)
    memory.madvise(mmap.MADV_HUGEPAGE)
    whole = numpy.frombuffer(memory, numpy.uint8)
    whole[:] = 0
    first = -whole.ctypes.data % LARGE_PAGE
    return [whole[first + i * slot :][:size] for i in range(count)]


def nanoseconds(call: Call, calls: int) -> int:
    """Time a row of calls."""
    turns = range(calls)
    start = time.perf_counter_ns()
    for _ in turns:
        call()
    return time.perf_counter_ns() - start


def calibrate(call: Call) -> int:
    """Give the number of calls that take TIMING_NS."""
    call()
    calls = 1
    while (took := nanoseconds(call, calls)) < TIMING_NS:
        calls = min(16 * calls, max(calls + 1, int(TIMING_NS * calls / took) + 1))
    return calls


def race(calls: list[Call]) -> list[float]:
    """Give the least nanoseconds a call of each, measured in turns."""
    counts = [calibrate(call) for call in calls]
    best = [float("inf")] * len(calls)
    total, rounds = 0, 0
    while rounds < FEWEST_ROUNDS or total < TOTAL_NS:
        for i, call in enumerate(calls):
            took = nanoseconds(call, counts[i])
            best[i] = min(best[i], took / counts[i])
            total += took
        rounds += 1
    return best


def serve(version: str, make: Callable[[str, str, int], Call | None], n: int) -> None:
    """Answer requests until there are none; make(order, spec, n) gives a call."""
    print(version, flush=True)
    for line in sys.stdin:
        order, spec = line.split()
        answer = None
        if call := make(order, spec, n):
            few = make(order, spec, FEW)
            assert few
            ns, call_ns = race([call, few])
            answer = {"ns": ns, "call_ns": call_ns}
        print(json.dumps(answer), flush=True)
