# SPDX-License-Identifier: Apache-2.0
"""Train the network with JAX: a jitted step, or with --scan a jitted epoch."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from functools import partial
from typing import Any

import common


def parser() -> ArgumentParser:
    """Give the options."""
    made = common.parser(__doc__)
    made.add_argument("--scan", action="store_true", help="one lax.scan over the epoch")
    return made


OPTIONS = common.parse(parser())
os.environ["JAX_PLATFORMS"] = "cpu"
if OPTIONS.threads == 1:
    os.environ["XLA_FLAGS"] = (
        os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false"
    )

import jax  # noqa: E402
import numpy  # noqa: E402
from jax import numpy as jnp  # noqa: E402

ACTIVATIONS: dict[str, Callable[..., Callable[[Any], Any]]] = {
    "sigmoid": lambda: jax.nn.sigmoid,
    "relu": lambda: jax.nn.relu,
    "leaky_relu": lambda negative_slope: partial(jax.nn.leaky_relu, negative_slope=negative_slope),
    "gelu": lambda: partial(jax.nn.gelu, approximate=False),
}
State = dict[str, Any]


def fresh(seed: int) -> State:
    """Give weights, Adam's moments, the step count and the epoch's sums."""
    first, second = jax.random.split(jax.random.key(seed))
    glorot = jax.nn.initializers.glorot_uniform()
    weights = [
        glorot(first, (common.PIXELS, common.HIDDEN)),
        jnp.zeros(common.HIDDEN),
        glorot(second, (common.HIDDEN, common.CLASSES)),
        jnp.zeros(common.CLASSES),
    ]
    moments = [[jnp.zeros_like(weight) for weight in weights] for _ in range(2)]
    state = {"weights": weights, "mean": moments[0], "square": moments[1]}
    return state | {"steps": jnp.zeros((), jnp.int32)} | sums()


def sums() -> State:
    """Give the epoch's sums at its start."""
    return {
        "batch": jnp.zeros((), jnp.int32),
        "loss": jnp.zeros(()),
        "right": jnp.zeros((), jnp.int32),
    }


def forward(activation: Callable[[Any], Any], weights: list[Any], images: Any) -> Any:
    """Give the logits."""
    hidden = activation(images @ weights[0] + weights[1])
    return hidden @ weights[2] + weights[3]


def loss_and_right(weights: list[Any], activation: Any, images: Any, labels: Any) -> Any:
    """Give the mean cross-entropy and the number of right predictions."""
    logits = forward(activation, weights, images)
    chosen = jnp.take_along_axis(logits, labels[:, None], 1)[:, 0]
    loss = jnp.mean(jax.nn.logsumexp(logits, 1) - chosen)
    return loss, jnp.sum(jnp.argmax(logits, 1) == labels)


def update(activation: Any, state: State, images: Any, labels: Any) -> State:
    """Take one step of Adam."""
    gradient = jax.value_and_grad(loss_and_right, has_aux=True)
    (loss, right), slopes = gradient(state["weights"], activation, images, labels)
    steps = state["steps"] + 1
    mean = moment(common.BETA1, state["mean"], slopes)
    square = moment(common.BETA2, state["square"], [slope * slope for slope in slopes])
    mean_scale = 1 / (1 - common.BETA1 ** steps.astype(jnp.float32))
    square_scale = 1 / (1 - common.BETA2 ** steps.astype(jnp.float32))
    weights = [
        weight
        - common.LEARNING_RATE * m * mean_scale / (jnp.sqrt(s * square_scale) + common.EPSILON)
        for weight, m, s in zip(state["weights"], mean, square, strict=True)
    ]
    return {
        "weights": weights,
        "mean": mean,
        "square": square,
        "steps": steps,
        "batch": state["batch"] + 1,
        "loss": state["loss"] + loss,
        "right": state["right"] + right,
    }


def moment(beta: float, old: list[Any], new: list[Any]) -> list[Any]:
    """Give the running means."""
    return [beta * o + (1 - beta) * n for o, n in zip(old, new, strict=True)]


def stepwise(activation: Any) -> Callable[..., State]:
    """Give a function that trains one epoch with a jitted call for each batch."""

    # The data set stays on the device, and the state knows its batch: a call moves nothing.
    @partial(jax.jit, donate_argnums=0)
    def step(state: State, images: Any, labels: Any, order: Any) -> State:
        start = state["batch"] * common.BATCH
        index = jax.lax.dynamic_slice(order, (start,), (common.BATCH,))
        return update(activation, state, images[index], labels[index])

    def epoch(state: State, images: Any, labels: Any, order: Any) -> State:
        for _ in range(len(order) // common.BATCH):
            state = step(state, images, labels, order)
        return state

    return epoch


def scanned(activation: Any) -> Callable[..., State]:
    """Give a function that trains one epoch with one jitted call."""

    @partial(jax.jit, donate_argnums=0)
    def epoch(state: State, images: Any, labels: Any, order: Any) -> State:
        def step(state: State, index: Any) -> tuple[State, None]:
            return update(activation, state, images[index], labels[index]), None

        return jax.lax.scan(step, state, order.reshape(-1, common.BATCH))[0]

    return epoch


def tester(activation: Any, data: common.Dataset) -> Callable[[list[Any]], float]:
    """Give a function from weights to the accuracy on the test images."""
    images, labels = jnp.asarray(data.test_images), jnp.asarray(data.test_labels)
    logits = jax.jit(partial(forward, activation))
    return lambda weights: jnp.mean(jnp.argmax(logits(weights, images), 1) == labels)


def main(options: Namespace) -> None:
    """Train once for each seed."""
    activation = ACTIVATIONS[options.name](**options.parameters)
    data = common.load(options.data)
    images, labels = jnp.asarray(data.train_images), jnp.asarray(data.train_labels)
    train = (scanned if options.scan else stepwise)(activation)
    test = tester(activation, data)
    name = "jax-scan" if options.scan else "jax"
    run = common.Run(name, jax.__version__, options.activation)
    for seed in options.seeds:
        random = numpy.random.default_rng(seed)
        state = fresh(seed)
        for epoch in range(1, options.epochs + 1):
            state |= sums()
            start = time.perf_counter()
            order = jnp.asarray(random.permutation(len(labels)).astype(numpy.int32))
            state = jax.block_until_ready(train(state, images, labels, order))
            seconds = time.perf_counter() - start
            run.report(
                seed,
                epoch,
                train_loss=state["loss"] / (len(labels) // common.BATCH),
                train_accuracy=state["right"] / len(labels),
                test_accuracy=test(state["weights"]),
                seconds=seconds,
            )


if __name__ == "__main__":
    main(OPTIONS)
