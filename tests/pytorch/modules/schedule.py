# SPDX-License-Identifier: Apache-2.0
"""nn::learning_rate beside torch.optim.lr_scheduler: the rates of all steps of a training."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from torch.optim import lr_scheduler as schedulers

from case import Case, Draw

CASES = 400


def schedule(name: str, draw: Draw, optimizer: Any, steps: int) -> tuple[str, Any]:
    """As text, and PyTorch's, for so many steps."""
    if name == "cosine":
        eta_min = draw.choice([0, 1e-5, 1e-3])
        return (f"cosine(eta_min={eta_min})",
                schedulers.CosineAnnealingLR(optimizer, T_max=steps, eta_min=eta_min))
    if name == "step":
        size, gamma = draw.integer(1, 40), draw.choice([0.1, 0.5, 0.97])
        return (f"step(step_size={size},gamma={gamma})",
                schedulers.StepLR(optimizer, step_size=size, gamma=gamma))
    if name == "exponential":
        gamma = draw.choice([0.5, 0.9, 0.99, 1.01])
        return f"exponential(gamma={gamma})", schedulers.ExponentialLR(optimizer, gamma=gamma)
    return name, schedulers.ConstantLR(optimizer, factor=1)


def make(draw: Draw, index: int) -> Case:
    lr, steps = draw.choice([1e-3, 0.01, 0.5]), draw.integer(2, 200)
    warmup = draw.integer(2, steps - 1) if steps > 2 and draw.flag() else 0
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    # A warm-up begins at 1 / warmup and reaches 1 in its last step.
    rising = schedulers.LinearLR(optimizer, start_factor=1 / max(warmup, 1),
                                 total_iters=max(warmup - 1, 1)) if warmup else None
    name = ["constant", "cosine", "step", "exponential"][index % 4]
    text, after = schedule(name, draw, optimizer, steps - warmup)
    if rising is not None:
        after = schedulers.SequentialLR(optimizer, [rising, after], milestones=[warmup])
    rates = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SequentialLR uses what is deprecated
        for _ in range(steps):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            after.step()
    return Case({"schedule": text, "warmup": warmup, "lr": lr, "steps": steps}, {},
                {"rates": torch.tensor(rates, dtype=torch.float64)}, tolerance=1e-13)
