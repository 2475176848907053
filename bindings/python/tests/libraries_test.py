# SPDX-License-Identifier: Apache-2.0
"""Arrays of PyTorch, JAX and whatever has __dlpack__(): the same bits, in arrays of theirs."""
import ctypes

import numpy as np
import pytest
from support import FUNCTIONS, NAMES, TYPES, numbers, options, same

import actfn

EVERY = pytest.mark.parametrize("f", FUNCTIONS, ids=NAMES)
TYPED = pytest.mark.parametrize("name", TYPES)


def to_torch(torch, x):
    if x.dtype.name == "bfloat16":
        return torch.from_numpy(x.view(np.int16).copy()).view(torch.bfloat16)
    return torch.from_numpy(x.copy())


def from_torch(torch, y):
    if y.dtype == torch.bfloat16:
        return y.contiguous().view(torch.int16).numpy().view(TYPES["bfloat16"])
    return y.numpy()


@TYPED
@EVERY
def test_torch(f, name):
    torch = pytest.importorskip("torch")
    x = numbers(TYPES[name])
    given = options(f, TYPES[name])
    expected = f(x, **given)
    if "weight" in given:
        given["weight"] = to_torch(torch, given["weight"])
    for t in (to_torch(torch, x), to_torch(torch, np.asfortranarray(x)),
              to_torch(torch, x).t().contiguous().t(), to_torch(torch, np.repeat(x, 2, 1))[:, ::2],
              torch.nn.Parameter(to_torch(torch, x), requires_grad=False),
              to_torch(torch, x).as_subclass(type("Derived", (torch.Tensor,), {}))):
        y = f(t, **given)
        assert isinstance(y, torch.Tensor) and y.dtype == t.dtype
        same(from_torch(torch, y), expected)
    out = torch.empty_like(y)
    assert f(t, out=out, **given) is out
    same(from_torch(torch, out), expected)


def test_torch_gradients():
    torch = pytest.importorskip("torch")
    x, grad = numbers(np.float32), numbers(np.float32, seed=1)
    a, b = torch.from_numpy(x), torch.from_numpy(grad)
    same(actfn.backward("mish", b, a).numpy(), actfn.backward("mish", grad, x))
    for ours, theirs in zip(actfn.double_backward("softmax", a, b, a),
                            actfn.double_backward("softmax", x, grad, x)):
        same(ours.numpy(), theirs)
    same(actfn.derivative("gelu", a).numpy(), actfn.derivative("gelu", x))


def test_torch_of_other_types():
    torch = pytest.importorskip("torch")
    y = actfn.silu(torch.tensor([0, 1, 2]))
    assert y.dtype == torch.float32
    same(y.numpy(), actfn.silu(np.array([0, 1, 2], np.float32)))
    assert actfn.relu(torch.zeros(0, 3)).shape == (0, 3)
    zero = actfn.relu(torch.tensor(-1.0))
    assert zero.shape == () and zero.item() == 0
    x = torch.linspace(-1, 1, 5)
    assert actfn.relu(torch._neg_view(x)).equal(actfn.relu(-x))
    channels_last = torch.zeros(2, 3, 4, 5).to(memory_format=torch.channels_last)
    assert actfn.relu(channels_last).is_contiguous(memory_format=torch.channels_last)


@TYPED
@EVERY
def test_jax(f, name):
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    x = numbers(TYPES[name])
    given = options(f, TYPES[name])
    expected = f(x, **given)
    if "weight" in given:
        given["weight"] = jax.numpy.asarray(given["weight"])
    y = f(jax.numpy.asarray(x), **given)
    assert isinstance(y, jax.Array)
    same(np.asarray(y), expected)


def test_jax_of_other_types():
    jax = pytest.importorskip("jax")
    y = actfn.silu(jax.numpy.arange(3))
    assert isinstance(y, jax.Array) and y.dtype.kind == "f"
    assert actfn.relu(jax.numpy.zeros((0, 3))).shape == (0, 3)
    assert actfn.relu(jax.numpy.float32(-1)).shape == ()


class Exporter:
    """An array of a library that only has DLPack."""

    def __init__(self, array, device=1, versioned=True):
        self.array, self.device, self.versioned = array, device, versioned

    def __dlpack_device__(self):
        return (self.device, 0)

    def __dlpack__(self, **options):
        if options.get("max_version") is not None and not self.versioned:
            raise TypeError("__dlpack__() got an unexpected keyword argument 'max_version'")
        return self.array.__dlpack__(**options)


@pytest.mark.parametrize("versioned", [True, False])
def test_dlpack(versioned):
    x = numbers(np.float32)
    for view in (x, x.T, x[::2, 1::3], x[:0], x[0, 0:1].reshape(())):
        same(actfn.tanh(Exporter(view, versioned=versioned)), actfn.tanh(view))
    out = np.zeros_like(x)
    exporter = Exporter(out, versioned=versioned)
    assert actfn.tanh(x, out=exporter) is exporter
    same(out, actfn.tanh(x))


def test_dlpack_read_only():
    x = numbers(np.float32)
    x.flags.writeable = False
    if np.lib.NumpyVersion(np.__version__) >= "2.1.0":
        same(actfn.tanh(Exporter(x)), actfn.tanh(x))
    with pytest.raises(ValueError, match=r"\[tanh\] out is an Exporter that cannot be written"):
        actfn.tanh(np.zeros_like(x), out=Exporter(x))


class Tensor(ctypes.Structure):
    """DLPack's DLManagedTensor, made by hand."""

    _fields_ = [("data", ctypes.c_void_p), ("device_type", ctypes.c_int32),
                ("device_id", ctypes.c_int32), ("ndim", ctypes.c_int32), ("code", ctypes.c_uint8),
                ("bits", ctypes.c_uint8), ("lanes", ctypes.c_uint16),
                ("shape", ctypes.POINTER(ctypes.c_int64)),
                ("strides", ctypes.POINTER(ctypes.c_int64)), ("byte_offset", ctypes.c_uint64),
                ("context", ctypes.c_void_p), ("deleter", ctypes.c_void_p)]


class ByHand:
    """bfloat16, which NumPy does not take, behind an offset; counts its deletions."""

    Deleter = ctypes.CFUNCTYPE(None, ctypes.c_void_p)

    def __init__(self, values, offset, strides=True):
        self.memory = np.concatenate([np.zeros(offset, np.uint16), values])
        self.shape = (ctypes.c_int64 * 1)(len(values))
        self.strides = (ctypes.c_int64 * 1)(1)
        self.deleted = 0
        self.deleter = self.Deleter(self.delete)
        self.tensor = Tensor(self.memory.ctypes.data, 1, 0, 1, 4, 16, 1, self.shape,
                             self.strides if strides else None, 2 * offset, None,
                             ctypes.cast(self.deleter, ctypes.c_void_p))

    def delete(self, _):
        self.deleted += 1

    def __dlpack_device__(self):
        return (1, 0)

    def __dlpack__(self, **_):
        make = ctypes.pythonapi.PyCapsule_New
        make.restype, make.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p,
                                                         ctypes.c_void_p]
        return make(ctypes.addressof(self.tensor), b"dltensor", None)


@pytest.mark.skipif("bfloat16" not in TYPES, reason="ml_dtypes is missing")
@pytest.mark.parametrize("strides", [True, False])
def test_offset_and_deleter(strides):
    x = np.array([-1, 0.5, 2], TYPES["bfloat16"])
    exporter = ByHand(x.view(np.uint16), offset=5, strides=strides)
    same(actfn.gelu(exporter), actfn.gelu(x))
    assert exporter.deleted == 1


def test_array_namespace():
    """Results go back to a library of the Python array API."""
    class Result:
        def __init__(self, array):
            self.array = array

    class Namespace:
        @staticmethod
        def from_dlpack(array):
            return Result(np.from_dlpack(array))

    class WithNamespace(Exporter):
        def __array_namespace__(self):
            return Namespace

    x = numbers(np.float32)
    y = actfn.mish(WithNamespace(x))
    assert isinstance(y, Result)
    same(y.array, actfn.mish(x))
