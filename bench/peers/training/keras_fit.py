# SPDX-License-Identifier: Apache-2.0
"""Train the network with Keras' model.fit on TensorFlow, as its text-books do."""

from __future__ import annotations

import os
import random
import time
from argparse import Namespace
from typing import Any

import common

OPTIONS = common.parse(common.parser(__doc__))
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras  # noqa: E402
import tensorflow  # noqa: E402

ACTIVATIONS = {
    "sigmoid": lambda: "sigmoid",
    "relu": lambda: "relu",
    "leaky_relu": lambda negative_slope: keras.layers.LeakyReLU(negative_slope=negative_slope),
    "gelu": lambda: lambda values: keras.activations.gelu(values, approximate=False),
}


class Report(keras.callbacks.Callback):
    """Times each epoch of training and tests the network after it."""

    def __init__(self, run: common.Run, seed: int, data: common.Dataset) -> None:
        super().__init__()
        self.run = run
        self.seed = seed
        self.images = data.test_images.reshape(-1, 28, 28)
        self.labels = data.test_labels
        self.start = 0.0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Start the clock."""
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Stop the clock, then test."""
        seconds = time.perf_counter() - self.start
        _, accuracy = self.model.evaluate(self.images, self.labels, batch_size=1000, verbose=0)
        self.run.report(
            self.seed,
            epoch + 1,
            train_loss=logs["loss"],
            train_accuracy=logs["accuracy"],
            test_accuracy=accuracy,
            seconds=seconds,
        )


def network(options: Namespace, seed: int) -> keras.Model:
    """Build and compile the network; Glorot uniform and zero biases are the defaults."""
    # Keras draws the initialisers' seeds from here. keras.utils.set_random_seed would also
    # seed TensorFlow, and then fit shuffles every epoch into the same order.
    random.seed(seed)
    activation = ACTIVATIONS[options.name](**options.parameters)
    model = keras.Sequential(
        [
            keras.layers.Input((28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(common.HIDDEN, activation=activation),
            keras.layers.Dense(common.CLASSES, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main(options: Namespace) -> None:
    """Train once for each seed."""
    tensorflow.config.threading.set_intra_op_parallelism_threads(options.threads)
    tensorflow.config.threading.set_inter_op_parallelism_threads(options.threads)
    data = common.load(options.data)
    version = f"{keras.__version__} on TensorFlow {tensorflow.__version__}"
    run = common.Run("keras", version, options.activation)
    images = data.train_images.reshape(-1, 28, 28)
    for seed in options.seeds:
        report = Report(run, seed, data)
        # The progress bar is off: standard output carries the results.
        network(options, seed).fit(
            images, data.train_labels, epochs=options.epochs, verbose=0, callbacks=[report]
        )


if __name__ == "__main__":
    main(OPTIONS)
