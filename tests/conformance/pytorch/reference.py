# SPDX-License-Identifier: Apache-2.0
"""What PyTorch makes of a case: values, gradients by autograd, gradients of gradients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from drawing import Draw, Input, Layout, Tensor, contiguous

Function = Callable[..., Tensor]
Values = dict[str, Tensor]


@dataclass
class Case:
    """`function` takes the inputs named in `variables`, in their order; dy and v_NAME, where they
    are there, ask for the gradients d… and for_…."""

    family: str
    group: str
    spec: str
    function: Function
    inputs: dict[str, Input]
    variables: tuple[str, ...] = ("x",)
    settings: dict[str, Any] = field(default_factory=dict)
    flat: tuple[str, ...] = ()  # outputs that must be contiguous
    results: Callable[[Values], Values] | None = None  # in place of all this


def spec(name: str, **parameters: object) -> str:
    """As the library's parse() reads it."""
    inside = ",".join(f"{k}={v if isinstance(v, str) else repr(float(v))}"
                      for k, v in parameters.items())
    return f"{name}({inside})" if inside else name


def rounded(parameters: dict[str, Any], dtype: torch.dtype) -> dict[str, Any]:
    """Types below float64 read parameters rounded to float32."""
    if dtype == torch.float64:
        return parameters
    return {k: float(np.float32(v)) if isinstance(v, float) else v for k, v in parameters.items()}


def add_gradients(draw: Draw, case: Case, shape: tuple[int, ...], second: bool = True) -> Case:
    """Draws dy, and what double backward needs."""
    case.inputs["dy"] = draw.gradient(shape)
    if second:
        for name in case.variables:
            case.inputs["v_" + name] = draw.gradient(case.inputs[name].layout.shape)
    return case


def second_order(case: Case, given: Values, variables: list[Tensor], dy: Tensor,
                 gradients: tuple[Tensor, ...]) -> Values:
    v = [given["v_" + name] for name in case.variables]
    if not any(g.requires_grad for g in gradients):
        return {}
    pairs = [(g, w) for g, w in zip(gradients, v) if g.requires_grad]
    found = torch.autograd.grad([g for g, _ in pairs], [dy, *variables], [w for _, w in pairs],
                                allow_unused=True, materialize_grads=True)
    return dict(zip(["for_dy", *("for_" + n for n in case.variables)], found))


def evaluate(case: Case, dtype: torch.dtype) -> Values:
    given = {name: one.tensor(dtype) for name, one in case.inputs.items()}
    if case.results is not None:
        return {name: value.detach() for name, value in case.results(given).items()}
    variables = [given[name].requires_grad_() for name in case.variables]
    extra = {"mask": given["mask"].bool()} if "mask" in given else {}
    y = case.function(*variables, **extra)
    results = {"y": y}
    if "dy" in given and y.requires_grad:
        dy = given["dy"].requires_grad_()
        gradients = torch.autograd.grad(y, variables, dy, create_graph=True, allow_unused=True,
                                        materialize_grads=True)
        results |= dict(zip(("d" + n for n in case.variables), gradients))
        if "v_" + case.variables[0] in given:
            try:
                results |= second_order(case, given, variables, dy, gradients)
            except (NotImplementedError, RuntimeError) as error:
                if "not implemented" not in str(error):
                    raise
    return {name: value.detach().contiguous() for name, value in results.items()}


def differs(ours: Tensor, precise: Tensor) -> bool:
    """Whether PyTorch in this type is so far from PyTorch in float64 that both must be kept."""
    finite = torch.isfinite(precise)
    if not bool((torch.isfinite(ours) == finite).all()):
        return True
    if not bool(finite.any()):
        return False
    gap = (ours.double() - precise)[finite].abs()
    tolerance = {torch.float32: 4e-7, torch.float16: 2.0**-12, torch.bfloat16: 2.0**-9}[ours.dtype]
    # Halves of a type's smallest steps, too.
    return bool((gap > tolerance * precise[finite].abs().clamp_min(1e-30)).any())


def precise_values(case: Case, results: Values, dtype: torch.dtype) -> Values:
    if dtype == torch.float64:
        return {}
    precise = evaluate(case, torch.float64)
    return {n: precise[n] for n, value in results.items() if differs(value, precise[n])}


def describe(case: Case, dtype: torch.dtype) -> dict[str, Any]:
    name = str(dtype).removeprefix("torch.")
    return {"family": case.family, "group": case.group, "spec": case.spec, "dtype": name,
            **case.settings}


def out_layout(draw: Draw, case: Case, name: str, value: Tensor) -> Layout:
    shape = tuple(value.shape)
    return contiguous(shape) if name in case.flat else draw.layout(shape)
