# SPDX-License-Identifier: Apache-2.0
"""Activation specs such as `relu` or `leaky_relu(negative_slope=0.3)`."""

from __future__ import annotations

import re

PARAMETERS = {"sigmoid": (), "relu": (), "leaky_relu": ("negative_slope",), "gelu": ()}
DEFAULT = "sigmoid,relu,leaky_relu(negative_slope=0.3),gelu"


def split(text: str) -> list[str]:
    """Split at the commas outside parentheses."""
    parts = [part.strip() for part in re.split(r",(?![^(]*\))", text)]
    return [part for part in parts if part]


def parse(spec: str) -> tuple[str, dict[str, float]]:
    """Give the name and its parameters, or raise ValueError with a one-line reason."""
    match = re.fullmatch(r"(\w+)(?:\(([^()]*)\))?", spec)
    if not match or match[1] not in PARAMETERS:
        raise ValueError(f"unknown activation '{spec}' (known: {', '.join(PARAMETERS)})")
    pairs = [pair.partition("=") for pair in split(match[2] or "")]
    try:
        values = {key.strip(): float(value) for key, _, value in pairs}
    except ValueError:
        raise ValueError(f"bad parameter in activation '{spec}'") from None
    # Every parameter must be spelt out: the frameworks' defaults differ.
    if set(values) != set(PARAMETERS[match[1]]):
        wanted = ", ".join(PARAMETERS[match[1]]) or "none"
        raise ValueError(f"activation '{spec}' needs exactly these parameters: {wanted}")
    return match[1], values
