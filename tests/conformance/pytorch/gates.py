# SPDX-License-Identifier: Apache-2.0
"""Gated linear units, packed in one tensor or in two."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F

from drawing import Draw, Tensor
from reference import Case, add_gradients, rounded, spec

Gate = Callable[..., Tensor]


def clamped_swiglu(a: Tensor, b: Tensor, alpha: float, limit: float) -> Tensor:
    gate = torch.clamp(a, max=limit)
    return gate * torch.sigmoid(alpha * gate) * (torch.clamp(b, -limit, limit) + 1)


def swiglu_step(a: Tensor, b: Tensor, limit: float) -> Tensor:
    return torch.clamp(F.silu(a), max=limit) * torch.clamp(b, -limit, limit)


GATES: dict[str, tuple[Gate, Callable[[Draw], dict[str, Any]]]] = {
    "glu": (lambda a, b: a * torch.sigmoid(b), lambda _: {}),
    "bilinear": (lambda a, b: a * b, lambda _: {}),
    "reglu": (lambda a, b: F.relu(a) * b, lambda _: {}),
    "geglu": (lambda a, b: F.gelu(a) * b, lambda _: {}),
    "geglu(approximate=tanh)": (lambda a, b: F.gelu(a, approximate="tanh") * b, lambda _: {}),
    "swiglu": (lambda a, b, beta=1.0: a * torch.sigmoid(beta * a) * b,
               lambda draw: {"beta": draw.number(0.1, 2, 1.0)}),
    "clamped_swiglu": (clamped_swiglu, lambda draw: {"alpha": draw.number(0.5, 2, 1.702),
                                                     "limit": draw.number(1, 9, 7.0)}),
    "swiglu_step": (swiglu_step, lambda draw: {"limit": draw.number(1, 9, 7.0)}),
    "gated(mish)": (lambda a, b: F.mish(a) * b, lambda _: {}),
    "gated(elu(alpha=2))": (lambda a, b: F.elu(a, 2.0) * b, lambda _: {}),
    "gated(tanh)": (lambda a, b: torch.tanh(a) * b, lambda _: {}),
}


def drawn_gate(draw: Draw, name: str) -> tuple[str, Gate]:
    function, parameters = GATES[name]
    drawn = rounded(parameters(draw), draw.dtype)
    return (spec(name, **drawn) if drawn else name), partial(function, **drawn)


def unpacked(gate: Gate, axis: int, packing: str, name: str) -> Gate:
    def function(x: Tensor) -> Tensor:
        if name == "glu" and packing == "halves":
            return F.glu(x, axis)
        place = axis % x.dim()
        if packing == "halves":
            return gate(*x.chunk(2, place)) if x.shape[place] else gate(x, x)
        pairs = x.unflatten(place, (x.shape[place] // 2, 2))
        return gate(*pairs.unbind(place + 1))

    return function


def packed(draw: Draw, name: str) -> Case:
    shape = list(draw.shape(1))
    axis = draw.axis(shape)
    half = tuple(shape)
    shape[axis] *= 2
    packing = draw.choice(("halves", "halves", "interleaved"))
    text, gate = drawn_gate(draw, name)
    case = Case("gates", name, text, unpacked(gate, axis, packing, name),
                {"x": draw.input(shape)}, settings={"axis": axis, "packing": packing})
    return add_gradients(draw, case, half)


def of_two(draw: Draw, name: str) -> Case:
    shape = draw.shape()
    text, gate = drawn_gate(draw, name)
    case = Case("gates", f"{name} of two", text, gate,
                {"a": draw.input(shape), "b": draw.input(shape)}, ("a", "b"))
    return add_gradients(draw, case, shape, second=False)


def groups() -> dict[str, Callable[[Draw], Case]]:
    return ({g: partial(packed, name=g) for g in GATES} |
            {f"{g} of two": partial(of_two, name=g) for g in GATES})
