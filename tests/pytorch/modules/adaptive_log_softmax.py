# SPDX-License-Identifier: Apache-2.0
"""nn::AdaptiveLogSoftmaxWithLoss beside torch.nn.AdaptiveLogSoftmaxWithLoss."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from case import Case, Draw, Tensor, gradients, set_parameters

CASES = 1000
RULES = {
    "empty cluster": "A cluster that no target is in has gradients of 0; PyTorch gives None.",
    "cancellation": "Terms cancel: PyTorch in float32, too, is a tenth as far from PyTorch in "
                    "float64, or further.",
    "tiny": "Probabilities below e^-87 count as e^-87 in gradients.",
}

SIZES = ("in_features", "n_classes", "cutoffs", "div_value", "head_bias")
Module = torch.nn.AdaptiveLogSoftmaxWithLoss


def explain(case: Case, name: str, ours: Tensor, theirs: Tensor | None) -> str | None:
    if theirs is None:
        empty = name.startswith("gradients.tail") and not bool(ours.any())
        return "empty cluster" if empty else None
    gap = float((ours.double() - theirs).abs().max())
    if "gradients" in name and gap < 1e-36:
        return "tiny"
    single = compute(case.arguments, case.inputs, torch.float32)[name]
    distance = float((single.double() - theirs).abs().max())
    return "cancellation" if gap <= 10 * distance else None


def draw_arguments(draw: Draw) -> dict[str, Any]:
    large = draw.flag(0.05)
    n_classes = draw.choice([1000, 5003]) if large else draw.integer(2, 60)
    clusters = draw.integer(1, min(n_classes - 1, 4))
    div_value = draw.choice([4.0, 4.0, 2.0, 1.0, 1.5, 3.0, 0.5, 2.5])
    least = max(1, int(div_value**clusters) + 1)
    in_features = draw.choice([256, 1024]) if large else least + draw.integer(0, 40)
    return {"in_features": max(in_features, least), "n_classes": n_classes,
            "cutoffs": draw.sample(1, n_classes - 1, clusters), "div_value": div_value,
            "head_bias": draw.flag()}


def draw_targets(draw: Draw, arguments: dict[str, Any], rows: int) -> Tensor:
    """From all classes, or from one part of them."""
    bounds = [0, *arguments["cutoffs"], arguments["n_classes"]]
    part = draw.integer(0, len(bounds) - 2)
    low, high = draw.choice([(0, bounds[-1]), (0, bounds[-1]), (bounds[part], bounds[part + 1])])
    return draw.integers((rows,), low, high - 1)


def draw_wrong(draw: Draw) -> Case:
    """What both refuse."""
    good = {"in_features": 16, "n_classes": 10, "cutoffs": [2, 5], "div_value": 2.0,
            "head_bias": False}
    wrong, error = draw.choice([
        ({"cutoffs": [5, 2]}, "must be above cutoff 0"),
        ({"cutoffs": [2, 2]}, "must be above cutoff 0"),
        ({"cutoffs": [0, 2]}, "cutoffs are from 1 to 9"),
        ({"cutoffs": [2, 10]}, "cutoffs are from 1 to 9"),
        ({"cutoffs": []}, "there must be a cutoff")])
    try:
        Module(**(good | wrong))
    except ValueError:
        x, targets = draw.normal((1, 16)), torch.zeros(1, dtype=torch.int64)
        return Case(good | wrong | {"label_smoothing": 0}, {"x": x, "targets": targets},
                    error=error)
    raise AssertionError(f"PyTorch takes {wrong}")


def compute(arguments: dict[str, Any], inputs: dict[str, Tensor],
            dtype: torch.dtype) -> dict[str, Tensor | None]:
    """By PyTorch, whose module has no label_smoothing; its cross_entropy has."""
    sizes = {name: arguments[name] for name in SIZES}
    module = Module(**sizes).to(dtype)
    module.load_state_dict({name.removeprefix("parameters."): values.to(dtype)
                            for name, values in inputs.items() if name.startswith("parameters.")})
    x, targets = inputs["x"].to(dtype).requires_grad_(), inputs["targets"]
    smoothing = arguments["label_smoothing"]
    given = (x[0], targets[0]) if arguments["single"] else (x, targets)
    output, loss = module(*given)
    if smoothing > 0:
        loss = F.cross_entropy(module.log_prob(x), targets, label_smoothing=smoothing)
    if "dy" in inputs:
        (output * inputs["dy"].to(dtype).reshape(output.shape)).sum().backward()
    else:
        (loss * arguments["factor"]).backward()
    return gradients(module) | {
        "output": output.detach().reshape(-1), "loss": loss.detach(), "dx": x.grad,
        "log_prob": module.log_prob(x).detach(), "predict": module.predict(x)}


def make(draw: Draw, index: int) -> Case:
    if index % 40 == 39:
        return draw_wrong(draw)
    arguments = draw_arguments(draw)
    # By the number of features: a logit of 1000 has an error of 1e-4 in float32, and so has its
    # probability.
    scale = draw.choice([0.1, 1.0, 1.0, 2.0]) / arguments["in_features"] ** 0.5
    inputs = set_parameters(draw, Module(**arguments), scale)
    rows = draw.choice([1, 2, 3, 8, 33, 70])
    inputs["x"] = draw.normal((rows, arguments["in_features"]))
    inputs["targets"] = draw_targets(draw, arguments, rows)
    arguments["single"] = rows == 1 and draw.flag()
    arguments["label_smoothing"] = draw.choice([0, 0, 0, 0.1, 1.0])
    if draw.flag(0.7):
        arguments["factor"] = draw.choice([1.0, 0.25, -3.0])
    else:
        inputs["dy"] = draw.normal((rows,))
    return Case(arguments, inputs, compute(arguments, inputs, torch.float64))
