# SPDX-License-Identifier: Apache-2.0
"""PyTorch's operators actfn::forward, backward and double_backward, and the same of prelu.

They are made by torch.library from Python, so that they do not depend on the binary interface of a
version of PyTorch: it has to be 2.5 or later.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch.library import custom_op

from actfn.torch import _kernels

REST = "str spec, int axis, Tensor? seed"
SCHEMAS = {
    "forward": f"(Tensor x, {REST}) -> Tensor",
    "backward": f"(Tensor grad, Tensor x, {REST}) -> Tensor",
    "double_backward": f"(Tensor v, Tensor grad, Tensor x, {REST}) -> (Tensor, Tensor)",
    "prelu": "(Tensor x, Tensor weight) -> Tensor",
    "prelu_backward": "(Tensor grad, Tensor x, Tensor weight) -> (Tensor, Tensor)",
    "prelu_double_backward": "(Tensor v, Tensor v_weight, Tensor grad, Tensor x, Tensor weight)"
                             " -> (Tensor, Tensor, Tensor)",
}


def made(name: str) -> Any:
    op = custom_op(f"actfn::{name}", getattr(_kernels, name), mutates_args=(),
                   schema=SCHEMAS[name])
    op.register_fake(getattr(_kernels, f"fake_{name}"))
    return op


forward, backward, double_backward = made("forward"), made("backward"), made("double_backward")
prelu, prelu_backward = made("prelu"), made("prelu_backward")
prelu_double_backward = made("prelu_double_backward")


def keep(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
    *tensors, ctx.spec, ctx.axis, seed = inputs
    ctx.save_for_backward(*tensors, seed)


def keep_all(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
    ctx.save_for_backward(*inputs)


def forward_gradient(ctx: Any, grad: torch.Tensor) -> tuple[Any, ...]:
    x, seed = ctx.saved_tensors
    return backward(grad, x, ctx.spec, ctx.axis, seed), None, None, None


def backward_gradient(ctx: Any, v: torch.Tensor) -> tuple[Any, ...]:
    grad, x, seed = ctx.saved_tensors
    return *double_backward(v, grad, x, ctx.spec, ctx.axis, seed), None, None, None


forward.register_autograd(forward_gradient, setup_context=keep)
backward.register_autograd(backward_gradient, setup_context=keep)
prelu.register_autograd(lambda ctx, grad: prelu_backward(grad, *ctx.saved_tensors),
                        setup_context=keep_all)
prelu_backward.register_autograd(
    lambda ctx, v, v_weight: prelu_double_backward(v, v_weight, *ctx.saved_tensors),
    setup_context=keep_all)


def outputs_of(result: Any) -> Any:
    """Where vmap finds its dimension in each result: in front."""
    return 0 if isinstance(result, torch.Tensor) else (0,) * len(result)


def one_by_one(op: Callable[..., Any]) -> Callable[..., Any]:
    def rule(info: Any, in_dims: tuple[Any, ...], *given: Any) -> Any:
        def at(i: int) -> Any:
            return op(*(a if d is None else a.select(d, i) for a, d in zip(given, in_dims)))

        results = [at(i) for i in range(info.batch_size)]
        if isinstance(results[0], torch.Tensor):
            return torch.stack(results), 0
        stacked = tuple(torch.stack(parts) for parts in zip(*results))
        return stacked, outputs_of(stacked)
    return rule


def at_once(op: Callable[..., Any]) -> Callable[..., Any]:
    """One call for all, unless noise has to be the same, or another, for each."""
    each = one_by_one(op)

    def rule(info: Any, in_dims: tuple[Any, ...], *given: Any) -> Any:
        *tensors, spec, axis, seed = given
        if seed is not None:
            return each(info, in_dims, *given)
        moved = [t.expand(info.batch_size, *t.shape) if d is None else t.movedim(d, 0)
                 for t, d in zip(tensors, in_dims)]
        result = op(*moved, spec, axis + 1 if axis >= 0 else axis, seed)
        return result, outputs_of(result)
    return rule


for _op in (forward, backward, double_backward):
    _op.register_vmap(at_once(_op))
for _op in (prelu, prelu_backward, prelu_double_backward):
    _op.register_vmap(one_by_one(_op))
