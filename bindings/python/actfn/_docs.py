# SPDX-License-Identifier: Apache-2.0
"""Docstrings of the functions, in NumPy's form, from the catalogue."""
from __future__ import annotations

import inspect
import textwrap
from typing import Any

import numpy as np

from actfn import _function
from actfn._function import FunctionInfo, ParameterInfo

WIDTH = 88

ARGUMENTS = {
    "x": ("array_like", "Numbers. float64, float32, float16 and bfloat16 keep their type; "
                        "integers and bools become float64."),
    "weight": ("array_like", "The slope, or a slope for each channel; channels are along axis 1. "
                             "It has x's type."),
    "axis": ("int", "The axis along which it is computed; -1 is the last one."),
    "b": ("array_like, optional", "The second operand. x is the first one then; without it, x has "
                                  "both along the axis."),
    "packing": ("{'halves', 'interleaved'}", "How x has the operands: a0 a1 ... b0 b1 ..., or "
                                             "a0 b0 a1 b1 ..."),
    "seed": ("int", "Where the noise comes from: the same seed gives the same noise."),
    "first": ("int", "The position of the first element in the noise of the seed."),
    "keepdims": ("bool", "Whether the axis stays, with the length 1."),
    "where": ("array_like of bool, optional", "The entries that take part. It broadcasts to x's "
                                              "shape."),
    "out": ("array, optional", "Where the result is written: of the result's type and shape. It "
                               "may be x where shapes agree; otherwise it must not overlap x."),
}


def wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(" ".join(text.split()), WIDTH, initial_indent=indent,
                         subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def section(title: str, body: str) -> str:
    return f"{title}\n{'-' * len(title)}\n{body}"


def kind_of(p: ParameterInfo) -> str:
    if p.type == "choice":
        return "{" + ", ".join(repr(word) for word in p.choices) + "}"
    return {"number": "float", "whole": "int", "switch": "bool",
            "function": "str or Function"}[p.type]


def about_parameter(p: ParameterInfo) -> str:
    plain = p.type in ("choice", "switch")
    words = [] if plain else [p.condition[:1].upper() + p.condition[1:] + "."]
    if p.required:
        words.append(f"It has no default; an example is {p.value!r}.")
    elif p.type != "function":
        words.append(f"The default is {p.value!r}.")
    return " ".join(words)


def parameters_of(f: Any, info: FunctionInfo) -> str:
    parameters = {p.name: p for p in info.parameters}
    lines = []
    for name in _function.signature_of(f).parameters:
        p = parameters.get(name)
        kind, text = (kind_of(p), about_parameter(p)) if p else ARGUMENTS[name]
        lines += [f"{name} : {kind}", wrapped(text, "    ")]
    return "\n".join(lines)


def errors_of(info: FunctionInfo) -> str:
    reasons = "An ``out`` of another shape, or one that overlaps x"
    if info.parameters and info.name != "prelu":
        reasons = "A parameter out of range; an ``out`` of another shape, or one that overlaps x"
    if info.kind in ("row", "gate", "grouped"):
        reasons += "; an axis out of range"
    return (f"ValueError\n{wrapped(reasons + '.', '    ')}\nTypeError\n"
            f"{wrapped('Arrays of other types; an argument that is unknown or missing.', '    ')}")


def notes_of(info: FunctionInfo) -> str:
    gate = info.kind == "gate"
    texts = [f"Formula: ``{info.formula}``", f"Derivative: ``{info.derivative}``",
             f"Source: {info.source}."]
    if gate:
        texts.insert(0, "a and b are the operands.")
    if info.note:
        texts.append(info.note)
    if info.aliases:
        names = ", ".join(dict.fromkeys(alias for alias, _ in info.aliases))
        texts.append(f"``actfn.function()`` reads it by these names too: {names}.")
    return "\n\n".join(wrapped(text) for text in texts)


def example_of(f: Any, info: FunctionInfo) -> str:
    """A call as text."""
    x = {"elementwise": "[-2.0, -0.5, 0.0, 0.5, 2.0]", "random": "[-2.0, -0.5, 0.5, 2.0]",
         "learned": "[-2.0, 0.5]", "row": "[[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]",
         "gate": "[1.0, -2.0, 0.5, 3.0]", "grouped": "[[1.0, -2.0, 0.5, 3.0]]"}[info.kind]
    given = [x]
    for name, argument in _function.signature_of(f).parameters.items():
        if argument.default is not inspect.Parameter.empty or name == "x":
            continue
        value = {"weight": "[0.25]", "seed": "7"}.get(name)
        if value is None:
            value = repr(next(p.value for p in info.parameters if p.name == name))
        by_place = argument.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        given.append(value if by_place else f"{name}={value}")
    return f"actfn.{info.name}({', '.join(given)})"


def examples_of(f: Any, info: FunctionInfo) -> str:
    import actfn

    call = example_of(f, info)
    with np.printoptions(linewidth=WIDTH, precision=8, threshold=100):
        result = repr(eval(call, {"actfn": actfn}))  # noqa: S307: a text of our own
    return f">>> import actfn\n>>> {call}\n{result}"


def signature_text(f: Any) -> str:
    return f"{f.name}{_function.signature_of(f)}"


def docstring_of(f: Any) -> str:
    info = _function.info_of(f)
    plain = _function.FUNCTIONS[info.name]
    parts = [
        signature_text(f),
        f"{info.title}: {info.formula}",
        wrapped(info.use),
        section("Parameters", parameters_of(f, info)),
        section("Returns", "array\n" + wrapped(f"Of x's library and type; {info.shapes}.", "    ")),
        section("Raises", errors_of(info)),
        section("Notes", notes_of(info)),
        section("Examples", examples_of(plain, info)),
    ]
    return "\n\n".join(parts) + "\n"
