# SPDX-License-Identifier: Apache-2.0
"""PReLU, gradients of parameters, and RReLU as it is evaluated."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F

from drawing import Draw, Tensor
from elementwise import xielu_value
from reference import Case, Values, add_gradients, rounded, spec


def prelu(draw: Draw, group: str, by_channel: bool) -> Case:
    shape = draw.shape()
    channels = shape[1] if len(shape) > 1 else 1
    count = channels if channels and by_channel else 1
    inputs = {"x": draw.input(shape), "weight": draw.flat(count)}
    case = Case("prelu", group, "prelu", F.prelu, inputs, ("x", "weight"),
                flat=("dweight", "for_weight"))
    case = add_gradients(draw, case, shape)
    case.inputs["v_weight"] = draw.flat(count)
    return case


def leaky_relu(x: Tensor, negative_slope: Tensor) -> Tensor:
    return torch.where(x > 0, x, negative_slope * x)


def elu(x: Tensor, alpha: Tensor) -> Tensor:
    return torch.where(x > 0, x, alpha * torch.expm1(x.clamp_max(0)))


def celu(x: Tensor, alpha: Tensor) -> Tensor:
    return torch.where(x > 0, x, alpha * torch.expm1(x.clamp_max(0) / alpha))


def swish(x: Tensor, beta: Tensor) -> Tensor:
    return x * torch.sigmoid(beta * x)


def snake(x: Tensor, alpha: Tensor) -> Tensor:
    return x + torch.sin(alpha * x) ** 2 / alpha


def penalized_tanh(x: Tensor, negative_slope: Tensor) -> Tensor:
    return leaky_relu(torch.tanh(x), negative_slope)


def star_relu(x: Tensor, scale: Tensor, bias: Tensor) -> Tensor:
    return scale * F.relu(x) ** 2 + bias


LEARNABLE: dict[str, tuple[Callable[..., Tensor], tuple[str, ...]]] = {
    "leaky_relu": (leaky_relu, ("negative_slope",)), "elu": (elu, ("alpha",)),
    "celu": (celu, ("alpha",)), "swish": (swish, ("beta",)), "snake": (snake, ("alpha",)),
    "xielu": (xielu_value, ("alpha_p", "alpha_n", "beta")),
    "penalized_tanh": (penalized_tanh, ("negative_slope",)),
    "star_relu": (star_relu, ("scale", "bias")),
}


def parameter_results(function: Callable[..., Tensor], values: dict[str, float],
                      given: Values) -> Values:
    """For each parameter its derivative for each x and, with dy, the sum; the second number is the
    sum of sizes, beside which an error of the first counts."""
    x, dy = given["x"], given["dy"]
    everywhere = [torch.full_like(x, v).requires_grad_() for v in values.values()]
    y = function(x, *everywhere)
    found = torch.autograd.grad(y.sum(), everywhere)
    results = {}
    for k, one in enumerate(found):
        results[f"dydp{k}"] = one.contiguous()
        terms = dy * one
        results[f"sums{k}"] = torch.stack([terms.sum(), terms.abs().sum()])
    return results


def parameters(draw: Draw, name: str) -> Case:
    function, names = LEARNABLE[name]
    values = rounded({n: draw.number(0.1, 2, 1.0) for n in names}, draw.dtype)
    count = draw.choice((1, 3, 16, 24) if draw.small else (0, 1, 7, 17, 64, 257, 1000, 4000))
    inputs = {"x": draw.flat(count), "dy": draw.flat(count)}
    outputs = tuple(f"{kind}{k}" for kind in ("dydp", "sums") for k in range(len(names)))
    return Case("parameters", f"{name}, parameters", spec(name, **values), function, inputs,
                flat=outputs, results=partial(parameter_results, function, values))


def rrelu(draw: Draw) -> Case:
    shape = draw.shape()
    lower = draw.number(-0.5, 0.3, 0.125)
    values = rounded({"lower": lower, "upper": lower + draw.number(0, 1, 0.25)}, draw.dtype)
    case = Case("random", "rrelu, evaluated", spec("rrelu", **values),
                lambda x: F.rrelu(x, training=False, **values), {"x": draw.input(shape)})
    return add_gradients(draw, case, shape)


def families() -> dict[str, dict[str, Callable[[Draw], Case]]]:
    return {
        "prelu": {f"prelu, {name}": partial(prelu, group=f"prelu, {name}", by_channel=channels)
                  for name, channels in (("one slope", False), ("channels", True))},
        "parameters": {n: partial(parameters, name=n) for n in LEARNABLE},
        "random": {"rrelu, evaluated": rrelu},
    }
