# SPDX-License-Identifier: Apache-2.0
"""torch.nn.functional with the functions of actfn; what actfn does not have is PyTorch's.

>>> import torch
>>> import actfn.torch.functional as F
>>> F.elu(torch.tensor([-1.0, 2.0]), alpha=0.5)
tensor([-0.3161,  2.0000])
"""
from __future__ import annotations

import warnings
from typing import Any

import torch
import torch.nn.functional

import actfn
from actfn import Function
from actfn._function import kind_of
from actfn.torch import _eager, _names
from actfn.torch._eager import forward


def applied(x: torch.Tensor, spec: str, inplace: bool, seed: torch.Tensor | None) -> torch.Tensor:
    if not inplace:
        return forward(x, spec, 0, seed)
    # What the gradient needs must outlive x's numbers.
    kept = x.clone() if x.requires_grad and torch.is_grad_enabled() else x
    return x.copy_(forward(kept, spec, 0, seed))


def seed_of(training: bool) -> torch.Tensor | None:
    """From PyTorch's generator: torch.manual_seed() makes runs repeatable."""
    return torch.randint(0, 2**63 - 1, (), dtype=torch.int64) if training else None


def axis_of(name: str, x: torch.Tensor, dim: int | None) -> int:
    if dim is not None:
        return dim
    if not torch.compiler.is_compiling():
        warnings.warn(f"[{name}] dim is not given; as in PyTorch, it is 0 for 0, 1 and 3 "
                      "dimensions, and 1 for others", stacklevel=3)
    return 0 if x.dim() in (0, 1, 3) else 1


def along(name: str, spec: str, x: torch.Tensor, dim: int | None, dtype: torch.dtype | None,
          seed: torch.Tensor | None = None) -> torch.Tensor:
    axis = axis_of(name, x, dim)
    x = x if dtype is None else x.to(dtype)
    if x.dim() == 0 and axis in (0, -1):
        return forward(x.reshape(1), spec, 0, seed).reshape(())
    return forward(x, spec, axis, seed)


def reduced(spec: str, x: torch.Tensor, dim: int, keepdim: bool) -> torch.Tensor:
    if x.dim() == 0 and dim in (0, -1):
        return forward(x.reshape(1), spec, 0, None)
    y = forward(x, spec, dim, None)
    return y.unsqueeze(dim) if keepdim else y


def prelu(input: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """x > 0 ? x : weight * x, with one weight or one for each channel (dimension 1)."""
    if torch.is_autocast_enabled("cpu"):
        dtype = torch.get_autocast_dtype("cpu")
        input, weight = input.to(dtype), weight.to(dtype)
    return _eager.prelu(input, weight)


def gumbel_softmax(logits: torch.Tensor, tau: float = 1, hard: bool = False, eps: float = 1e-10,
                   dim: int = -1) -> torch.Tensor:
    """A sample of categories, differentiable; ``eps`` is for PyTorch's sake and has no use."""
    spec = f"gumbel_softmax(tau={tau},hard={'true' if hard else 'false'})"
    return along("gumbel_softmax", spec, logits, dim, None, seed_of(True))


# How the other functions are called, and what they do. {p}: parameters with their defaults, {spec}:
# the function as text.
PLAIN = "forward(input, {spec}) if not inplace else applied(input, {spec}, True, None)"
FORMS = {
    "elementwise": ("input, {p}inplace=False", PLAIN),
    "named": ("input, inplace=False, *, {p}", PLAIN),
    "row": ("input, dim=None, _stacklevel=3, dtype=None{star}{p}",
            "along({name!r}, {spec}, input, dim, dtype)"),
    "reduction": ("input, dim, keepdim=False{star}{p}", "reduced({spec}, input, dim, keepdim)"),
    "gate": ("input, dim=-1{star}{p}", "along({name!r}, {spec}, input, dim, None)"),
    "grouped": ("input, dim=-1{star}{p}", "along({name!r}, {spec}, input, dim, None)"),
    "random": ("input, {p}training={training}, inplace=False",
               "applied(input, {spec}, inplace, seed_of(training))"),
}


def source_of(f: Function) -> str:
    """The function's definition in Python: PyTorch's compiler and help() see plain arguments."""
    info = f.info
    kind = "named" if f.name == "hardsigmoid" else kind_of(f.name)
    # threshold has no defaults in PyTorch
    values = {p.name: "" if p.required else f"={p.value!r}" for p in info.parameters}
    if f.name == "threshold":
        values = dict.fromkeys(values, "")
    p = "".join(f"{name}{value}, " for name, value in values.items())
    texts = ",".join(f"{name}={{{name}}}" for name in values)
    spec = f'f"{f.name}({texts})"' if values else f'"{f.name}"'
    fields = {"p": p, "spec": spec, "name": f.name, "star": ", *, " if p else "",
              "training": f.name == "dropout"}
    arguments, body = (text.format(**fields) for text in FORMS[kind])
    arguments = arguments.rstrip(", ")
    return f"def {f.name}({arguments}):\n    return {body}\n"


def defined(source: str, name: str, names: dict[str, Any]) -> Any:
    """What a text that this package has written defines; it may use names."""
    space: dict[str, Any] = {}
    exec(compile(source, "<actfn.torch>", "exec"), names, space)  # noqa: S102
    return space[name]


def made(f: Function) -> Any:
    result = defined(source_of(f), f.name, globals())
    result.__doc__ = f"{f.info.title}: {f.info.formula}\n\n{f.info.use}"
    result.__module__ = __name__
    return result


OWN = ("prelu", "gumbel_softmax")
for _f in actfn.catalogue():
    if _f.name not in _names.LEFT and _f.name not in OWN:
        globals()[_f.name] = made(_f)
for _theirs, _ours in _names.FUNCTIONS.items():
    globals()[_theirs] = globals()[_ours]

NAMES = [f.name for f in actfn.catalogue() if f.name not in _names.LEFT]


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(torch.nn.functional, name)
