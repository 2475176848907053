# SPDX-License-Identifier: Apache-2.0
"""JAX's functions, compiled; one thread. Each result is a new array: XLA has no other way."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import worker

os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax  # noqa: E402
from jax import numpy as jnp  # noqa: E402

OPTIONS = worker.options()
Array = Any
FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "relu": jax.nn.relu,
    "relu6": jax.nn.relu6,
    "hardtanh": jax.nn.hard_tanh,
    "leaky_relu": jax.nn.leaky_relu,
    "elu": jax.nn.elu,
    "celu": jax.nn.celu,
    "selu": jax.nn.selu,
    "gelu": lambda x: jax.nn.gelu(x, approximate=False),
    "gelu(approximate=tanh)": lambda x: jax.nn.gelu(x, approximate=True),
    "silu": jax.nn.silu,
    "mish": jax.nn.mish,
    "softplus": jax.nn.softplus,
    "sigmoid": jax.nn.sigmoid,
    "tanh": jnp.tanh,
    "log_sigmoid": jax.nn.log_sigmoid,
    "hardsigmoid": jax.nn.hard_sigmoid,
    "hardswish": jax.nn.hard_swish,
    "softsign": jax.nn.soft_sign,
    "exp": jnp.exp,
    "arctan": jnp.arctan,
    "sine": jnp.sin,
}


def array(n: int, seed: int) -> Array:
    """Draw numbers."""
    return jnp.asarray(worker.numbers(n, seed)).astype(OPTIONS.dtype)


def make(order: str, spec: str, n: int) -> worker.Call | None:
    """Give the compiled call, or None."""
    if spec not in FUNCTIONS or order == "backward_from_output":
        return None
    function, x, gradient = FUNCTIONS[spec], array(n, 0), array(n, 1)
    if order == "0":
        value = jax.jit(function).lower(x).compile()
        return lambda: value(x).block_until_ready()
    pull = jax.jit(lambda x, g: jax.vjp(function, x)[1](g)[0]).lower(x, gradient).compile()
    return lambda: pull(x, gradient).block_until_ready()


worker.serve(f"JAX {jax.__version__}", make, OPTIONS.n)
