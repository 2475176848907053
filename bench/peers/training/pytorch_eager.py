# SPDX-License-Identifier: Apache-2.0
"""Train the network with eager PyTorch, the data in memory as one tensor."""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

import common

ADAMS = {"fused": {"fused": True}, "foreach": {"foreach": True}, "loop": {"foreach": False}}


def parser() -> ArgumentParser:
    """Give the options."""
    made = common.parser(__doc__)
    made.add_argument("--adam", choices=ADAMS, default="fused")
    made.add_argument(
        "--torch-threads", type=int, default=0, help="threads of PyTorch; 0: as --threads"
    )
    made.add_argument("--compile", action="store_true", help="torch.compile() of a step's passes")
    made.add_argument(
        "--measure", action="store_true", help="time the variants of Adam and of the threads"
    )
    return made


OPTIONS = common.parse(parser())
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import torch  # noqa: E402
from torch.nn import functional  # noqa: E402

ACTIVATIONS: dict[str, Callable[..., torch.nn.Module]] = {
    "sigmoid": torch.nn.Sigmoid,
    "relu": torch.nn.ReLU,
    "leaky_relu": torch.nn.LeakyReLU,
    "gelu": lambda: torch.nn.GELU(approximate="none"),
}


class Trainer:
    """One network with its optimiser and the data set."""

    def __init__(self, data: common.Dataset, options: Namespace, seed: int, adam: str) -> None:
        torch.manual_seed(seed)
        self.images = torch.from_numpy(data.train_images)
        self.labels = torch.from_numpy(data.train_labels).long()
        self.test_images = torch.from_numpy(data.test_images)
        self.test_labels = torch.from_numpy(data.test_labels)
        self.model = network(ACTIVATIONS[options.name](**options.parameters))
        # Forward and loss as one function, which torch.compile() also makes the backward pass of.
        self.evaluate = torch.compile(evaluate) if options.compile else evaluate
        self.optimizer = torch.optim.Adam(
            self.model.parameters(),
            lr=common.LEARNING_RATE,
            betas=(common.BETA1, common.BETA2),
            eps=common.EPSILON,
            **ADAMS[adam],
        )

    def batches(self, batches: tuple[torch.Tensor, ...]) -> tuple[float, float]:
        """Train on the batches of indices; give mean loss and accuracy."""
        losses, hits = [], []
        for index in batches:
            labels = self.labels.index_select(0, index)
            images = self.images.index_select(0, index)
            loss, logits = self.evaluate(self.model, images, labels)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
            losses.append(loss.detach())
            hits.append(logits.detach())
        # Summed up once at the end: an operation in each step would cost time.
        right = torch.cat(hits).argmax(1) == self.labels[torch.cat(batches)]
        return torch.stack(losses).mean().item(), right.float().mean().item()

    def epoch(self) -> tuple[float, float]:
        """Train on every image once, in a new order."""
        return self.batches(torch.randperm(len(self.labels)).split(common.BATCH))

    @torch.no_grad()
    def test(self) -> float:
        """Give the accuracy on the test images."""
        predicted = self.model(self.test_images).argmax(1)
        return (predicted == self.test_labels).float().mean().item()


def evaluate(
    model: torch.nn.Module, images: torch.Tensor, labels: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Give the loss and the logits."""
    logits = model(images)
    return functional.cross_entropy(logits, labels), logits


def network(activation: torch.nn.Module) -> torch.nn.Module:
    """Build the network with Keras' initialisation."""
    model = torch.nn.Sequential(
        torch.nn.Linear(common.PIXELS, common.HIDDEN),
        activation,
        torch.nn.Linear(common.HIDDEN, common.CLASSES),
    )
    for layer in (model[0], model[2]):
        torch.nn.init.xavier_uniform_(layer.weight)
        torch.nn.init.zeros_(layer.bias)
    return model


def train(options: Namespace) -> None:
    """Train once for each seed."""
    torch.set_num_threads(options.torch_threads or options.threads)
    name = "pytorch-compile" if options.compile else "pytorch"
    run = common.Run(name, torch.__version__, options.activation)
    data = common.load(options.data)
    for seed in options.seeds:
        trainer = Trainer(data, options, seed, options.adam)
        for epoch in range(1, options.epochs + 1):
            start = time.perf_counter()
            loss, accuracy = trainer.epoch()
            seconds = time.perf_counter() - start
            run.report(
                seed,
                epoch,
                train_loss=loss,
                train_accuracy=accuracy,
                test_accuracy=trainer.test(),
                seconds=seconds,
            )


def step_time(data: common.Dataset, options: Namespace, adam: str, threads: int) -> float:
    """Give the microseconds of one training step, after some steps of warming up."""
    torch.set_num_threads(threads)
    trainer = Trainer(data, options, 1, adam)
    batches = torch.randperm(len(trainer.labels)).split(common.BATCH)
    trainer.batches(batches[:50])
    start = time.perf_counter()
    trainer.batches(batches[50:350])
    return (time.perf_counter() - start) / 300 * 1e6


def measure(options: Namespace) -> None:
    """Print the median step time of every variant, fastest first."""
    data = common.load(options.data)
    variants = [(adam, count) for adam in ADAMS for count in sorted({1, options.threads})]
    times: dict[tuple[str, int], list[float]] = {variant: [] for variant in variants}
    # Taken in turn, so that a slow moment of the machine does not hit one variant alone.
    for _ in range(5):
        for variant in variants:
            times[variant].append(step_time(data, options, *variant))
    rows = [
        {"adam": adam, "threads": count, "step_us": statistics.median(times[adam, count])}
        for adam, count in variants
    ]
    rows.sort(key=lambda row: row["step_us"])
    for row in rows:
        print(json.dumps(row), flush=True)
        text = "pytorch Adam {adam}, threads {threads}: {step_us:.0f} us a step"
        print(text.format(**row), file=sys.stderr)


if __name__ == "__main__":
    (measure if OPTIONS.measure else train)(OPTIONS)
