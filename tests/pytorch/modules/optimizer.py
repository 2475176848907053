# SPDX-License-Identifier: Apache-2.0
"""nn::Optimizer and clipping beside torch.optim and torch.nn.utils.

Each case takes 20 steps by gradients that are drawn. The learning rate may change in every step,
and gradients may be clipped.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

from case import Case, Draw, Tensor

CASES = 300
STEPS = 20


def adam(draw: Draw) -> dict[str, Any]:
    return {"lr": draw.choice([1e-3, 1e-2, 0.1]), "beta1": draw.choice([0.0, 0.5, 0.9, 0.95]),
            "beta2": draw.choice([0.9, 0.95, 0.99, 0.999]),
            "eps": draw.choice([1e-8, 1e-7, 1e-3])}


def sgd(draw: Draw) -> dict[str, Any]:
    momentum = draw.choice([0, 0.5, 0.9, 0.99])
    nesterov = momentum > 0 and draw.flag()
    return {"lr": draw.choice([1e-3, 1e-2, 0.1]), "momentum": momentum, "nesterov": nesterov,
            "dampening": 0 if nesterov else draw.choice([0, 0, 0.1, 0.9])}


def optimizer_of(rule: str, settings: dict[str, Any], parameters: list[Tensor]) -> Any:
    options = dict(settings)
    if rule == "sgd":
        return torch.optim.SGD(parameters, **options)
    betas = (options.pop("beta1"), options.pop("beta2"))
    kind = torch.optim.AdamW if rule == "adamw" else torch.optim.Adam
    return kind(parameters, betas=betas, **options)


def clip(arguments: dict[str, Any], parameters: list[Tensor]) -> float:
    """The norm of the gradients before, 0 where it is not asked for."""
    if "max_norm" in arguments:
        return float(clip_grad_norm_(parameters, arguments["max_norm"]))
    if "clip_value" in arguments:
        clip_grad_value_(parameters, arguments["clip_value"])
    return 0


def make(draw: Draw, index: int) -> Case:
    rule = ["adam", "adamw", "sgd"][index % 3]
    settings = sgd(draw) if rule == "sgd" else adam(draw)
    settings["weight_decay"] = draw.choice([0, 0.01, 0.1, 0.5])
    rates = [settings["lr"] * (draw.real(0, 2) if draw.flag() else 1) for _ in range(STEPS)]
    arguments = {"rule": rule, "settings": settings, "rates": rates}
    limit = draw.choice([None, "max_norm", "clip_value"])
    if limit is not None:
        arguments[limit] = draw.choice([0.01, 0.5, 1, 100])
    shapes = [draw.choice([(1,), (7,), (5, 3), (33, 17)]) for _ in range(draw.integer(1, 3))]
    inputs = {f"parameters.{i}": draw.normal(shape) for i, shape in enumerate(shapes)}
    scale = draw.choice([1e-4, 1e-2, 1, 30])
    steps = [[draw.normal(shape, scale) for shape in shapes] for _ in range(STEPS)]
    inputs |= {f"gradients.{t}.{i}": g for t, all in enumerate(steps) for i, g in enumerate(all)}

    parameters = [inputs[f"parameters.{i}"].double().requires_grad_() for i in range(len(shapes))]
    optimizer = optimizer_of(rule, settings, parameters)
    norms = []
    # The largest on the way: steps of this size were rounded.
    scales = {f"parameters.{i}": float(p.detach().abs().max()) for i, p in enumerate(parameters)}
    for rate, gradients in zip(rates, steps, strict=True):
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad = gradient.double()
        norms.append(clip(arguments, parameters))
        optimizer.param_groups[0]["lr"] = rate
        optimizer.step()
        for i, parameter in enumerate(parameters):
            name = f"parameters.{i}"
            scales[name] = max(scales[name], float(parameter.detach().abs().max()))
    expected = {f"parameters.{i}": p.detach() for i, p in enumerate(parameters)}
    expected["norms"] = torch.tensor(norms, dtype=torch.float64)
    return Case(arguments, inputs, expected, scales=scales)
