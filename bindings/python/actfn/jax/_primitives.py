# SPDX-License-Identifier: Apache-2.0
"""The value of a function and the products of derivatives as primitives of JAX.

Each product is linear in what stands before x, and what one becomes when it is differentiated or
transposed is another one: so derivatives of the first and of the second order, forward, in reverse
and mixed, are the library's own.
"""
from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jax.extend.core import Primitive
from jax.interpreters import ad, batching, mlir, xla

from actfn.jax import _kinds
from actfn.jax._kinds import Form

# How many arguments stand before x.
LINEAR = {"value": 0, "pull": 1, "push": 1, "bend": 2, "twist": 2}
# The derivative with respect to x has its direction as the first argument of another one.
NEXT = {"value": "push", "pull": "bend", "push": "twist"}

Arguments = Sequence[Any]
OPS = {name: Primitive(f"actfn_{name}") for name in LINEAR}


def bind(name: str, *given: Any, form: Form) -> Any:
    return OPS[name].bind(*given, form=form)


def run(name: str, *given: Any, form: Form) -> Any:
    """What XLA gets."""
    count = LINEAR[name]
    at = dict(zip(("x", *form.rest), given[count:]))
    return getattr(_kinds.kind(form), name)(form, *given[:count], at)


def abstract(name: str, *given: Any, form: Form) -> Any:
    x = given[LINEAR[name]]
    shape = x.shape
    if name not in ("pull", "bend"):
        shape = _kinds.result_shape(form, x.shape)
    if shape == x.shape:
        return x.update(weak_type=False)
    return jax.core.ShapedArray(shape, x.dtype)


def refused(name: str, context: Any, *given: Any, form: Form) -> Any:
    raise NotImplementedError(f"[{form.name}] actfn computes on the CPU")


# jax.vmap.

def batched(name: str, given: Arguments, dims: Arguments, *, form: Form) -> tuple[Any, int]:
    size = next(a.shape[d] for a, d in zip(given, dims) if d is not None)
    moved = [a if d is None else jnp.moveaxis(a, d, 0) for a, d in zip(given, dims)]
    if "seed" in form.rest:
        return one_by_one(name, moved, dims, form), 0
    whole = [jnp.broadcast_to(a, (size, *a.shape)) if d is None else a
             for a, d in zip(moved, dims)]
    return bind(name, *whole, form=form), 0


def one_by_one(name: str, given: Arguments, dims: Arguments, form: Form) -> Any:
    """Noise depends on the seed and on the place in an array: each has its own."""
    def one(parts: Arguments) -> Any:
        part = iter(parts)
        return bind(name, *(a if d is None else next(part) for a, d in zip(given, dims)),
                    form=form)

    return jax.lax.map(one, [a for a, d in zip(given, dims) if d is not None])


# Derivatives.

def is_zero(tangent: Any) -> bool:
    return isinstance(tangent, ad.Zero)


def along_x(name: str, t: Any, given: Arguments, y: Any, form: Form) -> Any:
    """The derivative as x moves along t. What goes with x is a function of x, or does not move."""
    if name not in NEXT:
        raise NotImplementedError(f"[{form.name}] there are derivatives of the first and of the "
                                  "second order only")
    if name == "value" and _kinds.kind(form).needs_y:
        given = [*given, y]
        form = dataclasses.replace(form, rest=(*form.rest, "y"))
    return bind(NEXT[name], t, *given, form=form)


def jvp(name: str, given: Arguments, tangents: Arguments, *, form: Form) -> tuple[Any, Any]:
    count = LINEAR[name]
    y = bind(name, *given, form=form)
    terms = [bind(name, *given[:i], tangents[i], *given[i + 1:], form=form)
             for i in range(count) if not is_zero(tangents[i])]
    if not is_zero(tangents[count]):
        terms.append(along_x(name, tangents[count], given, y, form))
    if not terms:
        return y, ad.Zero.from_primal_value(y)
    return y, functools.reduce(jnp.add, terms)


def transposed(name: str, c: Any, *given: Any, form: Form) -> list[Any]:
    """The gradient with respect to the one argument that is not known."""
    place = next(i for i, a in enumerate(given) if ad.is_undefined_primal(a))
    results: list[Any] = [None] * len(given)
    if is_zero(c):
        results[place] = ad.Zero(given[place].aval)
        return results
    linear, at = given[:LINEAR[name]], given[LINEAR[name]:]
    other = [a for i, a in enumerate(linear) if i != place]
    results[place] = bind(*TRANSPOSED[name, place](c, *other), *at, form=form)
    return results


# By the place of the argument: the primitive, and its arguments before x.
TRANSPOSED: dict[tuple[str, int], Callable[..., tuple[Any, ...]]] = {
    ("pull", 0): lambda c: ("push", c),
    ("push", 0): lambda c: ("pull", c),
    ("bend", 0): lambda c, g: ("bend", c, g),
    ("bend", 1): lambda c, t: ("twist", c, t),
    ("twist", 0): lambda c, s: ("bend", s, c),
    ("twist", 1): lambda c, t: ("bend", t, c),
}

for _name, _op in OPS.items():
    _run = functools.partial(run, _name)
    _op.def_impl(functools.partial(xla.apply_primitive, _op))
    _op.def_abstract_eval(functools.partial(abstract, _name))
    mlir.register_lowering(_op, functools.partial(refused, _name))
    mlir.register_lowering(_op, mlir.lower_fun(_run, multiple_results=False), platform="cpu")
    batching.primitive_batchers[_op] = functools.partial(batched, _name)
    ad.primitive_jvps[_op] = functools.partial(jvp, _name)
    if LINEAR[_name] > 0:
        ad.primitive_transposes[_op] = functools.partial(transposed, _name)


# prelu, whose weight is learned: its derivatives are JAX's.

PRELU = Form("prelu", -1)


@jax.custom_jvp
def prelu(x: Any, weight: Any) -> Any:
    ffi = jax.ffi.ffi_call(_kinds.TARGET, _kinds.like(x), vmap_method="sequential")
    return _kinds.call_by(ffi, "forward", PRELU, {"x": x, "weight": weight})


@prelu.defjvp
def prelu_jvp(given: Arguments, tangents: Arguments) -> tuple[Any, Any]:
    (x, weight), (t, t_weight) = given, tangents
    shape = [weight.size if axis == 1 else 1 for axis in range(x.ndim)]
    slope, t_slope = weight.reshape(shape), t_weight.reshape(shape)
    return prelu(x, weight), jnp.where(x > 0, t, slope * t + t_slope * x)
