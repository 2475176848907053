# SPDX-License-Identifier: Apache-2.0
"""What the modules' cases are made of."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import torch

Tensor = torch.Tensor
T = TypeVar("T")

# Parts of the largest number of a tensor that its elements may differ by.
TOLERANCES = {torch.float64: 1e-12, torch.float32: 1e-5, torch.float16: 2.0**-11,
              torch.bfloat16: 2.0**-8}


@dataclass
class Case:
    """One call of a module, and what PyTorch makes of it.

    `expected` is best computed in float64 from the same numbers: then no difference is PyTorch's
    rounding. None says that PyTorch gives nothing: the module's explain() must name the rule.
    """

    arguments: dict[str, Any]  # whatever JSON can hold
    inputs: dict[str, Tensor]
    expected: dict[str, Tensor | None] = field(default_factory=dict)
    error: str | None = None  # part of the Error that is expected in place of results
    tolerance: float | None = None  # in place of TOLERANCES
    scales: dict[str, float] = field(default_factory=dict)  # in place of a tensor's largest number
    # What PyTorch makes of it in float32, for explain().
    single: Callable[[], dict[str, Tensor | None]] | None = None


class Draw:
    """Random choices and tensors of one case: the same seed, the same case."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)
        self._generator = torch.Generator().manual_seed(self._random.getrandbits(63))

    def choice(self, options: Sequence[T]) -> T:
        return self._random.choice(options)

    def flag(self, probability: float = 0.5) -> bool:
        return self._random.random() < probability

    def integer(self, low: int, high: int) -> int:
        """From low to high, both included."""
        return self._random.randint(low, high)

    def real(self, low: float, high: float) -> float:
        return self._random.uniform(low, high)

    def sample(self, low: int, high: int, count: int) -> list[int]:
        """Different integers from low to high, ascending."""
        return sorted(self._random.sample(range(low, high + 1), count))

    def normal(self, shape: Sequence[int], scale: float = 1.0,
               dtype: torch.dtype = torch.float32) -> Tensor:
        return (torch.randn(*shape, generator=self._generator) * scale).to(dtype)

    def integers(self, shape: Sequence[int], low: int, high: int) -> Tensor:
        """From low to high, both included."""
        return torch.randint(low, high + 1, tuple(shape), generator=self._generator)

    def mask(self, shape: Sequence[int], probability: float = 0.5) -> Tensor:
        return torch.rand(*shape, generator=self._generator) < probability


def set_parameters(draw: Draw, module: torch.nn.Module, scale: float = 0.3) -> dict[str, Tensor]:
    """Draws all parameters and gives them as inputs, "parameters.NAME"."""
    inputs = {}
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            values = draw.normal(parameter.shape, scale)
            parameter.copy_(values)
            inputs["parameters." + name] = values
    return inputs


def gradients(module: torch.nn.Module) -> dict[str, Tensor | None]:
    """All gradients, as "gradients.NAME"."""
    return {"gradients." + name: p.grad for name, p in module.named_parameters()}
