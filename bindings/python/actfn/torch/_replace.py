# SPDX-License-Identifier: Apache-2.0
"""Swaps the activations of a model that exists."""
from __future__ import annotations

import dataclasses
from typing import Any

import torch
from torch.utils import _pytree

import actfn
from actfn.torch import _names, functional
from actfn.torch._modules import MODULES, title_of


@dataclasses.dataclass(frozen=True)
class Swap:
    """One activation that replace() has swapped.

    Attributes
    ----------
    path : str
        Where it is in the model: 'features.1'; empty for the model itself.
    old, new : str
        What was there, and what is there now.
    """

    path: str
    old: str
    new: str


@dataclasses.dataclass(frozen=True)
class Replaced:
    """What replace() has done.

    Attributes
    ----------
    swapped : tuple of Swap
    difference : float or None
        The largest between the model's results before and after, in evaluation, on the example;
        None without one, infinity where one result is NaN or infinite and the other is not.
    """

    swapped: tuple[Swap, ...]
    difference: float | None

    def __str__(self) -> str:
        lines = [f"{s.path or 'the model'}: {s.old} -> {s.new}" for s in self.swapped]
        lines.append(f"{len(self.swapped)} swapped")
        if self.difference is not None:
            lines.append(f"largest difference on the example: {self.difference:.3g}")
        return "\n".join(lines)


THEIRS = {getattr(torch.nn, title): title for title in _names.MODULES}


def functions() -> dict[Any, Any]:
    """Functions of PyTorch that models keep as attributes, and ours."""
    pairs = {}
    for name in {*functional.NAMES, *_names.FUNCTIONS}:
        ours = getattr(functional, name)
        pairs[getattr(torch.nn.functional, name, None)] = ours
        f = getattr(actfn, name, None)
        if f is not None and f.info.kind == "elementwise" and not f.info.parameters:
            pairs[getattr(torch, name, None)] = ours  # others take other arguments there
    pairs.pop(None, None)
    return pairs


def of_hugging_face(module: torch.nn.Module) -> torch.nn.Module | None:
    kind = type(module)
    if kind.__module__ != "transformers.activations":
        return None
    spec = _names.HUGGING_FACE.get(kind.__name__)
    if spec is None:
        return None
    f = actfn.function(spec)
    new: torch.nn.Module = MODULES[titles()[f.name]]()
    if "approximate" in spec:
        new.approximate = "tanh"  # type: ignore[assignment]
    return new.train(module.training)


def titles() -> dict[str, str]:
    return {f.name: title_of(f.info.title) for f in actfn.catalogue()}


class Swapper:
    """Goes through a model, and through what several parents share once."""

    def __init__(self) -> None:
        self.swaps: list[Swap] = []
        self.functions = functions()
        self.seen: dict[int, torch.nn.Module] = {}

    def swap(self, path: str, module: torch.nn.Module) -> None:
        """The module itself, where its class is PyTorch's; and what is in it."""
        if id(module) in self.seen:
            return
        self.seen[id(module)] = module
        title = THEIRS.get(type(module))
        if title is not None:
            old = f"torch.nn.{module!r}"
            module.__class__ = MODULES[title]  # parameters, hooks and references stay
            self.swaps.append(Swap(path, old, f"actfn.torch.{module!r}"))
        elif not isinstance(module, tuple(MODULES.values())):
            self.swap_functions(path, module)
            for name, child in list(module._modules.items()):
                if child is not None:
                    self.swap_child(module, name, child, f"{path}.{name}".lstrip("."))

    def swap_child(self, parent: torch.nn.Module, name: str, child: torch.nn.Module,
                   path: str) -> None:
        new = of_hugging_face(child)
        if new is None:
            return self.swap(path, child)
        setattr(parent, name, new)
        self.swaps.append(Swap(path, type(child).__name__, f"actfn.torch.{new!r}"))

    def swap_functions(self, path: str, module: torch.nn.Module) -> None:
        for name, value in list(vars(module).items()):
            if callable(value) and getattr(value, "__hash__", None) and value in self.functions:
                new = self.functions[value]
                setattr(module, name, new)
                self.swaps.append(Swap(f"{path}.{name}".lstrip("."), value.__name__,
                                       f"actfn.torch.functional.{new.__name__}"))


def swap_all(model: torch.nn.Module) -> list[Swap]:
    swapper = Swapper()
    swapper.swap("", model)
    return swapper.swaps


def results(model: torch.nn.Module, example: Any) -> list[torch.Tensor]:
    with torch.no_grad():
        if isinstance(example, dict):
            y = model(**example)
        else:
            y = model(*example) if isinstance(example, tuple) else model(example)
    return [t.clone() for t in tensors(y) if t.is_floating_point()]


def tensors(y: Any) -> list[torch.Tensor]:
    """Those in lists, tuples and mappings, which models of Hugging Face give."""
    if isinstance(y, torch.Tensor):
        return [y]
    if hasattr(y, "to_tuple"):
        y = y.to_tuple()
    return [t for t in _pytree.tree_leaves(y) if isinstance(t, torch.Tensor)]


def difference(before: list[torch.Tensor], after: list[torch.Tensor]) -> float:
    largest = 0.0
    for a, b in zip(before, after):
        apart = (a.double() - b.double()).abs()
        alike = (a == b) | (a.isnan() & b.isnan())
        apart = apart.masked_fill(alike, 0).nan_to_num(nan=float("inf"), posinf=float("inf"))
        if apart.numel() > 0:
            largest = max(largest, float(apart.max()))
    return largest


def replace(model: torch.nn.Module, example: Any = None) -> Replaced:
    """Swaps a model's activations for those of actfn, in place.

    Modules of torch.nn, of Hugging Face's transformers.activations, and functions of PyTorch that
    a module keeps as an attribute are swapped; parameters, hooks and ``inplace`` stay as they are.
    Functions that a forward() calls by name, and classes derived from PyTorch's, stay PyTorch's.

    Parameters
    ----------
    model : torch.nn.Module
        On the CPU.
    example : Tensor, tuple or dict, optional
        What the model is called with: one argument, several, or several by name. It is copied:
        in-place activations leave it as it is.

    Returns
    -------
    Replaced
        What was swapped and, with an example, how much results differ.

    Raises
    ------
    TypeError
        A model that is no module of PyTorch.

    Examples
    --------
    >>> import torch
    >>> import actfn.torch
    >>> model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(inplace=True))
    >>> print(actfn.torch.replace(model, torch.ones(1, 2)))
    1: torch.nn.ReLU(inplace=True) -> actfn.torch.ReLU(inplace=True)
    1 swapped
    largest difference on the example: 0
    """
    if not isinstance(model, torch.nn.Module):
        raise TypeError("[replace] model must be a torch.nn.Module, got "
                        f"{type(model).__name__}")
    if example is None:
        return Replaced(tuple(swap_all(model)), None)
    modes = {m: m.training for m in model.modules()}
    model.eval()
    try:
        before = results(model, _pytree.tree_map(copied, example))
        swaps = swap_all(model)
        after = results(model, _pytree.tree_map(copied, example))
    finally:
        for module, mode in modes.items():
            module.training = mode
    for module in model.modules():
        module.training = modes.get(module, model.training)
    return Replaced(tuple(swaps), difference(before, after))


def copied(value: Any) -> Any:
    return value.clone() if isinstance(value, torch.Tensor) else value
