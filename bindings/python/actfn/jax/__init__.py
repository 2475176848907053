# SPDX-License-Identifier: Apache-2.0
"""The functions of actfn for JAX: jit, grad, vmap and forward mode, by jax.ffi.

>>> import jax
>>> import jax.numpy as jnp
>>> import actfn.jax
>>> x = jnp.array([-1.0, 0.0, 2.0])
>>> actfn.jax.mish(x)
Array([-0.30340147,  0.        ,  1.943959  ], dtype=float32)
>>> jax.vmap(jax.grad(actfn.jax.mish))(x)
Array([0.05921675, 0.6       , 1.0693179 ], dtype=float32)

All of the catalogue's functions are here. They have actfn's own arguments; parameters are numbers
of Python, and random functions take a key of jax.random. Arrays have to be on the CPU.
"""
from __future__ import annotations

from typing import Any

import jax

if tuple(int(part) for part in jax.__version__.split(".")[:2]) < (0, 5):
    raise ImportError(f"actfn.jax needs JAX 0.5 or later, this is {jax.__version__}")

from actfn.jax._functions import FUNCTIONS, function  # noqa: E402

__all__ = ["function", *FUNCTIONS]

globals().update(FUNCTIONS)


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module 'actfn.jax' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
