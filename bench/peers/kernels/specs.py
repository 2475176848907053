# SPDX-License-Identifier: Apache-2.0
"""What is compared: activations as actfn spells them."""

from __future__ import annotations

# PyTorch's catalogue, and three functions that vector libraries have.
SPECS = (
    "relu relu6 hardtanh leaky_relu elu celu selu gelu gelu(approximate=tanh) silu mish softplus"
    " sigmoid tanh log_sigmoid hardsigmoid hardswish hardshrink softshrink softsign tanhshrink"
    " threshold(threshold=0.1,value=20) exp arctan sine"
).split()
ORDERS = ("0", "backward", "backward_from_output")
DTYPES = ("float32", "bfloat16")
# Backward from the output is compared where a peer has it.
FROM_OUTPUT = ("relu", "elu", "sigmoid", "tanh", "exp")
EXTRAS = ("exp", "arctan", "sine")


def tasks() -> list[tuple[str, str]]:
    """Give each pair of an order and a spec that is compared."""
    made = [("0", spec) for spec in SPECS]
    made += [("backward", spec) for spec in SPECS if spec not in EXTRAS]
    return made + [("backward_from_output", spec) for spec in FROM_OUTPUT]
