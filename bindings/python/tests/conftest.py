# SPDX-License-Identifier: Apache-2.0
"""Keras runs on a back end that is installed; its own default is tensorflow."""
import importlib.util
import os

for name in ("torch", "jax", "tensorflow", "numpy"):
    if importlib.util.find_spec(name) is not None:
        os.environ.setdefault("KERAS_BACKEND", name)
        break
