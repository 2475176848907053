# SPDX-License-Identifier: Apache-2.0
"""Functions of one number: PyTorch's own, and compositions for those that it has not."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F

from drawing import Draw, Tensor
from reference import Case, add_gradients, rounded, spec

Parameters = dict[str, Any]
Function = Callable[..., Tensor]


def none(_: Draw) -> Parameters:
    return {}


def one(name: str, low: float, high: float, *usual: float) -> Callable[[Draw], Parameters]:
    return lambda draw: {name: draw.number(low, high, *usual)}


def softplus(draw: Draw) -> Parameters:
    return {"beta": draw.number(0.1, 4, 1.0), "threshold": draw.number(2, 40, 20.0)}


def hardtanh(draw: Draw) -> Parameters:
    return {"min_val": draw.number(-3, 0, -1.0), "max_val": draw.number(0.1, 3, 1.0)}


def threshold(draw: Draw) -> Parameters:
    return {"threshold": draw.number(-2, 2, 0.5), "value": draw.number(-5, 5, 20.0)}


def xielu(draw: Draw) -> Parameters:
    return {"alpha_p": draw.number(0.1, 2, 0.8), "alpha_n": draw.number(0.1, 2, 0.8),
            "beta": draw.number(0, 1, 0.5)}


def shrink(draw: Draw) -> Parameters:
    return {"lambd": draw.number(0, 2, 0.5), "bias": draw.number(-1, 1, 0.0)}


def hardsigmoid(draw: Draw) -> Parameters:
    return {"slope": draw.number(0.05, 1, 0.2), "shift": draw.number(0, 1, 0.5)}


def laplace(draw: Draw) -> Parameters:
    return {"mu": draw.number(-1, 1, 0.707107), "sigma": draw.number(0.1, 2, 0.282095)}


def derf(draw: Draw) -> Parameters:
    return {"alpha": draw.number(0.1, 2, 0.5), "shift": draw.number(-1, 1, 0.0)}


def star_relu(draw: Draw) -> Parameters:
    return {"scale": draw.number(0.1, 2, 1.0), "bias": draw.number(-1, 1, 0.0)}


NATIVE: dict[str, tuple[Callable[[Draw], Parameters], Function]] = {
    "relu": (none, F.relu),
    "relu6": (none, F.relu6),
    "hardtanh": (hardtanh, F.hardtanh),
    "leaky_relu": (one("negative_slope", -0.5, 2, 0.01, 0.2), F.leaky_relu),
    "elu": (one("alpha", 0.01, 3, 1.0, 0.5), F.elu),
    "celu": (one("alpha", 0.05, 3, 1.0, 2.0), F.celu),
    "selu": (none, F.selu),
    "gelu": (none, F.gelu),
    "gelu(approximate=tanh)": (none, lambda x: F.gelu(x, approximate="tanh")),
    "silu": (none, F.silu),
    "mish": (none, F.mish),
    "softplus": (softplus, F.softplus),
    "sigmoid": (none, torch.sigmoid),
    "tanh": (none, torch.tanh),
    "log_sigmoid": (none, F.logsigmoid),
    "hardsigmoid": (none, F.hardsigmoid),
    "hardswish": (none, F.hardswish),
    "hardshrink": (one("lambd", 0, 2, 0.5), F.hardshrink),
    "softshrink": (one("lambd", 0, 2, 0.5), F.softshrink),
    "softsign": (none, F.softsign),
    "tanhshrink": (none, F.tanhshrink),
    "threshold": (threshold, F.threshold),
    "exp": (none, torch.exp),
    "arctan": (none, torch.atan),
    "sine": (one("omega", 0.1, 5, 1.0), lambda x, omega: torch.sin(omega * x)),
}


def sparse_plus(x: Tensor) -> Tensor:
    return torch.where(x <= -1, 0.0 * x, torch.where(x < 1, (x.clamp(-1, 1) + 1) ** 2 / 4, x))


def negative_part(x: Tensor, eps: float) -> Tensor:
    """exp(min(x, eps)) - 1 - x."""
    return torch.expm1(torch.clamp_max(x, eps)) - x


def xielu_value(x: Tensor, alpha_p: float, alpha_n: float, beta: float) -> Tensor:
    low = torch.clamp_max(x, 0)
    return torch.where(x > 0, alpha_p * x * x, alpha_n * negative_part(low, -1e-6)) + beta * x


def laplace_value(x: Tensor, mu: float, sigma: float) -> Tensor:
    return (1 + torch.erf((x - mu) / (sigma * math.sqrt(2)))) / 2


COMPOSED: dict[str, tuple[Callable[[Draw], Parameters], Function]] = {
    "identity": (none, lambda x: x * 1),
    "hardsigmoid(slope, shift)": (
        hardsigmoid, lambda x, slope, shift: F.hardtanh(slope * x + shift, 0.0, 1.0)),
    "quick_gelu": (none, lambda x: x * torch.sigmoid(1.702 * x)),
    "swish": (one("beta", -1, 3, 1.5), lambda x, beta: x * torch.sigmoid(beta * x)),
    "relu_squared": (none, lambda x: F.relu(x) ** 2),
    "laplace": (laplace, laplace_value),
    "squareplus": (one("b", 0.1, 9, 4.0), lambda x, b: (x + torch.sqrt(x * x + b)) / 2),
    "snake": (one("alpha", 0.1, 4, 1.0), lambda x, alpha: x + torch.sin(alpha * x) ** 2 / alpha),
    "lisht": (none, lambda x: x * torch.tanh(x)),
    "telu": (none, lambda x: x * torch.tanh(torch.exp(x))),
    "softcap": (one("cap", 0.5, 50, 30.0), lambda x, cap: cap * torch.tanh(x / cap)),
    "gaussian": (none, lambda x: torch.exp(-x * x)),
    "thresholded_relu": (one("alpha", 0, 2, 1.0), lambda x, alpha: F.threshold(x, alpha, 0.0)),
    "shifted_relu": (none, lambda x: F.threshold(x, -1.0, -1.0)),
    "shrink": (shrink, lambda x, lambd, bias: F.hardshrink(x, lambd) - torch.where(
        x.abs() > lambd, bias * torch.sign(x), torch.zeros_like(x))),
    "sparse_plus": (none, sparse_plus),
    "sparse_sigmoid": (none, lambda x: F.hardtanh((x + 1) / 2, 0.0, 1.0)),
    "xielu": (xielu, xielu_value),
}


def isru_value(x: Tensor, alpha: float) -> Tensor:
    return x / torch.sqrt(1 + alpha * x * x)


COMPOSED |= {
    "bent_identity": (none, lambda x: (torch.sqrt(x * x + 1) - 1) / 2 + x),
    "derf": (derf, lambda x, alpha, shift: torch.erf(alpha * x + shift)),
    "dynamic_tanh": (one("alpha", 0.1, 2, 0.5), lambda x, alpha: torch.tanh(alpha * x)),
    "hard_mish": (none, lambda x: 0.5 * x * (x + 2).clamp(min=0, max=2)),
    "isrlu": (one("alpha", 0.1, 4, 1.0), lambda x, alpha: torch.where(
        x >= 0, x, isru_value(torch.clamp_max(x, 0), alpha))),
    "isru": (one("alpha", 0.1, 4, 1.0), isru_value),
    "penalized_tanh": (one("negative_slope", 0, 1, 0.25), lambda x, negative_slope: F.leaky_relu(
        torch.tanh(x), negative_slope)),
    "star_relu": (star_relu, lambda x, scale, bias: scale * F.relu(x) ** 2 + bias),
    "step": (one("threshold", -2, 2, 0.0), lambda x, threshold: torch.where(
        x > threshold, torch.ones_like(x), 0 * x.clamp(-1, 1))),
}


def bind(function: Function, parameters: Parameters) -> Function:
    return lambda x: function(x, **rounded(parameters, x.dtype))


def kinks_of(parameters: Parameters) -> tuple[float, ...]:
    return tuple(s * v for v in parameters.values() if isinstance(v, float) for s in (1, -1))


def make(draw: Draw, group: str) -> Case:
    parameters, function = (NATIVE | COMPOSED)[group]
    drawn = parameters(draw)
    if draw.dtype != torch.float64:  # what is read is what float32 holds
        drawn = rounded(drawn, draw.dtype)
    shape = draw.shape()
    name = group.replace("(slope, shift)", "")
    case = Case("elementwise", group, name if not drawn else spec(name, **drawn),
                bind(function, drawn), {"x": draw.input(shape)})
    return add_gradients(draw, case, shape)


def groups() -> dict[str, Callable[[Draw], Case]]:
    return {g: lambda draw, g=g: make(draw, g) for g in NATIVE | COMPOSED}
