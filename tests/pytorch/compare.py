# SPDX-License-Identifier: Apache-2.0
"""Holds the library's results to PyTorch's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import torch

from case import TOLERANCES, Case, Tensor

Explain = Callable[[Case, str, Tensor, "Tensor | None"], "str | None"]


@dataclass
class Report:
    """Of one module."""

    cases: int = 0
    errors: int = 0  # cases that both refuse
    tensors: int = 0
    elements: int = 0
    worst: float = 0  # in parts of what is allowed; of what no rule explains
    explained: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def allowed(case: Case, name: str, ours: Tensor, theirs: Tensor) -> float:
    """The largest difference that is none."""
    if not ours.dtype.is_floating_point:
        return 0
    finite = theirs[torch.isfinite(theirs)].abs()
    scale = case.scales.get(name, float(finite.max()) if len(finite) else 0)
    return scale * (TOLERANCES[ours.dtype] if case.tolerance is None else case.tolerance)


def difference(ours: Tensor, theirs: Tensor) -> float:
    """The largest; inf where only one is infinite or NaN."""
    same = (ours == theirs) | (ours.isnan() & theirs.isnan())
    gap = torch.where(same, 0, (ours - theirs).abs())
    return float(gap.nan_to_num(nan=torch.inf).max()) if len(gap) else 0


def check_tensor(report: Report, case: Case, name: str, ours: Tensor, theirs: Tensor | None,
                 explain: Explain) -> str | None:
    """What is wrong."""
    report.tensors += 1
    report.elements += ours.numel()
    text = "PyTorch gives none"
    if theirs is not None:
        if ours.shape != theirs.shape:
            return f"the shape is {list(ours.shape)}, PyTorch's {list(theirs.shape)}"
        gap = difference(ours.double().flatten(), theirs.double().flatten())
        most = allowed(case, name, ours, theirs.double())
        if gap <= most:
            report.worst = max(report.worst, gap / most if most else 0)
            return None
        text = f"differs by {gap:.3g}, {most:.3g} is allowed"
    rule = explain(case, name, ours, theirs)
    if rule is None:
        return text
    report.explained[rule] += 1
    return None


def check_error(report: Report, case: Case, error: str | None) -> str | None:
    if error is not None and (case.error is None or case.error not in error):
        return f"Error: {error}"
    if error is None and case.error is not None:
        return f'there is no Error that has "{case.error}"'
    report.errors += 1
    return None


def check(report: Report, label: str, case: Case, results: dict[str, Tensor], error: str | None,
          explain: Explain) -> None:
    """Adds one case to the report. `results` and `error`: the library's."""
    report.cases += 1
    found: dict[str, str | None] = {}
    if error is not None or case.error is not None:
        found["result"] = check_error(report, case, error)
    else:
        for name in sorted(results.keys() ^ case.expected.keys()):
            found[name] = "is missing" if name in case.expected else "PyTorch has no such output"
        for name in sorted(results.keys() & case.expected.keys()):
            found[name] = check_tensor(report, case, name, results[name], case.expected[name],
                                       explain)
    report.failures += [f"{label} {name}: {text}\n  {case.arguments}"
                        for name, text in found.items() if text is not None]
