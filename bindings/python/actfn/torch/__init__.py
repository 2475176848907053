# SPDX-License-Identifier: Apache-2.0
"""torch.nn with the activation functions of actfn.

>>> import torch
>>> import actfn.torch as nn
>>> model = nn.Sequential(nn.Linear(4, 8), nn.GELU(approximate="tanh"), nn.Linear(8, 2))
>>> model(torch.zeros(3, 4)).shape
torch.Size([3, 2])

All of the catalogue's functions are here as modules, and in ``actfn.torch.functional``; what actfn
does not have is PyTorch's own. They take part in automatic differentiation of both orders,
``torch.compile``, ``torch.vmap`` and autocast. Tensors have to be on the CPU.
"""
from __future__ import annotations

from typing import Any

import torch

if tuple(int(part) for part in torch.__version__.split(".")[:2]) < (2, 5):
    raise ImportError(f"actfn.torch needs PyTorch 2.5 or later, this is {torch.__version__}")

from actfn.torch import functional  # noqa: E402
from actfn.torch._modules import MODULES  # noqa: E402
from actfn.torch._replace import Replaced, Swap, replace  # noqa: E402

__all__ = ["Replaced", "Swap", "functional", "replace", *MODULES]

globals().update(MODULES)


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(torch.nn, name)


def __dir__() -> list[str]:
    return sorted({*__all__, *dir(torch.nn)})
