# SPDX-License-Identifier: Apache-2.0
"""Functions along an axis."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F

from drawing import Draw, Tensor
from reference import Case, Function, add_gradients, rounded, spec

INFINITY = float("inf")


def masked(function: Function, x: Tensor, mask: Tensor | None = None, out: float = -INFINITY,
           absent: float | None = None) -> Tensor:
    """`out` is what takes no part, `absent` the result there, as JAX's `where` has it."""
    if mask is None:
        return function(x)
    y = function(x.masked_fill(~mask, out))
    return y if absent is None else y.masked_fill(~mask, absent)


def support(z: Tensor, axis: int, tau_of: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """Which entries are above tau: the largest k for which the k-th largest still is."""
    with torch.no_grad():
        order = torch.sort(z, dim=axis, descending=True).values.movedim(axis, -1)
        count = torch.arange(1, order.shape[-1] + 1, dtype=z.dtype)
        k = (order > tau_of(order, count)).sum(-1, keepdim=True).clamp_min(1)
        least = order.gather(-1, k - 1).movedim(-1, axis)
        return z >= least


def sparsemax_tau(order: Tensor, count: Tensor) -> Tensor:
    return (order.cumsum(-1) - 1) / count


def entmax_tau(order: Tensor, count: Tensor) -> Tensor:
    mean = order.cumsum(-1) / count
    spread = (order * order).cumsum(-1) - count * mean * mean
    return mean - torch.sqrt(((1 - spread) / count).clamp_min(0))


def sparsemax(x: Tensor, axis: int) -> Tensor:
    z = x - x.detach().amax(axis, keepdim=True)
    inside = support(z, axis, sparsemax_tau)
    tau = (torch.where(inside, z, 0).sum(axis, keepdim=True) - 1) / inside.sum(axis, keepdim=True)
    return torch.where(inside, z - tau, 0)


def entmax15(x: Tensor, axis: int) -> Tensor:
    z = (x - x.detach().amax(axis, keepdim=True)) / 2
    inside = support(z, axis, entmax_tau)
    count = inside.sum(axis, keepdim=True)
    mean = torch.where(inside, z, 0).sum(axis, keepdim=True) / count
    spread = torch.where(inside, (z - mean) ** 2, 0).sum(axis, keepdim=True)
    return torch.where(inside, z - mean + torch.sqrt((1 - spread) / count), 0) ** 2


def power(z: Tensor, tau: Tensor, exponent: float) -> Tensor:
    above = z > tau
    return torch.where(above, torch.where(above, z - tau, 1) ** exponent, 0)


def entmax(x: Tensor, axis: int, alpha: float) -> Tensor:
    """By bisection; one step of Newton's carries the gradient."""
    z = (alpha - 1) * (x - x.detach().amax(axis, keepdim=True))
    exponent = 1 / (alpha - 1)
    with torch.no_grad():
        low = torch.full_like(z.amax(axis, keepdim=True), -1)
        high = torch.zeros_like(low)
        for _ in range(60):
            middle = (low + high) / 2
            less = power(z, middle, exponent).sum(axis, keepdim=True) < 1
            low, high = torch.where(less, low, middle), torch.where(less, middle, high)
        slope = exponent * power(z, low, exponent - 1).sum(axis, keepdim=True)
    tau = low + (power(z, low, exponent).sum(axis, keepdim=True) - 1) / slope
    return power(z, tau, exponent)


def hardmax(x: Tensor, axis: int) -> Tensor:
    hot = F.one_hot(x.argmax(axis), x.shape[axis]) if x.numel() else torch.zeros_like(x)
    return (hot.movedim(-1, axis) if x.numel() else hot).to(x.dtype)


def unless_empty(function: Function) -> Function:
    return lambda axis, x, **parameters: function(x, axis, **parameters) if x.numel() else x * 1


def shape_for(draw: Draw) -> tuple[int, ...]:
    return draw.shape(1)


ABSENT = {"softmax": {"absent": 0.0}, "softmax1": {"absent": 0.0},
          "log_softmax": {"absent": -INFINITY},
          "softmin": {"absent": 0.0, "out": INFINITY}}


def along(draw: Draw, group: str, name: str, function: Function, second: bool = True,
          with_mask: bool = False, **parameters: float) -> Case:
    shape = shape_for(draw)
    axis = draw.axis(shape)
    bound = partial(masked, partial(function, axis, **parameters), **ABSENT.get(name, {}))
    inputs = {"x": draw.input(shape)}
    if with_mask:
        inputs["mask"] = draw.mask(shape)
    case = Case("rows", group, spec(name, **parameters), bound, inputs, settings={"axis": axis})
    return add_gradients(draw, case, shape, second)


def tempered(function: Function) -> Function:
    return lambda axis, x, temperature=1.0: function(x / temperature if temperature != 1 else x,
                                                     dim=axis)


PLAIN = {"softmax": tempered(F.softmax), "log_softmax": tempered(F.log_softmax),
         "softmin": tempered(F.softmin)}
PROJECTIONS = {"sparsemax": unless_empty(sparsemax), "entmax": unless_empty(entmax15)}


def temperature(draw: Draw, name: str) -> Case:
    return along(draw, f"{name}, temperature", name, PLAIN[name],
                 temperature=draw.number(0.2, 5, 2.0))


def any_entmax(draw: Draw) -> Case:
    return along(draw, "entmax, any alpha", "entmax", unless_empty(entmax),
                 second=False, alpha=draw.number(1.1, 3, 1.25))


def hard(draw: Draw) -> Case:
    shape = shape_for(draw)
    axis = draw.axis(shape)
    return Case("rows", "hardmax", "hardmax", lambda x: hardmax(x, axis), {"x": draw.input(shape)},
                settings={"axis": axis})


def softmax2d(draw: Draw) -> Case:
    shape = draw.shape(3, 4)
    case = Case("rows", "softmax2d", "softmax2d", torch.nn.Softmax2d(), {"x": draw.input(shape)},
                settings={"axis": -3})
    return add_gradients(draw, case, shape)


def reduction(draw: Draw, group: str, name: str, with_mask: bool) -> Case:
    shape = tuple(max(1, n) for n in shape_for(draw))
    axis = draw.axis(shape)
    keep = draw.chance(0.5)
    bound = partial(masked, partial(torch.logsumexp, dim=axis, keepdim=keep))
    if name == "logmeanexp":
        bound = partial(logmeanexp, axis, keep)
    inputs = {"x": draw.input(shape)}
    if with_mask:
        inputs["mask"] = draw.mask(shape)
    case = Case("rows", group, name, bound, inputs, settings={"axis": axis})
    place = axis % len(shape)
    ahead, behind = shape[:place], shape[place + 1:]
    return add_gradients(draw, case, ahead + ((1,) if keep else ()) + behind, second=False)


def with_sink(axis: int, x: Tensor, sink: float) -> Tensor:
    """softmax1: the sink is one more entry, whose probability is left out."""
    place = axis % x.dim()
    column = list(x.shape)
    column[place] = 1
    whole = torch.cat([x, torch.full(column, sink, dtype=x.dtype)], place)
    return F.softmax(whole, place).narrow(place, 0, x.shape[place])


def softmax1(draw: Draw, group: str, with_mask: bool) -> Case:
    sink = rounded({"sink": draw.number(-5, 5, 0.0)}, draw.dtype)
    return along(draw, group, "softmax1", with_sink, with_mask=with_mask, **sink)


def gumbel_softmax(draw: Draw) -> Case:
    """Its noise cannot be shared: what takes its place in evaluation is compared."""
    tau = draw.number(0.2, 5, 2.0)
    return along(draw, "gumbel_softmax, evaluated", "gumbel_softmax",
                 lambda axis, x, tau: F.softmax(x / tau, axis), tau=tau)


def logmeanexp(axis: int, keep: bool, x: Tensor, mask: Tensor | None = None) -> Tensor:
    if mask is None:
        return torch.logsumexp(x, axis, keep) - math.log(x.shape[axis])
    y = torch.logsumexp(x.masked_fill(~mask, -INFINITY), axis, keep)
    return y - mask.expand(x.shape).sum(axis, keep).to(torch.float64).log().to(x.dtype)


def groups() -> dict[str, Callable[[Draw], Case]]:
    made: dict[str, Callable[[Draw], Case]] = {}
    for name, function in PLAIN.items():
        made[name] = partial(along, group=name, name=name, function=function)
        made[f"{name}, temperature"] = partial(temperature, name=name)
        made[f"{name}, mask"] = partial(along, group=f"{name}, mask", name=name, function=function,
                                        with_mask=True)
    for name, function in PROJECTIONS.items():
        made[name] = partial(along, group=name, name=name, function=function)
    for name in ("logsumexp", "logmeanexp"):
        made[name] = partial(reduction, group=name, name=name, with_mask=False)
        made[f"{name}, mask"] = partial(reduction, group=f"{name}, mask", name=name,
                                        with_mask=True)
    return made | {
        "entmax, any alpha": any_entmax, "hardmax": hard, "softmax2d": softmax2d,
        "softmax1": partial(softmax1, group="softmax1", with_mask=False),
        "softmax1, mask": partial(softmax1, group="softmax1, mask", with_mask=True),
        "gumbel_softmax, evaluated": gumbel_softmax}
