# SPDX-License-Identifier: Apache-2.0
"""Arrays that the extension does not read in place: what Python and other libraries have.

An argument becomes an array of NumPy or, of other libraries, one that can be read by DLPack; its
library then makes arrays for results. The extension calls read(), write() and mask().
"""
from __future__ import annotations

import sys
from typing import Any

import numpy as np

from actfn import _actfn

POSSIBLE = "float16, bfloat16, float32, float64, integers and bools are possible"
CPU = 1  # in DLPack


def article(given: object) -> str:
    name = type(given).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def bfloat16() -> np.dtype[Any]:
    """NumPy has no bfloat16: the dtype is that of the package ml_dtypes."""
    import ml_dtypes

    dtype = np.dtype(ml_dtypes.bfloat16)
    _actfn.set_bfloat16(dtype)
    return dtype


def dtype_of(name: str) -> np.dtype[Any]:
    return bfloat16() if name == "bfloat16" else np.dtype(name)


def is_weak(given: object) -> bool:
    """Whether it has no type of its own: a number or a list of Python."""
    return isinstance(given, (bool, int, float, list, tuple))


def as_numpy(who: str, name: str, given: Any, dtype: str | None) -> np.ndarray[Any, Any]:
    """Any array of NumPy, of any dtype."""
    if given is None or isinstance(given, (str, bytes)):
        raise TypeError(f"[{who}] {name} must be an array, got "
                        f"{'None' if given is None else article(given)}")
    if isinstance(given, np.ma.MaskedArray):
        raise TypeError(f"[{who}] {name} is a masked array: pass {name}.filled(...)")
    if hasattr(given, "tocoo"):
        raise TypeError(f"[{who}] {name} is sparse: pass {name}.toarray()")
    try:
        if dtype is not None and is_weak(given):
            return np.asarray(given, dtype_of(dtype))
        return np.asarray(given)
    except (TypeError, ValueError) as error:
        raise type(error)(f"[{who}] {name} is no array: {error}") from None


def canonical(who: str, name: str, a: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The same memory as one of the dtypes that the extension knows, where that is possible."""
    if a.dtype.name == "bfloat16":
        return a.view(bfloat16())
    if a.dtype.kind == "f" and a.dtype.itemsize <= 8 and a.dtype.isnative:
        return a.view(np.dtype(a.dtype.type))
    if a.dtype.kind == "f" and a.dtype.itemsize <= 8:
        return a.astype(np.dtype(a.dtype.type))
    if a.dtype.kind in "iub":
        return a.astype(np.float64)
    raise TypeError(f"[{who}] {name} is {a.dtype.name}: {POSSIBLE}")


def is_regular(a: np.ndarray[Any, Any]) -> bool:
    """Whether its elements are aligned, and whole elements apart."""
    return a.flags.aligned and all(step % a.itemsize == 0 for step in a.strides)


def read_numpy(who: str, name: str, given: Any, dtype: str | None) -> np.ndarray[Any, Any]:
    a = canonical(who, name, as_numpy(who, name, given, dtype))
    return a if is_regular(a) else np.array(a, order="K")


class Torch:
    """PyTorch: tensors in the memory of the CPU."""

    def __init__(self, x: Any) -> None:
        self.x = x

    def readable(self, who: str, name: str) -> Any:
        torch, x = sys.modules["torch"], self.x
        if x.device.type != "cpu":
            raise TypeError(f"[{who}] {name} is on {x.device}: actfn computes on the CPU")
        if x.layout is not torch.strided:
            raise TypeError(f"[{who}] {name} is sparse: pass {name}.to_dense()")
        if x.requires_grad and torch.is_grad_enabled():
            raise TypeError(f"[{who}] {name} requires grad, which would be lost: pass "
                            f"{name}.detach(), and compute gradients with actfn.backward()")
        if x.is_complex() or x.is_quantized:
            raise TypeError(f"[{who}] {name} is {x.dtype}: {POSSIBLE}")
        if not x.is_floating_point():
            x = x.to(torch.get_default_dtype())
        self.x = x.detach().resolve_neg()
        return self.x

    def empty(self, shape: tuple[int, ...], dtype: str) -> Any:
        torch = sys.modules["torch"]
        if tuple(self.x.shape) == shape:
            return torch.empty_like(self.x)  # of the same memory format
        return torch.empty(shape, dtype=getattr(torch, dtype))

    def result(self, y: Any) -> Any:
        return y


class Jax:
    """JAX: arrays that are not traced."""

    def __init__(self, x: Any) -> None:
        self.x = x

    def readable(self, who: str, name: str) -> Any:
        jax, x = sys.modules["jax"], self.x
        if isinstance(x, jax.core.Tracer):
            raise TypeError(f"[{who}] {name} is traced by JAX (jit, grad, vmap), and has no "
                            "numbers yet")
        places = {device.platform for device in x.devices()}
        if places != {"cpu"}:
            raise TypeError(f"[{who}] {name} is on {'/'.join(sorted(places))}: actfn computes on "
                            "the CPU")
        kind = jax.numpy.result_type(x)
        if jax.numpy.issubdtype(kind, jax.numpy.complexfloating):
            raise TypeError(f"[{who}] {name} is {kind}: {POSSIBLE}")
        if not jax.numpy.issubdtype(kind, jax.numpy.floating):
            x = x.astype(float)
        self.x = x
        return x

    def empty(self, shape: tuple[int, ...], dtype: str) -> Any:
        return np.empty(shape, dtype_of(dtype))

    def result(self, y: Any) -> Any:
        return sys.modules["jax"].device_put(y, self.x.sharding)


class Other:
    """Any other library whose arrays have __dlpack__()."""

    def __init__(self, x: Any) -> None:
        self.x = x

    def readable(self, who: str, name: str) -> Any:
        device = self.x.__dlpack_device__()[0]
        if device != CPU:
            raise TypeError(f"[{who}] {name} is on DLPack's device {int(device)}: actfn computes "
                            "on the CPU")
        try:
            a = np.from_dlpack(self.x)
        except (BufferError, RuntimeError, TypeError):
            return self.x  # read-only, or bfloat16: the extension can read these
        return read_numpy(who, name, a, None)

    def empty(self, shape: tuple[int, ...], dtype: str) -> Any:
        return np.empty(shape, dtype_of(dtype))

    def result(self, y: Any) -> Any:
        namespace = getattr(self.x, "__array_namespace__", None)
        return y if namespace is None else namespace().from_dlpack(y)


def library_of(given: Any) -> Torch | Jax | Other | None:
    """None for what NumPy reads."""
    if is_weak(given) or isinstance(given, (np.ndarray, np.generic)):
        return None
    torch, jax = sys.modules.get("torch"), sys.modules.get("jax")
    if torch is not None and isinstance(given, torch.Tensor):
        _actfn.set_torch(torch)
        return Torch(given)
    if jax is not None and isinstance(given, jax.Array):
        return Jax(given)
    return Other(given) if hasattr(type(given), "__dlpack__") else None


def read(who: str, name: str, given: Any, dtype: str | None) -> tuple[Any, Any]:
    """An array that the extension reads, and its library, or None for NumPy.

    Numbers and lists of Python get the dtype where one is named.
    """
    library = library_of(given)
    if library is None:
        return read_numpy(who, name, given, dtype), None
    return library.readable(who, name), library


def write_numpy(who: str, out: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    a = np.asarray(out)
    fits = a.dtype.name == "bfloat16" or (a.dtype.kind == "f" and a.dtype.isnative)
    if not fits or a.itemsize > 8:
        raise TypeError(f"[{who}] out is {a.dtype}: it must have the type of x")
    if not a.flags.writeable:
        raise ValueError(f"[{who}] out is read-only")
    if not is_regular(a):
        raise ValueError(f"[{who}] out must have elements that are aligned and whole elements "
                         "apart")
    return canonical(who, "out", a)


def write(who: str, out: Any) -> Any:
    """An array that the extension writes."""
    library = library_of(out)
    if isinstance(library, Jax):
        raise TypeError(f"[{who}] out is an array of JAX, which cannot be written")
    if isinstance(library, Torch) and not out.is_floating_point():
        raise TypeError(f"[{who}] out is {out.dtype}: it must have the type of x")
    if isinstance(library, Torch) and out.is_neg():
        raise TypeError(f"[{who}] out is a negative view of other numbers: pass a new tensor")
    if library is not None:
        return library.readable(who, "out") if isinstance(library, Torch) else out
    if isinstance(out, np.ndarray) and not isinstance(out, np.ma.MaskedArray):
        return write_numpy(who, out)
    try:
        return write_numpy(who, np.asarray(memoryview(out)))
    except TypeError:
        raise TypeError(f"[{who}] out must be an array that can be written, got "
                        f"{article(out)}") from None


def mask(who: str, where: Any) -> np.ndarray[Any, Any]:
    """A mask as an array of bool."""
    try:
        a = np.asarray(where)
    except (TypeError, ValueError) as error:
        raise type(error)(f"[{who}] where is no array: {error}") from None
    if a.dtype != np.bool_:
        raise TypeError(f"[{who}] where must be of bool, got {a.dtype}")
    return a
