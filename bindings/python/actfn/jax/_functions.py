# SPDX-License-Identifier: Apache-2.0
"""Functions of JAX from the catalogue."""
from __future__ import annotations

import inspect
import operator
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

import actfn
from actfn import Function, _actfn, _function
from actfn._arrays import POSSIBLE
from actfn._function import accepted
from actfn.jax import _primitives
from actfn.jax._kinds import Form

TYPES = ("float16", "bfloat16", "float32", "float64")
SEEDS = 2**64


def number_array(name: str, argument: str, given: Any) -> Any:
    x = jnp.asarray(given)
    if jnp.issubdtype(x.dtype, jnp.integer) or x.dtype == jnp.bool_:
        return x.astype(float)
    if x.dtype.name not in TYPES:
        raise TypeError(f"[{name}] {argument} is {x.dtype}: {POSSIBLE}")
    return x


def text_of(name: str, parameter: str, value: Any) -> str:
    """A parameter's value as actfn.function() reads it."""
    if isinstance(value, jax.core.Tracer):
        raise TypeError(f"[{name}] {parameter} is traced by JAX: it must be a number of Python")
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (str, int, Function)):
        return str(value)
    try:
        return repr(float(value))
    except (TypeError, ValueError):
        raise TypeError(f"[{name}] {parameter} must be a number, got "
                        f"{type(value).__name__}") from None


def spec_of(f: Function, given: dict[str, Any]) -> str:
    """The function with the parameters that a call gives, as text."""
    values = {p.name: p.value for p in f.info.parameters} if f.is_complete else {}
    texts = {name: text_of(f.name, name, value) for name, value in {**values, **given}.items()}
    if not texts:
        return f.spec
    arguments = ",".join(f"{name}={text}" for name, text in texts.items())
    return actfn.function(f"{f.name}({arguments})@{f.accuracy}").spec


def seed_of(name: str, key: Any) -> Any:
    """Two numbers of 32 bits."""
    if isinstance(key, (int, np.integer)):
        if not 0 <= key < SEEDS:
            raise ValueError(f"[{name}] key must be from 0 to 2^64 - 1, got {key}")
        return jnp.asarray(np.array([key % 2**32, key // 2**32], np.uint32))
    return jax.random.bits(key, (2,), jnp.uint32)


def mask_of(name: str, where: Any, x: Any) -> Any:
    mask = jnp.asarray(where)
    if mask.dtype != jnp.bool_:
        raise TypeError(f"[{name}] where must be of bool, got {mask.dtype}")
    try:
        return jnp.broadcast_to(mask, x.shape)
    except ValueError:
        raise ValueError(f"[{name}] where has the shape {mask.shape}, which does not broadcast to "
                         f"x's {x.shape}") from None


def both_of(name: str, x: Any, b: Any, axis: int, packing: str) -> Any:
    """A gate's operands as one array."""
    if packing not in ("halves", "interleaved"):
        raise ValueError(f"[{name}] packing must be 'halves' or 'interleaved', got {packing!r}")
    if b is None:
        return x
    b = number_array(name, "b", b)
    if (b.shape, b.dtype) != (x.shape, x.dtype):
        raise ValueError(f"[{name}] b is {b.dtype}{list(b.shape)}, x is {x.dtype}{list(x.shape)}")
    if packing == "halves":
        return jnp.concatenate([x, b], axis)
    place = axis % x.ndim + 1
    shape = (*x.shape[:place - 1], 2 * x.shape[place - 1], *x.shape[place:])
    return jnp.stack([x, b], place).reshape(shape)


def from_the_end(f: Function, axis: Any, x: Any, has_both: bool) -> int:
    """The axis as a negative number. Errors are the library's."""
    try:
        axis = operator.index(axis)
    except TypeError:
        raise TypeError(f"[{f.name}] axis must be a whole number, got "
                        f"{type(axis).__name__}") from None
    _actfn.shape_of(f, x.shape if has_both else tuple(2 * n for n in x.shape), axis)
    return axis if axis < 0 else axis - max(x.ndim, 1)


def computed(f: Function, x: Any, given: dict[str, Any], parameters: dict[str, Any]) -> Any:
    """`given` has the arguments that are no parameters."""
    complete = actfn.function(spec_of(f, parameters))
    key, where, packing = given.get("key"), given.get("where"), given.get("packing", "halves")
    if "key" in given and key is None:
        complete = complete.evaluated
    x, b = number_array(f.name, "x", x), given.get("b")
    axis = from_the_end(complete, given.get("axis", -1), x, b is None)
    x = both_of(f.name, x, b, axis, packing)
    operands = {} if where is None else {"where": mask_of(f.name, where, x)}
    if key is not None:
        operands["seed"] = seed_of(f.name, key)
    form = Form(complete.spec, axis, packing, tuple(operands))
    y = value(form, x, operands)
    return jnp.expand_dims(y, axis) if given.get("keepdims") else y


def value(form: Form, x: Any, operands: dict[str, Any]) -> Any:
    """jax.vmap puts its axis in front: a row of one number has to have an axis of its own."""
    if x.ndim > 0 or "axis" not in accepted(actfn.function(form.spec), "forward"):
        return _primitives.bind("value", x, *operands.values(), form=form)
    rows = {name: a.reshape(1) if name == "where" else a for name, a in operands.items()}
    return value(form, x.reshape(1), rows).reshape(())


def signature_of(f: Function) -> inspect.Signature:
    """actfn's own, without out and first; the noise comes from a key."""
    parameters = []
    for p in _function.signature_of(f).parameters.values():
        if p.name in ("out", "first"):
            continue
        parameters.append(p.replace(name="key") if p.name == "seed" else p)
    return inspect.Signature(parameters)


def made(f: Function) -> Callable[..., Any]:
    signature = signature_of(f)
    names = {p.name for p in f.info.parameters}

    def function(*args: Any, **kwargs: Any) -> Any:
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            raise TypeError(f"[{f.name}] {error}") from None
        x = given.pop("x")
        parameters = {name: given.pop(name) for name in names & given.keys()}
        return computed(f, x, given, parameters)

    return described(function, f, signature)


def prelu(x: Any, weight: Any) -> Any:
    x, weight = number_array("prelu", "x", x), number_array("prelu", "weight", weight)
    if weight.dtype != x.dtype:
        raise TypeError(f"[prelu] weight is {weight.dtype}, x is {x.dtype}")
    channels = x.shape[1] if x.ndim > 1 else 1
    if weight.ndim > 1 or weight.size not in (1, channels):
        raise ValueError(f"[prelu] weight has the shape {weight.shape}, x has {channels} channels")
    return _primitives.prelu(x, weight)


NOISE = """\

``key`` is a key of jax.random, or a whole number: the seed that actfn's own function takes. With
None the function does what it does in evaluation."""


def described(function: Callable[..., Any], f: Function,
              signature: inspect.Signature | None = None) -> Callable[..., Any]:
    info = f.info
    noise = NOISE if info.kind == "random" else ""
    function.__name__ = function.__qualname__ = f.name
    function.__module__ = "actfn.jax"
    function.__doc__ = f"{info.title}: {info.formula}\n\n{info.use}\n{noise}"
    if signature is not None:
        function.__signature__ = signature  # type: ignore[attr-defined]
    return function


def function(spec: str | Function) -> Callable[..., Any]:
    """The function that a text names, for arrays of JAX.

    Parameters
    ----------
    spec : str or Function
        As ``actfn.function()`` takes it.

    Returns
    -------
    callable
        It takes x and what else the function of that name takes.

    Raises
    ------
    ValueError, TypeError
        As ``actfn.function()``.

    Examples
    --------
    >>> import jax
    >>> import actfn.jax
    >>> f = actfn.jax.function("elu(alpha=0.5)")
    >>> jax.grad(f)(2.0)
    Array(1., dtype=float32)
    """
    f = actfn.function(spec)
    if f.name in FUNCTIONS and not f.info.parameters:
        return FUNCTIONS[f.name]
    if f.info.kind == "learned":
        raise TypeError(f"[{f.name}] its parameters are learned: actfn.jax has prelu alone")
    return made(f)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    f.name: made(f) for f in actfn.catalogue() if f.info.kind != "learned"}
FUNCTIONS["prelu"] = described(prelu, actfn.prelu)
