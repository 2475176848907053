# SPDX-License-Identifier: Apache-2.0
"""nn::scaled_dot_product_attention beside torch.nn.functional's."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from case import Case, Draw, Tensor

CASES = 600
RULES = {"fully masked rows are zeros": "PyTorch's may be NaN, and make NaN of gradients"}

TYPES = [torch.float32] * 4 + [torch.bfloat16, torch.float16]
LENGTHS = [1, 2, 3, 5, 16, 17, 33, 64, 100]
LONG = [257, 600, 1030, 1300]


def mask_shape(draw: Draw, scores: list[int]) -> list[int]:
    """One that broadcasts to the scores."""
    kept = draw.integer(2, len(scores))
    return [n if draw.flag(0.7) else 1 for n in scores[len(scores) - kept:]]


def draw_mask(draw: Draw, scores: list[int], dtype: torch.dtype) -> Tensor | None:
    kind = draw.choice(["none", "none", "bool", "float"])
    if kind == "none":
        return None
    shape = mask_shape(draw, scores)
    if kind == "bool":
        return draw.mask(shape, draw.choice([0.3, 0.8, 0.95]))
    numbers = draw.normal(shape, 1.0, dtype)
    if draw.flag(0.3):
        numbers = numbers.masked_fill(draw.mask(shape, 0.3), -torch.inf)
    return numbers


def refused(draw: Draw) -> Case:
    """What both refuse."""
    q, k, v = (draw.normal((2, 2, n, 8)) for n in (3, 4, 4))
    arguments, mask, error = {"is_causal": False, "enable_gqa": False}, None, "must be a multiple"
    kind = draw.choice(["width", "mask", "groups", "type"])
    if kind == "width":
        k, error = draw.normal((2, 2, 4, 7)), "k has the width 7, q has 8"
    elif kind == "mask":
        mask, error = draw.mask((3, 5)), "does not broadcast"
    elif kind == "type":
        k, error = k.half(), "k is float16, q is float32"
    else:
        q, k, v = draw.normal((2, 5, 3, 8)), k, v
        arguments["enable_gqa"] = True
    try:
        F.scaled_dot_product_attention(q, k, v, mask, enable_gqa=arguments["enable_gqa"])
    except (RuntimeError, ValueError):
        inputs = {"q": q, "k": k, "v": v, "dout": draw.normal((2, q.shape[1], 3, 8))}
        return Case(arguments, inputs | ({} if mask is None else {"mask": mask}), error=error)
    raise AssertionError(f"PyTorch accepts {kind}")


def scales_of(expected: dict[str, Tensor], inputs: dict[str, Tensor], scale: float,
              group: int) -> dict[str, float]:
    """Those of dq and dk, which may cancel: with one key they are 0."""
    v = inputs["v"].double().repeat_interleave(group, -3)
    step = 0.1 * scale * float((inputs["dout"].double() @ v.mT).abs().max())
    natural = {"dq": step * float(inputs["k"].abs().max()),
               "dk": step * float(inputs["q"].abs().max())}
    return {name: max(least, largest(expected[name])) for name, least in natural.items()}


def largest(x: Tensor) -> float:
    return float(x.nan_to_num(nan=0).abs().max())


def make(draw: Draw, index: int) -> Case:
    if index % 25 == 24:
        return refused(draw)
    dtype = draw.choice(TYPES)
    is_long = index % 20 == 7
    batch = draw.choice([[], [1], [2], [3], [2, 2]])
    kv_heads = draw.choice([1, 2, 3])
    group = draw.choice([1, 1, 2, 3])
    queries, keys = (draw.choice(LONG if is_long else LENGTHS) for _ in range(2))
    width, out_width = draw.choice([1, 4, 8, 16, 33, 64]), draw.choice([1, 3, 8, 16, 64])
    spread = draw.choice([0.3, 1, 3])
    q = draw.normal([*batch, kv_heads * group, queries, width], spread, dtype)
    k = draw.normal([*batch, kv_heads, keys, width], spread, dtype)
    v = draw.normal([*batch, kv_heads, keys, out_width], 1.0, dtype)
    dout = draw.normal([*q.shape[:-1], out_width], 1.0, dtype)
    mask = draw_mask(draw, [*q.shape[:-1], keys], dtype)
    causal = mask is None and draw.flag(0.4)
    scale = draw.choice([None, None, 0.5, 1.0, 0.05])
    x, y, z = (t.double().requires_grad_() for t in (q, k, v))
    bias = mask.double() if mask is not None and mask.dtype != torch.bool else mask
    out = F.scaled_dot_product_attention(x, y, z, bias, is_causal=causal, scale=scale,
                                         enable_gqa=group > 1)
    out.backward(dout.double())
    inputs = {"q": q, "k": k, "v": v, "dout": dout}
    if mask is not None:
        inputs["mask"] = mask
    expected = {"out": out.detach(), "dq": x.grad, "dk": y.grad, "dv": z.grad}
    return Case({"is_causal": causal, "scale": scale}, inputs, expected,
                scales=scales_of(expected, inputs, scale or width**-0.5, group))


def explain(case: Case, name: str, ours: Tensor, theirs: Tensor | None) -> str | None:
    mask = case.inputs.get("mask")
    if mask is None or theirs is None or not ours.isfinite().all():
        return None
    hidden = ~mask if mask.dtype == torch.bool else mask == -torch.inf
    both = ~theirs.isnan()
    most = 1e-5 if ours.dtype == torch.float32 else 2.0**-8
    scale = max(case.scales.get(name, 0), float(theirs[both].abs().max()) if both.any() else 0)
    agree = ((ours.double() - theirs.double()).abs()[both] <= most * scale).all()
    if hidden.all(-1).any() and agree and theirs.isnan().any():
        return "fully masked rows are zeros"
    return None
