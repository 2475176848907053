# SPDX-License-Identifier: Apache-2.0
"""The functions of actfn as activations of Keras, by the back end that Keras runs on.

>>> import keras
>>> import actfn.keras
>>> layer = keras.layers.Dense(4, activation=actfn.keras.mish)
>>> other = keras.layers.Activation(actfn.keras.function("elu(alpha=0.5)"))

Functions that keep the shape of x and have no noise are here: elementwise ones and those of rows.
Models that have them can be saved and loaded. Back ends are torch, jax, tensorflow and numpy; with
tensorflow a model has to be compiled with ``jit_compile=False``.
"""
from __future__ import annotations

from typing import Any

import keras

import actfn
from actfn import Function
from actfn._function import accepted, kind_of

KINDS = ("elementwise", "row")


def by_torch(f: Function, x: Any, axis: int) -> Any:
    from actfn.torch import _eager

    return _eager.forward(x, f.spec, axis, None)


def by_jax(f: Function, x: Any, axis: int) -> Any:
    from actfn.jax import _functions

    return _functions.computed(f, x, {"axis": axis} if kind_of(f.name) == "row" else {}, {})


def by_numpy(f: Function, x: Any, axis: int) -> Any:
    return f(x, **options_of(f, "forward", axis))


def options_of(f: Function, operation: str, axis: int) -> dict[str, int]:
    return {"axis": axis} if "axis" in accepted(f, operation) else {}


def by_tensorflow(f: Function, x: Any, axis: int) -> Any:
    """Through NumPy, with gradients of both orders."""
    import tensorflow as tf

    def run(operation: Any, name: str, count: int, *given: Any) -> Any:
        def compute(*arrays: Any) -> Any:
            return operation(*arrays, **options_of(f, name, axis))

        results = tf.numpy_function(compute, given, [given[0].dtype] * count, stateful=False)
        for result in results:
            result.set_shape(given[-1].shape)
        return results

    @tf.custom_gradient
    def backward(grad: Any, x: Any) -> Any:
        def gradient(v: Any) -> Any:
            return run(f.double_backward, "double_backward", 2, v, grad, x)

        return run(f.backward, "backward", 1, grad, x)[0], gradient

    @tf.custom_gradient
    def forward(x: Any) -> Any:
        def gradient(grad: Any) -> Any:
            return backward(grad, x)

        return run(f, "forward", 1, x)[0], gradient

    return forward(tf.convert_to_tensor(x))


BACK_ENDS = {"torch": by_torch, "jax": by_jax, "numpy": by_numpy, "tensorflow": by_tensorflow}


@keras.saving.register_keras_serializable(package="actfn")
class Activation:
    """A function as Keras' ``activation=`` takes it.

    Parameters
    ----------
    spec : str or Function
        The function, as ``actfn.function()`` takes it.
    axis : int
        Of functions of rows.

    Raises
    ------
    ValueError
        An unknown function, or a parameter out of range.
    TypeError
        A function that changes the shape, has noise, or learns its parameters.
    """

    def __init__(self, spec: str | Function, axis: int = -1) -> None:
        self.function = actfn.function(spec)
        self.axis = axis
        if kind_of(self.function.name) not in KINDS:
            raise TypeError(f"[{self.function.name}] Keras' activations keep the shape and have no "
                            "noise: elementwise functions and those of rows do")

    @property
    def __name__(self) -> str:
        return self.function.name

    def __call__(self, x: Any) -> Any:
        if isinstance(x, keras.KerasTensor):
            return keras.layers.Activation(self)(x)
        name = keras.backend.backend()
        if name not in BACK_ENDS:
            raise NotImplementedError(f"[actfn.keras] Keras runs on {name}: possible are "
                                      f"{', '.join(BACK_ENDS)}")
        return BACK_ENDS[name](self.function, x, self.axis)

    def __repr__(self) -> str:
        return f"actfn.keras.function({self.function.spec!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Activation) and self.get_config() == other.get_config()

    def __hash__(self) -> int:
        return hash((self.function, self.axis))

    def get_config(self) -> dict[str, Any]:
        return {"spec": self.function.spec, "axis": self.axis}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Activation:
        return cls(**config)


function = Activation

FUNCTIONS = {f.name: Activation(f) for f in actfn.catalogue()
             if kind_of(f.name) in KINDS and f.is_complete}

__all__ = ["Activation", "function", *FUNCTIONS]

globals().update(FUNCTIONS)


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module 'actfn.keras' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
