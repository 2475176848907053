# SPDX-License-Identifier: Apache-2.0
"""For mypy and pyright in their strict modes; it runs, too."""
from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

import actfn


def test_types() -> None:
    x: NDArray[np.float32] = np.zeros((2, 4), np.float32)
    y: NDArray[np.float32] = actfn.gelu(x, approximate="tanh", out=None)
    y = actfn.softmax(x, axis=-1, where=x >= 0)
    y = actfn.swiglu(y, -1, beta=1.5)
    y = actfn.prelu(y, 0.25)
    y = actfn.dropout(y, 0.5, seed=3)
    y = actfn.gated(x, gate=actfn.mish)
    z: Any = actfn.relu([1, 2])
    f: actfn.Function = actfn.function("elu(alpha=0.5)")
    z = f(x)
    z = f.derivative(x)
    names: list[str] = [p.name for p in f.info.parameters]
    gradients: dict[str, float] = actfn.parameter_gradient(f, x, x)
    spec: str = actfn.softcap.spec
    actfn.set_num_threads(actfn.get_num_threads())
    assert z is not None and names == ["alpha"] and gradients["alpha"] == 0 and spec == "softcap"
    assert {f: 1}[actfn.function("elu(alpha=0.5)")] == 1 and y.shape == (2, 2)
