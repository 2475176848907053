# SPDX-License-Identifier: Apache-2.0
"""What XLA computes of a function, by its kind: the value and four products of derivatives.

At a point x, J is the matrix of the derivatives of f, g is an array like f(x), t and s are like x:

    value(x)        f(x)
    pull(g, x)      J^T g, which is reverse mode
    push(t, x)      J t, which is forward mode
    bend(t, g, x)   how pull(g, x) changes as x moves along t
    twist(t, s, x)  how push(t, x) changes as x moves along s

``at`` has x and what goes with it by the names of arguments, in order.
"""
from __future__ import annotations

import dataclasses
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

import actfn
from actfn import _actfn
from actfn._function import kind_of

TARGET = "actfn"
jax.ffi.register_ffi_target(TARGET, _actfn.xla_function(), platform="cpu")

At = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Form:
    """What is known of a call before there are numbers."""

    spec: str
    axis: int  # from the last one: negative
    packing: str = "halves"
    rest: tuple[str, ...] = ()  # what goes with x: where, seed, y

    @property
    def name(self) -> str:
        return actfn.function(self.spec).name


def like(x: Any) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(x.shape, x.dtype)


def call(operation: str, form: Form, given: At, results: Any) -> Any:
    """The library's operation on arrays."""
    return call_by(jax.ffi.ffi_call(TARGET, results), operation, form, given)


def call_by(ffi: Any, operation: str, form: Form, given: At) -> Any:
    return ffi(*given.values(), operation=operation, spec=form.spec, axis=np.int64(form.axis),
               packing=form.packing, operands=",".join(given))


def result_shape(form: Form, x: tuple[int, ...]) -> tuple[int, ...]:
    shape = _actfn.shape_of(actfn.function(form.spec), x, form.axis)
    if kind_of(form.name) != "reduction":
        return shape
    at = len(shape) + form.axis
    return shape[:at] + shape[at + 1:]


def result(form: Form, x: Any) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(result_shape(form, x.shape), x.dtype)


class Elementwise:
    """J is a diagonal. Random functions are so, too, with their seed."""

    needs_y = False  # whether derivatives are computed from the value

    def value(self, form: Form, at: At) -> Any:
        return call("forward", form, at, result(form, at["x"]))

    def pull(self, form: Form, g: Any, at: At) -> Any:
        return call("backward", form, {"grad": g, **at}, like(at["x"]))

    def both(self, form: Form, t: Any, g: Any, at: At) -> Any:
        """push(t, x) and bend(t, g, x)."""
        return call("double_backward", form, {"v": t, "grad": g, **at}, [like(g), like(t)])

    def push(self, form: Form, t: Any, at: At) -> Any:
        return self.pull(form, t, at)

    def bend(self, form: Form, t: Any, g: Any, at: At) -> Any:
        return self.both(form, t, g, at)[1]

    def twist(self, form: Form, t: Any, s: Any, at: At) -> Any:
        return self.bend(form, t, s, at)


class Row(Elementwise):
    """Derivatives come from y alone."""

    needs_y = True

    def pull(self, form: Form, g: Any, at: At) -> Any:
        return call("backward", form, {"grad": g, "y": at["y"]}, like(at["y"]))

    def both(self, form: Form, t: Any, g: Any, at: At) -> Any:
        return super().both(form, t, g, {"y": at["y"]})

    def push(self, form: Form, t: Any, at: At) -> Any:
        return self.both(form, t, t, at)[0]

    def twist(self, form: Form, t: Any, s: Any, at: At) -> Any:
        """An entry of y after the other: it takes as many passes."""
        axis = t.ndim + form.axis
        places = jnp.arange(t.shape[axis])

        def entry(i: Any) -> Any:
            here = jnp.expand_dims(places == i, tuple(range(1, t.ndim - axis)))
            one = jnp.broadcast_to(here, t.shape).astype(t.dtype)
            return (self.bend(form, t, one, at) * s).sum(axis)

        return jnp.moveaxis(jax.lax.map(entry, places), 0, axis)


class Gate(Elementwise):
    """Each number of y has a pair of x."""

    def push(self, form: Form, t: Any, at: At) -> Any:
        y = result(form, at["x"])
        return self.both(form, t, jnp.zeros(y.shape, y.dtype), at)[0]

    def twist(self, form: Form, t: Any, s: Any, at: At) -> Any:
        y = result(form, at["x"])
        products = self.bend(form, t, jnp.ones(y.shape, y.dtype), at) * s
        axis = t.ndim + form.axis
        pair = (2, y.shape[axis]) if form.packing == "halves" else (y.shape[axis], 2)
        shape = t.shape[:axis] + pair + t.shape[axis + 1:]
        return products.reshape(shape).sum(axis + pair.index(2))


SOFTMAX = Row()


def softmax_form(form: Form) -> Form:
    return Form("softmax", form.axis)


class Reduction(Elementwise):
    """logsumexp and logmeanexp: J has the softmax of each row."""

    def share(self, form: Form, at: At) -> At:
        return {"y": SOFTMAX.value(softmax_form(form), at)}

    def push(self, form: Form, t: Any, at: At) -> Any:
        return (self.share(form, at)["y"] * t).sum(form.axis)

    def bend(self, form: Form, t: Any, g: Any, at: At) -> Any:
        share = self.share(form, at)
        return SOFTMAX.pull(softmax_form(form), t * jnp.expand_dims(g, form.axis), share)

    def twist(self, form: Form, t: Any, s: Any, at: At) -> Any:
        return (SOFTMAX.pull(softmax_form(form), t, self.share(form, at)) * s).sum(form.axis)


class Flat(Elementwise):
    """J does not change but where f bends."""

    def bend(self, form: Form, t: Any, g: Any, at: At) -> Any:
        return jnp.zeros_like(t)

    def twist(self, form: Form, t: Any, s: Any, at: At) -> Any:
        y = result(form, at["x"])
        return jnp.zeros(y.shape, y.dtype)


class Crelu(Flat):
    def push(self, form: Form, t: Any, at: At) -> Any:
        relu, x = Form("relu", -1), at["x"]
        halves = [super().push(relu, t, {"x": x}), -super().push(relu, t, {"x": -x})]
        return jnp.concatenate(halves, form.axis)


class Maxout(Flat):
    def push(self, form: Form, t: Any, at: At) -> Any:
        y = result(form, at["x"])
        chosen = t * self.pull(form, jnp.ones(y.shape, y.dtype), at)
        axis = t.ndim + form.axis
        count = y.shape[axis]
        group = t.shape[axis] // max(count, 1)
        return chosen.reshape(*t.shape[:axis], count, group, *t.shape[axis + 1:]).sum(axis + 1)


class Gumbel(Elementwise):
    """Softmax's at (x + noise) / tau, for hard samples too."""

    def soft(self, form: Form, at: At) -> tuple[float, At]:
        parameters = actfn.function(form.spec).info.parameters
        tau = next(float(p.value) for p in parameters if p.name == "tau")
        plain = dataclasses.replace(form, spec=f"gumbel_softmax(tau={tau!r})")
        return tau, {"y": self.value(plain, at)}

    def push(self, form: Form, t: Any, at: At) -> Any:
        tau, y = self.soft(form, at)
        return SOFTMAX.pull(softmax_form(form), t, y) / tau

    def bend(self, form: Form, t: Any, g: Any, at: At) -> Any:
        tau, y = self.soft(form, at)
        return SOFTMAX.bend(softmax_form(form), t, g, y) / tau**2

    def twist(self, form: Form, t: Any, s: Any, at: At) -> Any:
        tau, y = self.soft(form, at)
        return SOFTMAX.twist(softmax_form(form), t, s, y) / tau**2


OF_KIND = {"elementwise": Elementwise(), "random": Elementwise(), "row": SOFTMAX, "gate": Gate(),
           "reduction": Reduction()}
OF_NAME = {"crelu": Crelu(), "maxout": Maxout(), "gumbel_softmax": Gumbel()}


def kind(form: Form) -> Elementwise:
    return OF_NAME.get(form.name) or OF_KIND[kind_of(form.name)]
