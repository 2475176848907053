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


Given = tuple[Any, ...]


def made(name: str) -> Any:
    op = custom_op(f"actfn::{name}", getattr(_kernels, name), mutates_args=(),
                   schema=SCHEMAS[name])
    op.register_fake(getattr(_kernels, f"fake_{name}"))
    return op


OPS = {name: made(name) for name in SCHEMAS}


def call(name: str, given: Given) -> Any:
    """torch.func differentiates classes only, not operators."""
    if not torch.compiler.is_compiling() and torch._C._are_functorch_transforms_active():
        return RULES[name].apply(*given)
    return OPS[name](*given)


def backward(*given: Any) -> Any:
    return call("backward", given)


def double_backward(*given: Any) -> Any:
    return call("double_backward", given)


# Gradients.

def keep(ctx: Any, inputs: Given, output: Any) -> None:
    *tensors, ctx.spec, ctx.axis, seed = inputs
    ctx.save_for_backward(*tensors, seed)


def keep_all(ctx: Any, inputs: Given, output: Any) -> None:
    ctx.save_for_backward(*inputs)


def forward_gradient(ctx: Any, grad: torch.Tensor) -> Given:
    x, seed = ctx.saved_tensors
    return backward(grad, x, ctx.spec, ctx.axis, seed), None, None, None


def backward_gradient(ctx: Any, v: torch.Tensor) -> Given:
    grad, x, seed = ctx.saved_tensors
    return *double_backward(v, grad, x, ctx.spec, ctx.axis, seed), None, None, None


def prelu_gradient(ctx: Any, grad: torch.Tensor) -> Any:
    return call("prelu_backward", (grad, *ctx.saved_tensors))


def prelu_backward_gradient(ctx: Any, v: torch.Tensor, v_weight: torch.Tensor) -> Any:
    return call("prelu_double_backward", (v, v_weight, *ctx.saved_tensors))


def third(ctx: Any, *grads: Any) -> Any:
    raise RuntimeError("[actfn.torch] there are derivatives of the first and of the second order "
                       "only")


# For torch.vmap.

def outputs_of(result: Any) -> Any:
    """Where vmap finds its dimension in each result: in front."""
    return 0 if isinstance(result, torch.Tensor) else (0,) * len(result)


def one_by_one(name: str) -> Callable[..., Any]:
    def rule(info: Any, in_dims: Given, *given: Any) -> Any:
        def at(i: int) -> Any:
            return call(name, tuple(a if d is None else a.select(d, i)
                                    for a, d in zip(given, in_dims)))

        results = [at(i) for i in range(info.batch_size)]
        if isinstance(results[0], torch.Tensor):
            return torch.stack(results), 0
        stacked = tuple(torch.stack(parts) for parts in zip(*results))
        return stacked, outputs_of(stacked)
    return rule


def at_once(name: str) -> Callable[..., Any]:
    """One call for all, unless noise has to be the same, or another, for each."""
    each = one_by_one(name)

    def rule(info: Any, in_dims: Given, *given: Any) -> Any:
        *tensors, spec, axis, seed = given
        if seed is not None:
            return each(info, in_dims, *given)
        moved = [t.expand(info.batch_size, *t.shape) if d is None else t.movedim(d, 0)
                 for t, d in zip(tensors, in_dims)]
        result = call(name, (*moved, spec, axis + 1 if axis >= 0 else axis, seed))
        return result, outputs_of(result)
    return rule


def completed(name: str, keeping: Any, gradient: Any, vmap: Any) -> Any:
    """Gives the operator its gradient and its rule for vmap; the same as a class."""
    op = OPS[name]
    op.register_autograd(gradient, setup_context=keeping)
    op.register_vmap(vmap)

    def run(*given: Any) -> Any:
        return op(*given)

    parts = {"forward": staticmethod(run), "setup_context": staticmethod(keeping),
             "backward": staticmethod(gradient), "vmap": staticmethod(vmap)}
    return type(f"actfn_{name}", (torch.autograd.Function,), parts)


RULES = {
    "forward": completed("forward", keep, forward_gradient, at_once("forward")),
    "backward": completed("backward", keep, backward_gradient, at_once("backward")),
    "double_backward": completed("double_backward", keep, third, at_once("double_backward")),
    "prelu": completed("prelu", keep_all, prelu_gradient, one_by_one("prelu")),
    "prelu_backward": completed("prelu_backward", keep_all, prelu_backward_gradient,
                                one_by_one("prelu_backward")),
    "prelu_double_backward": completed("prelu_double_backward", keep_all, third,
                                       one_by_one("prelu_double_backward")),
}
