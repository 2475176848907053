# SPDX-License-Identifier: Apache-2.0
"""actfn.keras, on each back end of Keras that is installed, in a process of its own."""
import importlib.util
import os
import subprocess
import sys

import pytest

pytest.importorskip("keras", "3.3")

PACKAGES = {"torch": "torch", "jax": "jax", "tensorflow": "tensorflow", "numpy": "numpy"}

COMMON = """
import numpy as np
import keras
import actfn
import actfn.keras as ak

assert keras.backend.backend() == NAME
x = np.random.default_rng(0).normal(size=(4, 6)).astype("float32")

def numbers(y):
    return keras.ops.convert_to_numpy(y)

"""

VALUES = """
for name in ("mish", "gelu", "softmax", "sparsemax"):
    y = numbers(getattr(ak, name)(keras.ops.convert_to_tensor(x)))
    assert (y == getattr(actfn, name)(x)).all(), name
f = ak.function("softmax", axis=0)
assert (numbers(f(keras.ops.convert_to_tensor(x))) == actfn.softmax(x, axis=0)).all()

layer = keras.layers.Dense(3, activation=ak.function("elu(alpha=0.5)"))
y = numbers(layer(x))
kernel, bias = layer.get_weights()
np.testing.assert_allclose(y, actfn.elu(x @ kernel + bias, alpha=0.5), rtol=1e-5)
again = keras.layers.Dense.from_config(layer.get_config())
assert again.activation == ak.function("elu(alpha=0.5)") and hash(again.activation)
"""

MODELS = """
import tempfile, pathlib
inputs = keras.Input((6,))
hidden = keras.layers.Dense(8, activation=ak.mish)(inputs)
hidden = ak.function("softplus(beta=2)")(keras.layers.Dense(8)(hidden))
model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
expected = numbers(model(x))
with tempfile.TemporaryDirectory() as folder:
    file = pathlib.Path(folder) / "model.keras"
    model.save(file)
    loaded = keras.saving.load_model(file)
np.testing.assert_array_equal(numbers(loaded(x)), expected)
"""

TRAINING = """
rows = np.random.default_rng(1).normal(size=(256, 6)).astype("float32")
target = np.tanh(rows[:, :1] * rows[:, 1:2])
options = {"jit_compile": False} if NAME == "tensorflow" else {}
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse", **options)
losses = model.fit(rows, target, epochs=8, verbose=0).history["loss"]
assert losses[-1] < 0.8 * losses[0], losses
"""

TENSORFLOW = """
import tensorflow as tf
z = tf.constant(x)
with tf.GradientTape() as outer:
    outer.watch(z)
    with tf.GradientTape() as inner:
        inner.watch(z)
        total = tf.reduce_sum(ak.mish(z))
    slope = inner.gradient(total, z)
    total = tf.reduce_sum(slope)
bend = outer.gradient(total, z)
assert (slope.numpy() == actfn.derivative("mish", x)).all()
assert (bend.numpy() == actfn.second_derivative("mish", x)).all()
"""

ERRORS = """
for spec, error in (("dropout", TypeError), ("swiglu", TypeError), ("prelu", TypeError),
                    ("elu(alpha=nan)", ValueError), ("no_such_function", ValueError)):
    try:
        ak.function(spec)
    except error as raised:
        assert str(raised).startswith("["), raised
    else:
        raise AssertionError(spec)
"""

BODIES = {"torch": VALUES + MODELS + TRAINING + ERRORS, "jax": VALUES + MODELS + TRAINING,
          "tensorflow": VALUES + MODELS + TRAINING + TENSORFLOW, "numpy": VALUES + MODELS}


@pytest.mark.parametrize("name", PACKAGES)
def test_back_end(name):
    if importlib.util.find_spec(PACKAGES[name]) is None:
        pytest.skip(f"{name} is not installed")
    source = f"NAME = {name!r}\n" + COMMON + BODIES[name]
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True,
                         env={**os.environ, "KERAS_BACKEND": name})
    assert run.returncode == 0, run.stderr
