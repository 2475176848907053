# SPDX-License-Identifier: Apache-2.0
"""PyTorch's side of run.py: it answers as gated_bench.cc does."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ["CUDA_VISIBLE_DEVICES"] = ""

import torch  # noqa: E402
from torch.nn import functional  # noqa: E402

TOTAL_NS = 2e8
Tensor = torch.Tensor

GATES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "bilinear": lambda a, b: a * b,
    "reglu": lambda a, b: functional.relu(a) * b,
    "geglu": lambda a, b: functional.gelu(a) * b,
    "geglu(approximate=tanh)": lambda a, b: functional.gelu(a, approximate="tanh") * b,
    "swiglu": lambda a, b: functional.silu(a) * b,
}


def apply(gate: str, x: Tensor, packing: str) -> Tensor:
    """Do what a user writes."""
    if gate == "glu" and packing == "halves":
        return functional.glu(x, -1)
    a, b = (x[:, ::2], x[:, 1::2]) if packing == "interleaved" else x.chunk(2, -1)
    return a * torch.sigmoid(b) if gate == "glu" else GATES[gate](a, b)


def call_for(request: list[str]) -> Callable[[], Any]:
    """Give the call that is timed."""
    gate, order, dtype, rows, columns, packing, threads = request
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    x = (torch.randn(int(rows), int(columns)) * 3).to(getattr(torch, dtype))
    if order == "forward":
        return lambda: apply(gate, x, packing)
    x.requires_grad_()
    y = apply(gate, x, packing)
    gradient = torch.randn_like(y)
    return lambda: torch.autograd.grad(y, x, gradient, retain_graph=True)


def least(call: Callable[[], Any]) -> float:
    """Give the least time of a call, in nanoseconds."""
    for _ in range(3):
        call()
    best = float("inf")
    total = 0
    while total < TOTAL_NS:
        start = time.perf_counter_ns()
        call()
        took = time.perf_counter_ns() - start
        best = min(best, took)
        total += took
    return best


print(torch.__version__, flush=True)
for line in sys.stdin:
    question = line.split()
    with torch.set_grad_enabled(question[1] != "forward"):
        answer = least(call_for(question))
    print(f"{answer:.1f}", flush=True)
