# SPDX-License-Identifier: Apache-2.0
"""Shapes, memory layouts and numbers, drawn from one generator: the same seed, the same cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf, nan, prod
from typing import Any

import numpy as np
import torch

Tensor = torch.Tensor
LENGTHS = (0, 1, 2, 3, 7, 16, 17, 64, 257, 1000)
DTYPES = (torch.float32,) * 6 + (torch.float64, torch.float64, torch.bfloat16, torch.float16)
SCALES = (0.01, 0.3, 1.0, 1.0, 3.0, 10.0, 100.0)
KINKS = (0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 3.0, -3.0, 6.0)
SPECIALS = (nan, inf, -inf, 0.0, -0.0, 1e-30, -1e-30, 88.0, -88.0, -100.0, 1e30, -1e30, 20.0,
            *KINKS)


@dataclass
class Layout:
    """Where the elements of a tensor lie in a buffer of `length`."""

    shape: tuple[int, ...]
    strides: tuple[int, ...]
    offset: int
    length: int

    def as_json(self) -> dict[str, Any]:
        return {"shape": self.shape, "strides": self.strides, "offset": self.offset,
                "length": self.length}

    def view(self, buffer: Tensor) -> Tensor:
        """PyTorch has no negative strides: those are read element by element."""
        if all(s >= 0 for s in self.strides):
            return torch.as_strided(buffer, self.shape, self.strides, self.offset)
        places = torch.full(self.shape, self.offset)
        for axis, (length, stride) in enumerate(zip(self.shape, self.strides)):
            ahead = [-1 if i == axis else 1 for i in range(len(self.shape))]
            places = places + (torch.arange(length) * stride).reshape(ahead)
        return buffer[places]


def contiguous(shape: tuple[int, ...]) -> Layout:
    strides = tuple(prod(shape[axis + 1:]) for axis in range(len(shape)))
    return Layout(shape, strides, 0, prod(shape))


@dataclass
class Input:
    layout: Layout
    buffer: Tensor

    def tensor(self, dtype: torch.dtype) -> Tensor:
        kept = self.buffer.dtype == torch.uint8
        return self.layout.view(self.buffer if kept else self.buffer.to(dtype))


@dataclass
class Draw:
    """What a case is made of. `small` is for the cases that are kept with the project."""

    seed: int
    small: bool = False
    rng: np.random.Generator = field(init=False)
    dtype: torch.dtype = field(init=False)
    special: bool = field(init=False)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        self.dtype = self.choice(DTYPES)
        self.special = self.chance(0.15)

    def choice(self, options: Sequence[Any]) -> Any:
        return options[int(self.rng.integers(len(options)))]

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def number(self, low: float, high: float, *usual: float) -> float:
        """Half of the time a usual one; a float32 otherwise, which all types but 16 bits hold."""
        if usual and self.chance(0.5):
            return self.choice(usual)
        return float(np.float32(self.rng.uniform(low, high)))

    def shape(self, least: int = 0, most: int = 5) -> tuple[int, ...]:
        count = int(self.rng.integers(least, most + 1))
        room = 24 if self.small else self.choice((64, 600, 4000))
        lengths: list[int] = []
        for _ in range(count):
            fitting = [n for n in LENGTHS if n * max(1, prod(lengths)) <= room and n > 0]
            lengths.append(self.choice(fitting or [1]))
        if count > 0 and self.chance(0.04):
            lengths[int(self.rng.integers(count))] = 0
        self.rng.shuffle(lengths)
        return tuple(lengths)

    def axis(self, shape: Sequence[int]) -> int:
        """Counted from either end."""
        return int(self.rng.integers(-len(shape), len(shape)))

    def layout(self, shape: Sequence[int]) -> Layout:
        """Contiguous, permuted, with gaps, or backwards."""
        shape = tuple(shape)
        plain = self.chance(0.8 if self.small else 0.5)
        order = list(range(len(shape)))
        if not plain and self.chance(0.6):
            self.rng.shuffle(order)
        strides = [0] * len(shape)
        offset, step = 0, 1
        for axis in reversed(order):
            gap = 1 if plain else self.choice((1, 1, 1, 2, 3))
            strides[axis] = step * gap
            step *= max(1, shape[axis] * gap)
            step += 0 if plain else self.choice((0, 0, 0, 1, 5))
            if not plain and shape[axis] > 1 and self.chance(0.15):
                offset += strides[axis] * (shape[axis] - 1)
                strides[axis] = -strides[axis]
        start = 0 if plain else self.choice((0, 0, 1, 3))
        length = 0 if 0 in shape else step + start
        return Layout(shape, tuple(strides), offset + start if length else 0, length)

    def numbers(self, count: int, scale: float, kinks: Sequence[float]) -> Tensor:
        drawn = self.rng.normal(0, scale, count)
        if count and kinks:
            chosen = self.rng.random(count) < 0.15
            drawn[chosen] = self.rng.choice(np.array(kinks), int(chosen.sum()))
        return torch.from_numpy(drawn).to(self.dtype)

    def input(self, shape: Sequence[int], scale: float | None = None,
              kinks: Sequence[float] | None = None) -> Input:
        layout = self.layout(shape)
        if kinks is None:
            kinks = SPECIALS if self.special else KINKS if self.chance(0.4) else ()
        scale = self.choice(SCALES) if scale is None else scale
        return Input(layout, self.numbers(layout.length, scale, kinks))

    def gradient(self, shape: Sequence[int]) -> Input:
        return self.input(shape, 1.0, (nan,) if self.special and self.chance(0.3) else ())

    def flat(self, count: int) -> Input:
        """One dimension, contiguous."""
        kinks = KINKS if self.chance(0.3) else ()
        return Input(contiguous((count,)), self.numbers(count, self.choice((0.3, 1.0, 3.0)), kinks))

    def mask(self, shape: Sequence[int]) -> Input:
        """True is in. It may stretch to `shape`."""
        drawn = [n if self.chance(0.8) else 1 for n in shape]
        while drawn and self.chance(0.2):
            drawn.pop(0)
        layout = self.layout(drawn)
        kept = self.rng.random(layout.length) < self.choice((0.3, 0.7, 0.95))
        return Input(layout, torch.from_numpy(kept.astype(np.uint8)))
