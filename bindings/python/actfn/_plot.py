# SPDX-License-Identifier: Apache-2.0
"""A small picture of a function for notebooks: SVG without any other package."""
from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

import numpy as np

from actfn import _actfn, _function

WIDTH, HEIGHT, EDGE = 320, 200, 14
X = 5.0  # curves are from -X to X
Y = 5.0  # and at most so high
SAMPLES = 201
ROW = (-1.0, 0.0, 1.0, 2.0, 0.5)
INK, SLOPE, FRAME = "#1f5fa8", "#b35309", "#8a8f98"


class Scale:
    """From numbers to pixels."""

    def __init__(self, low: float, high: float) -> None:
        middle, half = (low + high) / 2, max(high - low, 1e-3) / 2 * 1.05
        self.low, self.high = middle - half, middle + half

    def x(self, value: float) -> float:
        return EDGE + (value + X) / (2 * X) * (WIDTH - 2 * EDGE)

    def y(self, value: float) -> float:
        return EDGE + (self.high - value) / (self.high - self.low) * (HEIGHT - 2 * EDGE)


def pieces(x: Any, y: Any, scale: Scale) -> Iterable[str]:
    """Lines through the points that are inside; a point outside ends a line."""
    points: list[str] = []
    for a, b in zip(x, y):
        if np.isfinite(b) and scale.low <= b <= scale.high:
            points.append(f"{scale.x(a):.1f},{scale.y(b):.1f}")
        elif points:
            yield " ".join(points)
            points = []
    if points:
        yield " ".join(points)


def lines(x: Any, y: Any, scale: Scale, style: str) -> str:
    return "".join(f'<polyline fill="none" stroke-width="2" {style} points="{one}"/>'
                   for one in pieces(x, y, scale))


def axes(scale: Scale) -> str:
    parts = []
    if scale.low <= 0 <= scale.high:
        parts.append(f"M{EDGE} {scale.y(0):.1f}H{WIDTH - EDGE}")
    parts.append(f"M{scale.x(0):.1f} {EDGE}V{HEIGHT - EDGE}")
    return f'<path stroke="{FRAME}" stroke-width="1" d="{"".join(parts)}"/>'


def svg(title: str, body: str) -> str:
    text = html.escape(title)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
            f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{text}">'
            f"<title>{text}</title>{body}</svg>")


def curve(f: Any) -> str:
    x = np.linspace(-X, X, SAMPLES)
    y, slope = f(x), f.derivative(x)
    both = np.concatenate([y, slope])
    inside = both[np.isfinite(both) & (np.abs(both) <= Y)]
    low, high = (inside.min(), inside.max()) if inside.size else (-1.0, 1.0)
    scale = Scale(min(0.0, float(low)), max(0.0, float(high)))
    body = (axes(scale) + lines(x, slope, scale, f'stroke="{SLOPE}" stroke-dasharray="5 4"')
            + lines(x, y, scale, f'stroke="{INK}"'))
    return svg(f"{f.spec} from {-X:g} to {X:g}, and its derivative, dashed", body)


def bars(f: Any) -> str:
    x = np.array(ROW)
    y = np.atleast_1d(f(x))
    both = np.where(np.isfinite(np.concatenate([x, y])), np.concatenate([x, y]), 0.0)
    scale = Scale(min(0.0, float(both.min())), float(both.max()))
    step = (WIDTH - 2 * EDGE) / max(len(x), len(y))
    body = ""
    for values, color, shift in ((x, FRAME, 0.1), (y, INK, 0.5)):
        for i, value in enumerate(values):
            top, bottom = sorted((scale.y(float(value)), scale.y(0.0)))
            body += (f'<rect x="{EDGE + (i + shift) * step:.1f}" y="{top:.1f}" '
                     f'width="{0.38 * step:.1f}" height="{bottom - top:.1f}" fill="{color}"/>')
    return svg(f"A row of numbers, and what {f.spec} makes of it", body)


def picture_of(f: Any) -> str:
    """Empty where there is nothing that one picture could show."""
    if not f.is_complete:
        return ""
    shown = _actfn.curve_of(f)
    if shown is not None:
        return curve(shown)
    kind = f.info.kind
    return bars(f.evaluated) if kind == "row" or f.name == "gumbel_softmax" else ""


def html_of(f: Any) -> str:
    info = _function.info_of(f)
    return (f'<div><code>{html.escape(f.spec)}</code> {html.escape(info.title)}<br>'
            f"{picture_of(f)}<br><code>{html.escape(info.formula)}</code></div>")
