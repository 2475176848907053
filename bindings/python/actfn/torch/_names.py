# SPDX-License-Identifier: Apache-2.0
"""What PyTorch and Hugging Face call the functions of the catalogue."""
from __future__ import annotations

# Classes of torch.nn, and the function of the catalogue that each computes.
MODULES = {
    "AlphaDropout": "alpha_dropout", "CELU": "celu", "Dropout": "dropout", "ELU": "elu",
    "GELU": "gelu", "GLU": "glu", "Hardshrink": "hardshrink", "Hardsigmoid": "hardsigmoid",
    "Hardswish": "hardswish", "Hardtanh": "hardtanh", "LeakyReLU": "leaky_relu",
    "LogSigmoid": "log_sigmoid", "LogSoftmax": "log_softmax", "Mish": "mish", "PReLU": "prelu",
    "RReLU": "rrelu", "ReLU": "relu", "ReLU6": "relu6", "SELU": "selu", "SiLU": "silu",
    "Sigmoid": "sigmoid", "Softmax": "softmax", "Softmax2d": "softmax", "Softmin": "softmin",
    "Softplus": "softplus", "Softshrink": "softshrink", "Softsign": "softsign", "Tanh": "tanh",
    "Tanhshrink": "tanhshrink", "Threshold": "threshold",
}

# Functions of torch.nn.functional that have another name in the catalogue.
FUNCTIONS = {"logsigmoid": "log_sigmoid"}

# Not made from the catalogue: torch.nn has something else by these names, or (learnable) the
# parameters are no numbers.
LEFT = {"bilinear", "identity", "learnable"}

# Classes of transformers.activations.
HUGGING_FACE = {
    "AccurateGELUActivation": "gelu(approximate=tanh)",
    "FastGELUActivation": "gelu(approximate=tanh)", "GELUActivation": "gelu",
    "GELUTanh": "gelu(approximate=tanh)", "LaplaceActivation": "laplace",
    "MishActivation": "mish", "NewGELUActivation": "gelu(approximate=tanh)",
    "PytorchGELUTanh": "gelu(approximate=tanh)", "QuickGELUActivation": "quick_gelu",
    "ReLUSquaredActivation": "relu_squared", "SiLUActivation": "silu",
}
