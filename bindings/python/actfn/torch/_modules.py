# SPDX-License-Identifier: Apache-2.0
"""Modules: PyTorch's classes with another forward(), and one for each other function."""
from __future__ import annotations

import inspect
import re
from typing import Any

import torch

import actfn
from actfn.torch import _names, functional

# Arguments of functions that modules do not have.
NOT_KEPT = ("input", "logits", "training", "_stacklevel", "dtype")


def forward_of(name: str, kept: list[str]) -> Any:
    """forward() that calls the function with the module's attributes."""
    arguments = "".join(f", {a}=self.{a}" for a in kept)
    return functional.defined("def forward(self, input):\n"
                              f"    return functional.{name}(input{arguments})\n", "forward",
                              globals())


def finished(cls: Any) -> Any:
    cls.__module__ = "actfn.torch"
    return cls


def of_pytorch(title: str, name: str) -> Any:
    """PyTorch's class, constructor and state included, that computes by actfn."""
    base = getattr(torch.nn, title)
    constructor = inspect.signature(base.__init__).parameters
    of_function = inspect.signature(getattr(functional, name)).parameters
    kept = [a for a in of_function
            if a == "training" or (a in constructor and a not in NOT_KEPT)]
    if name == "prelu":
        kept = ["weight"]
    doc = f"torch.nn.{title}, computed by actfn.{name}."
    return finished(type(title, (base,), {"forward": forward_of(name, kept), "__doc__": doc}))


class Activation(torch.nn.Module):
    """What modules of functions that PyTorch does not have share."""

    kept: tuple[str, ...] = ()

    def extra_repr(self) -> str:
        values = ((name, getattr(self, name)) for name in self.kept)
        return ", ".join(f"{name}={value!r}" for name, value in values
                         if name != "inplace" or value)


def arguments_of(parameters: list[inspect.Parameter]) -> str:
    texts, named = ["self"], False
    for p in parameters:
        if p.kind is inspect.Parameter.KEYWORD_ONLY and not named:
            texts.append("*")
            named = True
        texts.append(p.name if p.default is inspect.Parameter.empty else f"{p.name}={p.default!r}")
    return ", ".join(texts)


def new(title: str, name: str) -> Any:
    function = getattr(functional, name)
    parameters = inspect.signature(function).parameters
    kept = [a for a in parameters if a not in NOT_KEPT]
    body = "".join(f"    self.{a} = {a}\n" for a in kept)
    head = f"def __init__({arguments_of([parameters[a] for a in kept])}):\n"
    constructor = functional.defined(head + f"    torch.nn.Module.__init__(self)\n{body}",
                                     "__init__", globals())
    passed = [*kept, *(["training"] if "training" in parameters else [])]
    parts = {"__init__": constructor, "forward": forward_of(name, passed), "kept": tuple(kept),
             "__doc__": function.__doc__}
    return finished(type(title, (Activation,), parts))


class Softmax2d(torch.nn.Softmax2d):
    """torch.nn.Softmax2d, computed by actfn.softmax."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        if input.dim() not in (3, 4):
            raise ValueError(f"[Softmax2d] x must have 3 or 4 dimensions, got {input.dim()}")
        return functional.softmax(input, -3)


def title_of(title: str) -> str:
    """A class's name: 'SwiGLU-step' gives SwiGLUStep."""
    return "".join(part[0].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", title))


MODULES: dict[str, Any] = {title: of_pytorch(title, name)
                           for title, name in _names.MODULES.items() if title != "Softmax2d"}
MODULES["Softmax2d"] = finished(Softmax2d)
for _f in actfn.catalogue():
    if _f.name in functional.NAMES and _f.name not in _names.MODULES.values():
        MODULES[title_of(_f.info.title)] = new(title_of(_f.info.title), _f.name)
