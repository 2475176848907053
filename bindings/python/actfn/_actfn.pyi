# SPDX-License-Identifier: Apache-2.0
# The extension: bindings/python/src/module.cc and function.cc.
from typing import Any

from actfn._function import FunctionInfo

version: str

class Function:
    """A function of the catalogue with values for its parameters.

    It can be called, compared, hashed and pickled. ``actfn.function()`` makes one of a text; those
    of the catalogue are ``actfn.gelu`` and so on.
    """

    def __new__(cls, spec: str) -> Function: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def derivative(self, x: Any, *args: Any, **kwargs: Any) -> Any:
        """The derivative at each element of x: see ``actfn.derivative()``."""
    def second_derivative(self, x: Any, *args: Any, **kwargs: Any) -> Any:
        """The second derivative at each element of x: see ``actfn.second_derivative()``."""
    def backward(self, grad: Any, x: Any = ..., *args: Any, **kwargs: Any) -> Any:
        """The gradient with respect to x: see ``actfn.backward()``."""
    def double_backward(
        self, v: Any, grad: Any, x: Any = ..., *args: Any, **kwargs: Any
    ) -> tuple[Any, ...]:
        """The gradients of ``backward()``: see ``actfn.double_backward()``."""
    def parameter_gradient(self, grad: Any, x: Any, **kwargs: Any) -> dict[str, float]:
        """The gradients of parameters: see ``actfn.parameter_gradient()``."""
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    @property
    def name(self) -> str:
        """The name in the catalogue."""
    @property
    def spec(self) -> str:
        """The function as text, as ``actfn.function()`` reads it."""
    @property
    def info(self) -> FunctionInfo:
        """What the catalogue has of the function."""
    @property
    def accuracy(self) -> str:
        """How exact results in float32 are: 'accurate', 'fast' or 'nearest'."""
    @property
    def is_complete(self) -> bool:
        """False where a parameter that has no default still needs a value."""
    @property
    def evaluated(self) -> Function:
        """The function without noise that takes its place in evaluation."""
    @property
    def __name__(self) -> str: ...
    @property
    def __qualname__(self) -> str: ...

def set_num_threads(count: int) -> None:
    """How many threads a call may use: 1 unless it is set; 0 for all that the machine has."""

def get_num_threads() -> int:
    """What ``set_num_threads()`` was called with."""

def target() -> str:
    """The instruction set in use: 'AVX3' (AVX-512), 'AVX2', 'SSE4', 'NEON' or 'EMU128'."""

def catalogue_functions() -> list[Function]: ...
def facts_of(function: Function) -> dict[str, Any]: ...
def arguments_of(
    function: Function, operation: int
) -> tuple[tuple[str, bool, bool, bool], ...] | None: ...
def curve_of(function: Function) -> Function | None: ...
def shape_of(function: Function, lengths: tuple[int, ...], axis: int) -> tuple[int, ...]: ...
def xla_function() -> Any: ...
def known_aliases() -> list[tuple[str, str, str, str, str]]: ...
def set_bfloat16(dtype: Any) -> None: ...
def set_torch(module: Any) -> None: ...
def way_of(x: Any, /) -> int: ...
def short_way(x: Any, prepared: tuple[Any, ...], /) -> Any: ...
def recorded(prepared: tuple[Any, ...], /) -> Any: ...
