# SPDX-License-Identifier: Apache-2.0
"""Activation functions, their derivatives and their gradients.

>>> import actfn
>>> actfn.gelu([-1.0, 0.0, 1.0])
array([-0.15865525,  0.        ,  0.84134475])
>>> actfn.derivative("elu(alpha=0.5)", [-1.0, 2.0])
array([0.18393972, 1.        ])

Each function of the catalogue is here by its name. All take arrays of NumPy, PyTorch (on the CPU),
JAX and whatever has ``__dlpack__()``, and give arrays of the same library. ``compare()``,
``inspect()``, ``choose()`` and ``experiment()`` are the lab.
"""
from __future__ import annotations

from actfn import _actfn
from actfn._actfn import Function, get_num_threads, set_num_threads, target
from actfn._function import (FUNCTIONS, FunctionInfo, ParameterInfo, backward, catalogue,
                             derivative, double_backward, function, parameter_gradient,
                             second_derivative)
from actfn._lab import choose, compare, experiment, inspect
from actfn._results import Choice, Comparison, Experiments, Inspection

__version__: str = _actfn.version

__all__ = ["Choice", "Comparison", "Experiments", "Function", "FunctionInfo", "Inspection",
           "ParameterInfo", "backward", "catalogue", "choose", "compare", "derivative",
           "double_backward", "experiment", "function", "get_num_threads", "inspect",
           "parameter_gradient", "second_derivative", "set_num_threads", "target", *FUNCTIONS]

globals().update(FUNCTIONS)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
