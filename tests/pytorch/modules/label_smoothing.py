# SPDX-License-Identifier: Apache-2.0
"""nn::cross_entropy with label smoothing beside torch.nn.functional.cross_entropy."""

from __future__ import annotations

import torch.nn.functional as F

from case import Case, Draw

CASES = 100


def make(draw: Draw, index: int) -> Case:
    rows, classes = draw.choice([1, 2, 5, 33]), draw.choice([1, 2, 3, 10, 100, 1000])
    smoothing = draw.choice([0, 0.01, 0.1, 0.3, 0.9, 1])
    logits = draw.normal((rows, classes), draw.choice([0.1, 1, 30]))
    labels = draw.integers((rows,), 0, classes - 1)
    x = logits.double().requires_grad_()
    loss = F.cross_entropy(x, labels, label_smoothing=smoothing)
    loss.backward()
    return Case({"label_smoothing": smoothing}, {"logits": logits, "labels": labels},
                {"loss": loss.detach(), "gradient": x.grad}, tolerance=1e-6,
                scales={"gradient": 1 / rows, "loss": 1 + float(loss.detach())})
