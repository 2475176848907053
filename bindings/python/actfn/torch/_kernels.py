# SPDX-License-Identifier: Apache-2.0
"""What the operators compute on tensors that hold numbers, and the shapes of their results.

``spec`` is the function as text, ``axis`` is for those that have one. ``seed`` is a tensor of one
whole number for random functions in training; without it they do what they do in evaluation.
"""
from __future__ import annotations

from typing import Any

import torch

import actfn
from actfn import Function
from actfn._function import accepted, kind_of


def options_of(spec: str, axis: int,
               seed: torch.Tensor | None) -> tuple[Function, dict[str, Any]]:
    """The function, and the options of its operations."""
    f = actfn.function(spec)
    options = {"axis": axis} if "axis" in accepted(f, "forward") else {}
    if kind_of(f.name) == "random":
        if seed is None:
            f = f.evaluated
            options = {"axis": axis} if "axis" in accepted(f, "forward") else {}
        else:
            options["seed"] = int(seed)
    return f, options


def forward(x: torch.Tensor, spec: str, axis: int, seed: torch.Tensor | None) -> torch.Tensor:
    f, options = options_of(spec, axis, seed)
    return f(x.detach(), **options)


def backward(grad: torch.Tensor, x: torch.Tensor, spec: str, axis: int,
             seed: torch.Tensor | None) -> torch.Tensor:
    f, options = options_of(spec, axis, seed)
    return f.backward(grad.detach(), x.detach(), **options)


def double_backward(v: torch.Tensor, grad: torch.Tensor, x: torch.Tensor, spec: str, axis: int,
                    seed: torch.Tensor | None) -> tuple[torch.Tensor, torch.Tensor]:
    f, options = options_of(spec, axis, seed)
    v, grad, x = v.detach(), grad.detach(), x.detach()
    own = OWN.get(f.name)
    if own is not None:
        of_grad, of_x = own(f, v, grad, x, axis, seed)
    else:
        of_grad, of_x = f.double_backward(v, grad, x, **options)
    return like(of_grad, grad), like(of_x, x)


def like(result: torch.Tensor, given: torch.Tensor) -> torch.Tensor:
    """In the strides that a new tensor like `given` has, as the fake kernels say."""
    expected = torch.empty_like(given)
    return result if result.stride() == expected.stride() else expected.copy_(result)


# Gradients of backward() where the library has none.

def twice_reduction(f: Function, v: Any, grad: Any, x: Any, axis: int, seed: Any) -> Any:
    """backward() is grad * softmax(x)."""
    share = actfn.softmax(x, axis=axis)
    of_x = actfn.softmax.backward(v * grad.unsqueeze(axis), y=share, axis=axis)
    return (v * share).sum(axis), of_x


def twice_crelu(f: Function, v: Any, grad: Any, x: Any, axis: int, seed: Any) -> Any:
    halves = [actfn.relu.backward(v, x), -actfn.relu.backward(v, -x)]
    return torch.cat(halves, axis), torch.zeros_like(x)


def twice_maxout(f: Function, v: Any, grad: Any, x: Any, axis: int, seed: Any) -> Any:
    chosen = v * f.backward(torch.ones_like(grad), x, axis=axis)
    axis = axis % x.dim()
    group = x.shape[axis] // max(grad.shape[axis], 1)
    return chosen.unflatten(axis, (grad.shape[axis], group)).sum(axis + 1), torch.zeros_like(x)


def twice_gumbel(f: Function, v: Any, grad: Any, x: Any, axis: int, seed: Any) -> Any:
    """backward() is softmax's at (x + noise) / tau, divided by tau, for hard samples too."""
    tau = next(float(p.value) for p in f.info.parameters if p.name == "tau")
    y = actfn.gumbel_softmax(x, axis=axis, tau=tau, seed=int(seed))
    of_grad, of_x = actfn.softmax.double_backward(v, grad, y=y, axis=axis)
    return of_grad / tau, of_x / tau**2


OWN = {"logsumexp": twice_reduction, "logmeanexp": twice_reduction, "crelu": twice_crelu,
       "maxout": twice_maxout, "gumbel_softmax": twice_gumbel}


# What the results are like, for tensors that have no numbers.

def check_device(spec: str, x: torch.Tensor) -> None:
    if x.device.type not in ("cpu", "meta"):
        name = spec.partition("(")[0]
        raise TypeError(f"[{name}] x is on {x.device}: actfn computes on the CPU")


def shape_of(x: torch.Tensor, spec: str, axis: int) -> list[Any]:
    shape: list[Any] = list(x.shape)
    f = actfn.function(spec)
    kind = kind_of(f.name)
    if kind == "reduction":
        del shape[axis]
    elif kind == "gate":
        shape[axis] = shape[axis] // 2
    elif f.name == "crelu":
        shape[axis] = 2 * shape[axis]
    elif f.name == "maxout":
        shape[axis] = shape[axis] // int(f.info.parameters[0].value)
    return shape


def fake_forward(x: torch.Tensor, spec: str, axis: int, seed: torch.Tensor | None) -> torch.Tensor:
    check_device(spec, x)
    dtype = x.dtype if x.is_floating_point() else torch.get_default_dtype()
    shape = shape_of(x, spec, axis)
    if len(shape) == x.dim() and kind_of(actfn.function(spec).name) not in ("gate", "grouped"):
        return torch.empty_like(x, dtype=dtype)
    return x.new_empty(shape, dtype=dtype)


def fake_backward(grad: torch.Tensor, x: torch.Tensor, spec: str, axis: int,
                  seed: torch.Tensor | None) -> torch.Tensor:
    check_device(spec, x)
    return torch.empty_like(x)


def fake_double_backward(v: torch.Tensor, grad: torch.Tensor, x: torch.Tensor, spec: str, axis: int,
                         seed: torch.Tensor | None) -> tuple[torch.Tensor, torch.Tensor]:
    check_device(spec, x)
    return torch.empty_like(grad), torch.empty_like(x)


# prelu, whose weight is learned.

def prelu(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return actfn.prelu(x.detach(), weight.detach())


def prelu_backward(grad: torch.Tensor, x: torch.Tensor,
                   weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return actfn.prelu.backward(grad.detach(), x.detach(), weight.detach())


def prelu_double_backward(v: torch.Tensor, v_weight: torch.Tensor, grad: torch.Tensor,
                          x: torch.Tensor, weight: torch.Tensor) -> tuple[torch.Tensor, ...]:
    return actfn.prelu.double_backward(v.detach(), grad.detach(), x.detach(), weight.detach(),
                                       v_weight=v_weight.detach())


def fake_prelu(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    check_device("prelu", x)
    return torch.empty_like(x)


def fake_prelu_backward(grad: torch.Tensor, x: torch.Tensor,
                        weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    check_device("prelu", x)
    return torch.empty_like(x), torch.empty_like(weight)


def fake_prelu_double_backward(v: torch.Tensor, v_weight: torch.Tensor, grad: torch.Tensor,
                               x: torch.Tensor, weight: torch.Tensor) -> tuple[torch.Tensor, ...]:
    check_device("prelu", x)
    return torch.empty_like(grad), torch.empty_like(x), torch.empty_like(weight)
