# SPDX-License-Identifier: Apache-2.0
"""PyTorch's operators, one thread, results in a tensor that is there already."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import worker

os.environ["CUDA_VISIBLE_DEVICES"] = ""

import torch  # noqa: E402

OPTIONS = worker.options()
DTYPE = getattr(torch, OPTIONS.dtype)
NN = torch._C._nn
ATEN = torch.ops.aten
SELU = (1.6732632423543772, 1.0507009873554805)
Tensor = torch.Tensor

# What torch.nn.functional calls, in place of the names there that have no out=.
VALUE: dict[str, Callable[[Tensor, Tensor], object]] = {
    "relu": lambda x, y: torch.clamp_min(x, 0, out=y),
    "relu6": lambda x, y: NN.hardtanh(x, 0.0, 6.0, out=y),
    "hardtanh": lambda x, y: NN.hardtanh(x, out=y),
    "leaky_relu": lambda x, y: NN.leaky_relu(x, out=y),
    "elu": lambda x, y: NN.elu(x, out=y),
    "celu": lambda x, y: NN.elu(x, 1.0, 1.0, 1.0, out=y),
    "selu": lambda x, y: NN.elu(x, *SELU, out=y),
    "gelu": lambda x, y: NN.gelu(x, out=y),
    "gelu(approximate=tanh)": lambda x, y: NN.gelu(x, approximate="tanh", out=y),
    "silu": lambda x, y: NN.silu(x, out=y),
    "mish": lambda x, y: NN.mish(x, out=y),
    "softplus": lambda x, y: NN.softplus(x, out=y),
    "sigmoid": lambda x, y: torch.sigmoid(x, out=y),
    "tanh": lambda x, y: torch.tanh(x, out=y),
    "log_sigmoid": lambda x, y: NN.log_sigmoid(x, out=y),
    "hardsigmoid": lambda x, y: NN.hardsigmoid(x, out=y),
    "hardswish": lambda x, y: NN.hardswish(x, out=y),
    "hardshrink": lambda x, y: ATEN.hardshrink.out(x, out=y),
    "softshrink": lambda x, y: NN.softshrink(x, out=y),
    "threshold(threshold=0.1,value=20)": lambda x, y: ATEN.threshold.out(x, 0.1, 20, out=y),
    "exp": lambda x, y: torch.exp(x, out=y),
    "arctan": lambda x, y: torch.atan(x, out=y),
    "sine": lambda x, y: torch.sin(x, out=y),
    # Compositions, which make the tensors that they need.
    "softsign": lambda x, y: torch.nn.functional.softsign(x),
    "tanhshrink": lambda x, y: torch.nn.functional.tanhshrink(x),
}

# (dy, x or for FROM_OUTPUT its image, dx)
BACKWARD: dict[str, Callable[[Tensor, Tensor, Tensor], object]] = {
    "relu": lambda g, x, o: ATEN.threshold_backward.grad_input(g, x, 0, grad_input=o),
    "relu6": lambda g, x, o: ATEN.hardtanh_backward.grad_input(g, x, 0, 6, grad_input=o),
    "hardtanh": lambda g, x, o: ATEN.hardtanh_backward.grad_input(g, x, -1, 1, grad_input=o),
    "leaky_relu": lambda g, x, o: ATEN.leaky_relu_backward.grad_input(
        g, x, 0.01, False, grad_input=o
    ),
    "elu": lambda g, x, o: ATEN.elu_backward.grad_input(g, 1, 1, 1, False, x, grad_input=o),
    "celu": lambda g, x, o: ATEN.elu_backward.grad_input(g, 1, 1, 1, False, x, grad_input=o),
    "selu": lambda g, x, o: ATEN.elu_backward.grad_input(g, *SELU, 1, False, x, grad_input=o),
    "gelu": lambda g, x, o: ATEN.gelu_backward.grad_input(g, x, grad_input=o),
    "gelu(approximate=tanh)": lambda g, x, o: ATEN.gelu_backward.grad_input(
        g, x, approximate="tanh", grad_input=o
    ),
    "silu": lambda g, x, o: ATEN.silu_backward.grad_input(g, x, grad_input=o),
    "mish": lambda g, x, o: ATEN.mish_backward(g, x),
    "softplus": lambda g, x, o: ATEN.softplus_backward.grad_input(g, x, 1, 20, grad_input=o),
    "hardsigmoid": lambda g, x, o: ATEN.hardsigmoid_backward.grad_input(g, x, grad_input=o),
    "hardswish": lambda g, x, o: ATEN.hardswish_backward(g, x),
    "hardshrink": lambda g, x, o: ATEN.hardshrink_backward.grad_input(g, x, 0.5, grad_input=o),
    "softshrink": lambda g, x, o: ATEN.softshrink_backward.grad_input(g, x, 0.5, grad_input=o),
    "threshold(threshold=0.1,value=20)": lambda g, x, o: ATEN.threshold_backward.grad_input(
        g, x, 0.1, grad_input=o
    ),
}
FROM_OUTPUT: dict[str, Callable[[Tensor, Tensor, Tensor], object]] = {
    "relu": BACKWARD["relu"],
    "elu": lambda g, y, o: ATEN.elu_backward.grad_input(g, 1, 1, 1, True, y, grad_input=o),
    "sigmoid": lambda g, y, o: ATEN.sigmoid_backward.grad_input(g, y, grad_input=o),
    "tanh": lambda g, y, o: ATEN.tanh_backward.grad_input(g, y, grad_input=o),
    "exp": lambda g, y, o: torch.mul(g, y, out=o),
}


def tensors(n: int) -> list[Any]:
    """Give the input, the gradient and a place for the result."""
    places = worker.places(3, n * DTYPE.itemsize)
    made = [torch.from_numpy(place).view(DTYPE) for place in places]
    for i in (0, 1):
        made[i].copy_(torch.from_numpy(worker.numbers(n, i)))
    return made


def by_autograd(spec: str, x: Tensor, gradient: Tensor) -> worker.Call:
    """Run the formula of a composition."""
    x = x.detach().requires_grad_()
    y = getattr(torch.nn.functional, spec)(x)
    return lambda: torch.autograd.grad(y, x, gradient, retain_graph=True)


def log_sigmoid_backward(x: Tensor, gradient: Tensor, out: Tensor) -> worker.Call:
    """Read what forward keeps for it beside the input."""
    kept = ATEN.log_sigmoid_forward(x)[1]
    return lambda: ATEN.log_sigmoid_backward.grad_input(gradient, x, kept, grad_input=out)


def make(order: str, spec: str, n: int) -> worker.Call | None:
    """Give the call, or None."""
    x, gradient, out = tensors(n)
    if order == "0":
        value = VALUE.get(spec)
        return value and (lambda: value(x, out))
    if order == "backward" and spec in ("softsign", "tanhshrink"):
        return by_autograd(spec, x, gradient)
    if order == "backward" and spec == "log_sigmoid":
        return log_sigmoid_backward(x, gradient, out)
    by_output = order == "backward_from_output"
    if by_output and spec in FROM_OUTPUT:
        VALUE[spec](x.clone(), x)
    backward = (FROM_OUTPUT if by_output else BACKWARD).get(spec)
    return backward and (lambda: backward(gradient, x, out))


torch.set_num_threads(1)
torch.set_grad_enabled(True)
worker.serve(f"PyTorch {torch.__version__}", make, OPTIONS.n)
