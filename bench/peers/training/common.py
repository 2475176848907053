# SPDX-License-Identifier: Apache-2.0
"""What the three peers share: options, pinning, the data set and the output lines."""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import specs

DATA = "/usr/share/datasets/fashion-mnist"
BATCH = 32
HIDDEN = 128
CLASSES = 10
PIXELS = 28 * 28
LEARNING_RATE = 1e-3
BETA1 = 0.9
BETA2 = 0.999
EPSILON = 1e-7


@dataclass(frozen=True)
class Dataset:
    """Images as float32 rows of 784 pixels in 0..1, labels as int32."""

    train_images: Any
    train_labels: Any
    test_images: Any
    test_labels: Any


@dataclass(frozen=True)
class Run:
    """Identifies the lines that one peer prints for one activation."""

    framework: str
    version: str
    activation: str

    def report(self, seed: int, epoch: int, **values: float) -> None:
        """Print one epoch as a JSON line, and the same for people to stderr."""
        row = {"framework": self.framework, "version": self.version}
        row |= {"activation": self.activation, "seed": seed, "epoch": epoch}
        row |= {key: float(value) for key, value in values.items()}
        print(json.dumps(row), flush=True)
        print(
            f"{self.framework} {self.activation} seed {seed} epoch {epoch}:"
            f" loss {row['train_loss']:.4f}, test accuracy {row['test_accuracy']:.4f},"
            f" {row['seconds']:.3f} s",
            file=sys.stderr,
        )


def parser(description: str) -> argparse.ArgumentParser:
    """Give the options that every peer has."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--activation", default="relu", metavar="SPEC")
    made.add_argument("--seeds", default="1", help="comma-separated, such as 1,2,3")
    made.add_argument("--epochs", type=int, default=5)
    made.add_argument("--threads", type=int, default=2)
    made.add_argument("--data", default=DATA, metavar="DIR")
    return made


def parse(made: argparse.ArgumentParser) -> argparse.Namespace:
    """Read the command line and pin the process before a framework starts its threads."""
    options = made.parse_args()
    try:
        options.name, options.parameters = specs.parse(options.activation)
        options.seeds = [int(seed) for seed in options.seeds.split(",")]
    except ValueError as error:
        made.error(str(error))
    pin(options.threads)
    return options


def pin(threads: int) -> list[int]:
    """Keep this process and its children on the first cores that it may use."""
    cores = sorted(os.sched_getaffinity(0))
    if not 1 <= threads <= len(cores):
        raise SystemExit(f"--threads {threads}: this process may use {len(cores)} cores")
    os.sched_setaffinity(0, cores[:threads])
    return cores[:threads]


def load(folder: str) -> Dataset:
    """Read the four IDX files of Fashion-MNIST."""
    path = Path(folder)
    data = Dataset(
        images(path / "train-images-idx3-ubyte.gz"),
        labels(path / "train-labels-idx1-ubyte.gz"),
        images(path / "t10k-images-idx3-ubyte.gz"),
        labels(path / "t10k-labels-idx1-ubyte.gz"),
    )
    if len(data.train_images) % BATCH:
        raise SystemExit(f"{folder}: the training images do not fill batches of {BATCH}")
    return data


def images(path: Path) -> Any:
    """Read an IDX file of images as rows of pixels between 0 and 1."""
    return idx(path, 16).reshape(-1, PIXELS).astype("float32") / 255


def labels(path: Path) -> Any:
    """Read an IDX file of labels."""
    return idx(path, 8).astype("int32")


def idx(path: Path, header: int) -> Any:
    """Read the bytes after the header of a gzip-compressed IDX file."""
    # Imported here so that the driver can use this module without NumPy.
    import numpy

    try:
        with gzip.open(path) as file:
            return numpy.frombuffer(file.read(), numpy.uint8, offset=header)
    except OSError as error:
        raise SystemExit(f"{path}: {error.strerror or error}") from None
