# SPDX-License-Identifier: Apache-2.0
"""The functions as PyTorch runs them: by a short way where a call concerns the tensor and its
gradient alone, by the operators where PyTorch's compiler, torch.func, a mode, a trace or a class of
tensors takes part.

The short way gives what the operators give, without PyTorch's dispatcher: one node of automatic
differentiation, or none.
"""
from __future__ import annotations

import functools
from typing import Any

import torch
from torch import Tensor
from torch.compiler import is_dynamo_compiling

import actfn
from actfn import _actfn
from actfn.torch import _kernels, _ops

_actfn.set_torch(torch)
# False where autograd.grad() has a batch of gradients.
has_storage: Any = getattr(torch._C, "_has_storage", lambda tensor: False)
way_of, short_way, recorded = _actfn.way_of, _actfn.short_way, _actfn.recorded


def is_plain(*tensors: Tensor) -> bool:
    """Whether nobody has to know of a call with them, automatic differentiation included."""
    return not is_dynamo_compiling() and all(way_of(t) == 1 and has_storage(t) for t in tensors)


@functools.lru_cache(maxsize=1024)
def prepared(spec: str, axis: int) -> tuple[Any, ...]:
    """A node of automatic differentiation, the function without noise, and its axis if it has one.

    The node is a class for each function: what Function.apply() is given besides tensors costs
    most. The gradient of its gradient is that of the operator.
    """
    f, options = _kernels.options_of(spec, axis, None)

    def backward(ctx: Any, grad: Tensor) -> Any:
        x, = ctx.saved_tensors
        if not is_plain(grad, x):
            return _ops.backward(grad, x, spec, axis, None)
        return f.backward(grad, x, **options)

    parts = {"forward": staticmethod(recorded((None, f, *options.values()))),
             "backward": staticmethod(backward)}
    node: Any = type(f"actfn_{f.name}", (torch.autograd.Function,), parts)
    return node.apply, f, *options.values()


class Noisy(torch.autograd.Function):
    """A random function of x."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, *rest: Any) -> Any:
        ctx.save_for_backward(x)
        ctx.rest = rest
        return _kernels.forward(x, *rest)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Any:
        x, = ctx.saved_tensors
        kernel = _kernels.backward if is_plain(grad, x) else _ops.backward
        return kernel(grad, x, *ctx.rest), None, None, None


class Prelu(torch.autograd.Function):
    """The same of prelu."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor) -> Any:
        ctx.save_for_backward(x, weight)
        return actfn.prelu(x, weight)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Any:
        x, weight = ctx.saved_tensors
        if not is_plain(grad, x, weight):
            return _ops.call("prelu_backward", (grad, x, weight))
        return actfn.prelu.backward(grad, x, weight)


def forward(x: Tensor, spec: str, axis: int = 0, seed: Tensor | None = None) -> Any:
    if not is_dynamo_compiling():
        if seed is None:
            y = short_way(x, prepared(spec, axis))
            if y is not None:
                return y
        elif way_of(x) > 0:
            return Noisy.apply(x, spec, axis, seed)
    return _ops.call("forward", (x, spec, axis, seed))


def prelu(x: Tensor, weight: Tensor) -> Any:
    ways = () if is_dynamo_compiling() else (way_of(x), way_of(weight))
    if not ways or 0 in ways:
        return _ops.call("prelu", (x, weight))
    return Prelu.apply(x, weight) if 2 in ways else actfn.prelu(x, weight)
