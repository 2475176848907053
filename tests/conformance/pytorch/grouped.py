# SPDX-License-Identifier: Apache-2.0
"""Functions that change the number of channels."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F

from drawing import Draw, Tensor
from reference import Case, add_gradients


def crelu(draw: Draw) -> Case:
    shape = list(draw.shape(1))
    axis = draw.axis(shape)
    case = Case("grouped", "crelu", "crelu", lambda x: torch.cat([F.relu(x), F.relu(-x)], axis),
                {"x": draw.input(shape)}, settings={"axis": axis})
    shape[axis] *= 2
    return add_gradients(draw, case, tuple(shape), second=False)


def maxout(draw: Draw) -> Case:
    shape = list(draw.shape(1))
    axis = draw.axis(shape)
    group = draw.choice((1, 2, 3, 5))
    pieces = tuple(shape)
    shape[axis] *= group
    place = axis % len(shape)

    def function(x: Tensor) -> Tensor:
        return x.unflatten(place, (pieces[place], group)).max(place + 1).values

    case = Case("grouped", "maxout", "maxout", function, {"x": draw.input(shape)},
                settings={"axis": axis, "group_size": group})
    return add_gradients(draw, case, pieces, second=False)


def groups() -> dict[str, Callable[[Draw], Case]]:
    return {"crelu": crelu, "maxout": maxout}
