# SPDX-License-Identifier: Apache-2.0
"""Functions by name, and what is known of them."""
from __future__ import annotations

import dataclasses
import functools
import inspect
from typing import Any

from actfn import _actfn
from actfn._actfn import Function

OPERATIONS = ("forward", "derivative", "second_derivative", "backward", "double_backward",
              "parameter_gradient")

# What arguments that are no parameters default to. Others have to be given.
DEFAULTS: dict[str, Any] = {"axis": -1, "b": None, "y": None, "packing": "halves", "first": 0,
                            "keepdims": False, "where": None, "out": None}


@dataclasses.dataclass(frozen=True)
class ParameterInfo:
    """A parameter of a function.

    Attributes
    ----------
    name, alias : str
        As ``actfn.function()`` takes it; the alias may be empty.
    type : str
        'number', 'whole' (a whole number), 'choice' (one of ``choices``), 'switch' (a bool) or
        'function' (the text of an elementwise function).
    value : float, int, bool or str
        What the function has. Where ``required``, an example if the function has none.
    choices : tuple of str
    condition : str
        What the library demands of a number: "finite and positive".
    required : bool
        Whether it has no default.
    """

    name: str
    alias: str
    type: str
    value: float | int | bool | str
    choices: tuple[str, ...]
    condition: str
    required: bool


@dataclasses.dataclass(frozen=True)
class FunctionInfo:
    """What the catalogue has of a function, in plain text.

    Attributes
    ----------
    name, kind, title : str
        'leaky_relu'; 'elementwise', 'row', 'gate', 'random', 'learned' or 'grouped'; 'LeakyReLU'.
    formula, derivative : str
        In x; of gates in a and b.
    source, use, note : str
        The paper; what the function is for; conventions of other frameworks.
    from_output : str
        What it costs to have the derivative from the output; empty where that can't be.
    shapes : str
    example : str
        The function as text, with values for parameters that have no default.
    parameters : tuple of ParameterInfo
    aliases : tuple of (str, str)
        Names in other frameworks, and the function that each means.
    """

    name: str
    kind: str
    title: str
    formula: str
    derivative: str
    source: str
    use: str
    note: str
    from_output: str
    shapes: str
    example: str
    parameters: tuple[ParameterInfo, ...]
    aliases: tuple[tuple[str, str], ...]


FUNCTIONS: dict[str, Function] = {f.name: f for f in _actfn.catalogue_functions()}


@functools.lru_cache(maxsize=256)
def _parsed(spec: str) -> Function:
    return Function(spec)


def function(spec: str | Function) -> Function:
    """The function that a text names.

    Parameters
    ----------
    spec : str or Function
        ``name`` or ``name(parameter=value,...)``, also by names of other frameworks:
        ``nn.LeakyReLU(negative_slope=0.2)``. Behind it may be how exact results in float32 are,
        ``gelu@fast`` or ``gelu@nearest``. A Function is returned as it is.

    Returns
    -------
    Function
        An object that can be called, compared, hashed and pickled.

    Raises
    ------
    ValueError
        An unknown name, or a parameter that is unknown, missing or out of range.

    Examples
    --------
    >>> import actfn
    >>> f = actfn.function("leaky_relu(negative_slope=0.25)")
    >>> f([-2.0, 3.0])
    array([-0.5,  3. ])
    >>> f.derivative([-2.0, 3.0])
    array([0.25, 1.  ])
    >>> actfn.function("relu") == actfn.relu
    True
    """
    if isinstance(spec, Function):
        return spec
    if not isinstance(spec, str):
        raise TypeError("[function] the function must be a str or one of actfn's, got "
                        f"{type(spec).__name__}")
    return _parsed(spec)


def catalogue(kind: str | None = None) -> tuple[Function, ...]:
    """All functions, or those of one kind.

    Parameters
    ----------
    kind : {'elementwise', 'row', 'gate', 'random', 'learned', 'grouped'}, optional

    Returns
    -------
    tuple of Function

    Raises
    ------
    ValueError
        Another kind.

    Examples
    --------
    >>> import actfn
    >>> [f.name for f in actfn.catalogue("grouped")]
    ['crelu', 'maxout']
    """
    functions = tuple(FUNCTIONS.values())
    kinds = list(dict.fromkeys(info_of(f).kind for f in functions))
    if kind is not None and kind not in kinds:
        raise ValueError(f"[catalogue] kind must be one of {', '.join(kinds)}, got {kind!r}")
    return tuple(f for f in functions if kind is None or info_of(f).kind == kind)


def info_of(f: Function) -> FunctionInfo:
    facts = _actfn.facts_of(f)
    parameters = tuple(ParameterInfo(p["name"], p["alias"], p["type"], p["example"], p["choices"],
                                     p["condition"], p["required"])
                       for p in facts.pop("parameters"))
    return FunctionInfo(parameters=parameters, **facts)


def signature_of(f: Function, operation: str = "forward") -> inspect.Signature:
    values = {p.name: p.value for p in info_of(f).parameters}
    arguments = _actfn.arguments_of(f, OPERATIONS.index(operation))
    if arguments is None:
        raise ValueError(f"[{f.name}] it has no {operation}()")
    parameters = []
    for name, is_parameter, by_place, required in arguments:
        default: Any = inspect.Parameter.empty
        if is_parameter:
            default = default if required else values[name]
        elif not required:
            default = DEFAULTS.get(name, None)
        kind = (inspect.Parameter.POSITIONAL_OR_KEYWORD if by_place
                else inspect.Parameter.KEYWORD_ONLY)
        parameters.append(inspect.Parameter(name, kind, default=default))
    return inspect.Signature(parameters)


@functools.lru_cache(maxsize=256)
def accepted(f: Function, operation: str) -> frozenset[str]:
    """The names of the arguments."""
    return frozenset(signature_of(f, operation).parameters)


@functools.lru_cache(maxsize=None)
def kind_of(name: str) -> str:
    """The catalogue's kind; of functions of rows that give one number for a row, 'reduction'."""
    f = FUNCTIONS[name]
    return "reduction" if "keepdims" in accepted(f, "forward") else info_of(f).kind


def docstring_of(f: Function) -> str:
    from actfn import _docs

    return _docs.docstring_of(f)


def html_of(f: Function) -> str:
    from actfn import _plot

    return _plot.html_of(f)


def named(name: str) -> Function:
    """The function of the catalogue, without values for parameters that have no default."""
    return FUNCTIONS[name]


def reduced(f: Function) -> tuple[Any, tuple[str]]:
    """For pickle."""
    return (function, (f.spec,)) if f.is_complete else (named, (f.name,))


def derivative(spec: str | Function, x: Any, *, out: Any = None) -> Any:
    """The derivative of an elementwise function at each element of x.

    Parameters
    ----------
    spec : str or Function
        The function, as ``actfn.function()`` takes it.
    x : array_like
        Numbers; float64, float32, float16 and bfloat16 keep their type, integers and bools become
        float64.
    out : array, optional
        Where the result is written: of x's type and shape. It may be x.

    Returns
    -------
    array
        Of x's library, type and shape. At a kink it is the value that PyTorch uses.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` that has another shape or overlaps x.
    TypeError
        A function that is not elementwise; arrays of other types.

    Examples
    --------
    >>> import actfn
    >>> actfn.derivative("elu(alpha=0.5)", [-1.0, 2.0])
    array([0.18393972, 1.        ])
    """
    return function(spec).derivative(x, out=out)


def second_derivative(spec: str | Function, x: Any, *, out: Any = None) -> Any:
    """The second derivative of an elementwise function at each element of x.

    Parameters
    ----------
    spec, x, out
        As in ``actfn.derivative()``.

    Returns
    -------
    array
        Of x's library, type and shape.

    Raises
    ------
    ValueError, TypeError
        As ``actfn.derivative()``.

    Examples
    --------
    >>> import actfn
    >>> actfn.second_derivative("relu_squared", [-1.0, 2.0])
    array([0., 2.])
    """
    return function(spec).second_derivative(x, out=out)


def backward(spec: str | Function, grad: Any, x: Any = None, **options: Any) -> Any:
    """The gradient with respect to x, from the gradient of the result.

    Parameters
    ----------
    spec : str or Function
        The function, as ``actfn.function()`` takes it.
    grad : array_like
        The gradient of a loss with respect to the function's result, which has its shape.
    x : array_like
        What the function was called with.
    **options
        What else it was called with: ``weight``, ``axis``, ``where``, ``b``, ``packing``,
        ``seed``, ``first``, and parameters. ``y``, the result, may take the place of x in functions
        of rows and in elementwise functions whose ``info.from_output`` says so. ``out``: where the
        gradient is written.

    Returns
    -------
    array, or a tuple of two
        Of x's library, type and shape. prelu gives that of ``weight`` too; a gate that is called
        with ``b`` gives that of ``b`` too.

    Raises
    ------
    ValueError
        A parameter out of range; shapes that do not fit.
    TypeError
        Arrays of other types than x's.

    Examples
    --------
    >>> import actfn
    >>> actfn.backward("silu", [1.0, 1.0], [-1.0, 2.0])
    array([0.07232949, 1.09078425])
    >>> actfn.backward("prelu", [1.0, 1.0], [-1.0, 2.0], weight=[0.25])
    (array([0.25, 1.  ]), array([-1.]))
    """
    f = function(spec)
    return f.backward(grad, **options) if x is None else f.backward(grad, x, **options)


def double_backward(spec: str | Function, v: Any, grad: Any, x: Any = None,
                    **options: Any) -> Any:
    """The gradients of ``backward()`` itself, for derivatives of the second order.

    Parameters
    ----------
    spec : str or Function
        The function, as ``actfn.function()`` takes it.
    v : array_like
        The gradient of a loss with respect to the result of ``backward()``.
    grad, x, **options
        What ``backward()`` was called with. prelu takes ``v_weight`` too.

    Returns
    -------
    tuple of arrays
        The gradients with respect to grad and to x; of prelu, to ``weight`` too.

    Raises
    ------
    ValueError, TypeError
        As ``actfn.backward()``; TypeError for functions that do not have it.

    Examples
    --------
    >>> import actfn
    >>> for_grad, for_x = actfn.double_backward("relu_squared", [1.0], [3.0], [2.0])
    >>> for_grad, for_x
    (array([4.]), array([6.]))
    """
    f = function(spec)
    if x is None:
        return f.double_backward(v, grad, **options)
    return f.double_backward(v, grad, x, **options)


def parameter_gradient(spec: str | Function, grad: Any, x: Any) -> dict[str, float]:
    """The gradient with respect to each parameter of an elementwise function that can be learned.

    Parameters
    ----------
    spec : str or Function
        The function, as ``actfn.function()`` takes it.
    grad : array_like
        The gradient of a loss with respect to the function's result.
    x : array_like
        What the function was called with.

    Returns
    -------
    dict
        A float for each name.

    Raises
    ------
    TypeError
        A function without such parameters.
    ValueError
        Shapes that do not fit.

    Examples
    --------
    >>> import actfn
    >>> actfn.parameter_gradient("leaky_relu", [1.0, 2.0, 1.0], [-3.0, -1.0, 5.0])
    {'negative_slope': -5.0}
    """
    return function(spec).parameter_gradient(grad, x)
