# SPDX-License-Identifier: Apache-2.0
# Written by scripts/python-stubs from the catalogue.
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
from typing import Any, Literal, Protocol, TypeVar, overload

from numpy.typing import ArrayLike

from actfn._actfn import Function as Function
from actfn._actfn import get_num_threads as get_num_threads
from actfn._actfn import set_num_threads as set_num_threads
from actfn._actfn import target as target
from actfn._function import FunctionInfo as FunctionInfo
from actfn._function import ParameterInfo as ParameterInfo
from actfn._function import backward as backward
from actfn._function import catalogue as catalogue
from actfn._function import derivative as derivative
from actfn._function import double_backward as double_backward
from actfn._function import function as function
from actfn._function import parameter_gradient as parameter_gradient
from actfn._function import second_derivative as second_derivative
from actfn._lab import choose as choose
from actfn._lab import compare as compare
from actfn._lab import experiment as experiment
from actfn._lab import inspect as inspect
from actfn._results import Choice as Choice
from actfn._results import Comparison as Comparison
from actfn._results import Experiments as Experiments
from actfn._results import Inspection as Inspection

__version__: str

class _DLPack(Protocol):
    def __dlpack__(self, *args: Any, **kwargs: Any) -> Any: ...
    def __dlpack_device__(self) -> Any: ...

# An array of NumPy, PyTorch, JAX, or any that has __dlpack__(): results are of the same library.
_Array = TypeVar("_Array", bound=_DLPack)

class _Arctan(Function):
    r"""arctan(x, *, out=None)

    Arctan: atan(x)

    Squeezes x into (-pi/2, pi/2), with tails that flatten far more slowly than tanh's, so
    that some gradient is left for large |x|. Seldom used as a hidden layer today.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``atan(x)``

    Derivative: ``1 / (1 + x^2)``

    Source: Classical; a bounded nonlinearity with heavier tails than tanh.

    ``actfn.function()`` reads it by these names too: atan.

    Examples
    --------
    >>> import actfn
    >>> actfn.arctan([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-1.10714872, -0.46364761,  0.        ,  0.46364761,  1.10714872])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

arctan: _Arctan

class _BentIdentity(Function):
    r"""bent_identity(x, *, out=None)

    BentIdentity: (sqrt(x^2 + 1) - 1) / 2 + x

    A slightly bent line: its slope never vanishes, so no unit can die. It is nearly linear,
    hence a weak nonlinearity; seldom used outside of comparisons.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``(sqrt(x^2 + 1) - 1) / 2 + x``

    Derivative: ``x / (2 * sqrt(x^2 + 1)) + 1``

    Source: Of unknown origin; known from Wikipedia, Activation function.

    The slope goes from 1/2 at -inf to 3/2 at inf.

    Examples
    --------
    >>> import actfn
    >>> actfn.bent_identity([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-1.38196601, -0.44098301,  0.        ,  0.55901699,  2.61803399])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

bent_identity: _BentIdentity

class _Celu(Function):
    r"""celu(x, alpha=1.0, *, out=None)

    CELU: max(x, 0) + min(0, alpha * (exp(x / alpha) - 1))

    An elu whose slope is continuous at 0 for every alpha; with alpha = 1 it is elu. Choose
    it over elu where alpha is tuned or learned: a small alpha comes near relu, a large one
    near the identity. Far below 0 the gradient vanishes.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    alpha : float
        Finite and positive. The default is 1.0.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``max(x, 0) + min(0, alpha * (exp(x / alpha) - 1))``

    Derivative: ``x < 0 ? exp(x / alpha) : 1``

    Source: Barron 2017, arXiv:1704.07483.

    alpha * exp(x / alpha - 1), which some notes print, is a misprint. A negative alpha,
    which PyTorch lets pass, is refused.

    Examples
    --------
    >>> import actfn
    >>> actfn.celu([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.86466472, -0.39346934,  0.        ,  0.5       ,  2.        ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        alpha: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        alpha: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

celu: _Celu

class _Derf(Function):
    r"""derf(x, alpha=0.5, shift=0.0, *, out=None)

    Derf: erf(alpha * x + shift)

    Takes the place of layer normalization in transformers: erf bounds each activation
    without the mean and variance of a row. It is said to do better than dynamic_tanh and
    than the normalization itself. Learn alpha and shift; fixed, it is only an S curve that
    saturates.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    alpha : float
        Finite. The default is 0.5.
    shift : float
        Finite. The default is 0.0.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``erf(alpha * x + shift)``

    Derivative: ``2 * alpha / sqrt(pi) * exp(-(alpha * x + shift)^2)``

    Source: Chen et al. 2025 (Stronger Normalization-Free Transformers), arXiv:2512.10938.

    The paper's Derf multiplies by a weight and adds a bias for each channel, an affine
    layer behind this function. One alpha and one shift serve a whole layer; they begin with
    0.5 and 0.

    Examples
    --------
    >>> import actfn
    >>> actfn.derf([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.84270079, -0.27632639,  0.        ,  0.27632639,  0.84270079])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        alpha: float = ...,
        shift: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        alpha: float = ...,
        shift: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

derf: _Derf

class _DynamicTanh(Function):
    r"""dynamic_tanh(x, alpha=0.5, *, out=None)

    DynamicTanh: tanh(alpha * x)

    Takes the place of layer normalization in transformers: it bounds large activations
    without the mean and variance of a row. It is said to match normalization in
    transformers, and to do worse in place of batch normalization in ResNets. Learn alpha;
    fixed, it is only a tanh of another scale.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    alpha : float
        Finite. The default is 0.5.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``tanh(alpha * x)``

    Derivative: ``alpha * (1 - tanh(alpha * x)^2)``

    Source: Zhu, Chen, He, LeCun & Liu 2025 (Transformers without Normalization),
    arXiv:2503.10622.

    The paper's DyT multiplies by a weight and adds a bias for each channel, an affine layer
    behind this function. One alpha serves a whole layer; it begins with 0.5.

    ``actfn.function()`` reads it by these names too: dyt.

    Examples
    --------
    >>> import actfn
    >>> actfn.dynamic_tanh([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.76159416, -0.24491866,  0.        ,  0.24491866,  0.76159416])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        alpha: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        alpha: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

dynamic_tanh: _DynamicTanh

class _Elish(Function):
    r"""elish(x, *, out=None)

    ELiSH: x >= 0 ? x * s : (exp(x) - 1) * s, s = 1 / (1 + exp(-x))

    Found by a search over combinations: silu on the right, and on the left elu times a
    sigmoid. It is smooth at 0 up to the first derivative and goes back to 0 for large
    negative x; its gains over silu are small.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x >= 0 ? x * s : (exp(x) - 1) * s, s = 1 / (1 + exp(-x))``

    Derivative: ``x >= 0 ? s + x * s * (1 - s) : s * (exp(x) + (exp(x) - 1) * (1 - s))``

    Source: Basirat & Roth 2018, arXiv:1808.00783.

    silu from 0 on. The derivative is 1/2 on both sides of 0; the second derivative jumps
    there from 1 to 1/2, its value at 0.

    Examples
    --------
    >>> import actfn
    >>> actfn.elish([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.10307056, -0.14855068,  0.        ,  0.31122967,  1.76159416])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

elish: _Elish

class _Elu(Function):
    r"""elu(x, alpha=1.0, *, out=None)

    ELU: x > 0 ? x : alpha * (exp(x) - 1)

    Relu for x > 0; below 0 it falls smoothly to -alpha, so that units have a gradient there
    and their mean is nearer to 0. It is said to learn faster than relu in networks of more
    than five layers. It costs an exponential, and far below 0 the gradient vanishes.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    alpha : float
        Finite. The default is 1.0.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x > 0 ? x : alpha * (exp(x) - 1)``

    Derivative: ``x > 0 ? 1 : alpha * exp(x)``

    Source: Clevert, Unterthiner & Hochreiter 2015, arXiv:1511.07289.

    Examples
    --------
    >>> import actfn
    >>> actfn.elu([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.86466472, -0.39346934,  0.        ,  0.5       ,  2.        ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        alpha: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        alpha: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

elu: _Elu

class _Exp(Function):
    r"""exp(x, *, out=None)

    Exp: exp(x)

    Makes any number positive: for rates, scales and other outputs that must be greater than
    0. As a hidden layer it is a bad choice: value and gradient grow without bound, and
    float32 overflows beyond 88.7. Softplus is the tame choice.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``exp(x)``

    Derivative: ``exp(x)``

    Source: Keras, keras.activations.exponential.

    ``actfn.function()`` reads it by these names too: exponential.

    Examples
    --------
    >>> import actfn
    >>> actfn.exp([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([0.13533528, 0.60653066, 1.        , 1.64872127, 7.3890561 ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

exp: _Exp

class _Gaussian(Function):
    r"""gaussian(x, *, out=None)

    Gaussian: exp(-x^2)

    A bump: it answers to x near 0 and is nearly 0 far away. For radial basis networks, on
    the distance to a centre, and for networks that take coordinates as input. Far from 0
    the gradient vanishes, so a unit that starts far from the data hardly learns.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``exp(-x^2)``

    Derivative: ``-2x exp(-x^2)``

    Source: Broomhead & Lowe 1988, radial basis functions.

    ``actfn.function()`` reads it by these names too: radbas.

    Examples
    --------
    >>> import actfn
    >>> actfn.gaussian([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([0.01831564, 0.77880078, 1.        , 0.77880078, 0.01831564])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

gaussian: _Gaussian

class _Gelu(Function):
    r"""gelu(x, approximate='none', *, out=None)

    GELU: approximate=none: x * Phi(x); tanh: 0.5 * x * (1 + tanh(sqrt(2/pi) * (x + 0.044715 * x^3)))

    The usual activation of transformers such as BERT and GPT-2: smooth, near x for large x,
    with a small dip below 0 where relu has no gradient. Use the form that a model was
    trained with (GPT-2 has tanh). It costs more than relu.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    approximate : {'none', 'tanh'}
        The default is 'none'.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``approximate=none: x * Phi(x); tanh: 0.5 * x * (1 + tanh(sqrt(2/pi) * (x +
    0.044715 * x^3)))``

    Derivative: ``none: Phi(x) + x * phi(x); tanh: the derivative of that form``

    Source: Hendrycks & Gimpel 2016, arXiv:1606.08415.

    Exact by default in PyTorch, ONNX and keras.activations; the tanh form is jax.nn's and
    keras.ops' default. They differ by at most 4.74e-4.

    ``actfn.function()`` reads it by these names too: fast_gelu, flax.linen.gelu,
    flax.nnx.gelu, gelu_accurate, gelu_approx, gelu_erf, gelu_fast, gelu_new, gelu_python,
    gelu_python_tanh, gelu_pytorch_tanh, gelu_tanh, ggml_gelu, jax.nn.gelu, keras.ops.gelu.

    Examples
    --------
    >>> import actfn
    >>> actfn.gelu([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.04550026, -0.15426877,  0.        ,  0.34573123,  1.95449974])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        approximate: Literal["none", "tanh"] = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        approximate: Literal["none", "tanh"] = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

gelu: _Gelu

class _HardMish(Function):
    r"""hard_mish(x, *, out=None)

    HardMish: x / 2 * min(2, max(0, x + 2))

    Mish made of a parabola and two straight pieces, without exponentials: for small
    devices. From -2 down value and gradient are 0, so units can die as with relu. timm
    calls it experimental.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x / 2 * min(2, max(0, x + 2))``

    Derivative: ``x <= -2 ? 0 : x < 0 ? x + 1 : 1``

    Source: Misra 2020, github.com/digantamisra98/H-Mish.

    timm has it as HardMish. At -2 the derivative is 0 here and -1 in timm's HardMishMe. At
    -inf the formula as written gives NaN; here it is 0, the limit.

    ``actfn.function()`` reads it by these names too: h_mish.

    Examples
    --------
    >>> import actfn
    >>> actfn.hard_mish([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.   , -0.375,  0.   ,  0.5  ,  2.   ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

hard_mish: _HardMish

class _Hardshrink(Function):
    r"""hardshrink(x, lambd=0.5, *, out=None)

    Hardshrink: |x| > lambd ? x : 0

    Sets small values to 0 and leaves the others as they are: for sparse codes and
    denoising, where small coefficients count as noise. It jumps at +-lambd, and between
    them the gradient is 0. Softshrink has no jump.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    lambd : float
        Finite and not negative. The default is 0.5.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``|x| > lambd ? x : 0``

    Derivative: ``|x| > lambd ? 1 : 0``

    Source: Donoho & Johnstone 1994, Biometrika 81(3).

    Examples
    --------
    >>> import actfn
    >>> actfn.hardshrink([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-2., -0.,  0.,  0.,  2.])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        lambd: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        lambd: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

hardshrink: _Hardshrink

class _Hardsigmoid(Function):
    r"""hardsigmoid(x, slope=0.16666666666666666, shift=0.5, *, out=None)

    Hardsigmoid: min(max(slope * x + shift, 0), 1)

    Sigmoid made of three straight pieces: a cheap gate for small devices, as in
    MobileNetV3, and the probability of a binary weight in BinaryConnect. Outside of its
    slope the gradient is exactly 0, so a saturated unit stops learning.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    slope : float
        Finite. The default is 0.16666666666666666.
    shift : float
        Finite. The default is 0.5.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``min(max(slope * x + shift, 0), 1)``

    Derivative: ``0 < slope * x + shift < 1 ? slope : 0``

    Source: Courbariaux, Bengio & David 2015, arXiv:1511.00363; slope 1/6: Howard et al.
    2019, arXiv:1905.02244.

    The slope is 1/6 in PyTorch, Keras 3 and JAX, which makes it min(max(x + 3, 0), 6) / 6;
    ONNX has 0.2.

    ``actfn.function()`` reads it by these names too: h_sigmoid, onnx.HardSigmoid,
    paddle.nn.functional.hardsigmoid, tf_keras.activations.hard_sigmoid.

    Examples
    --------
    >>> import actfn
    >>> actfn.hardsigmoid([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([0.16666667, 0.41666667, 0.5       , 0.58333333, 0.83333333])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        slope: float = ...,
        shift: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        slope: float = ...,
        shift: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

hardsigmoid: _Hardsigmoid

class _Hardswish(Function):
    r"""hardswish(x, *, out=None)

    Hardswish: x * min(max(x + 3, 0), 6) / 6

    Silu without the exponential, made for phones: the activation of MobileNetV3. Choose it
    over silu where exp is expensive or the model is quantized. From -3 down value and
    gradient are 0.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x * min(max(x + 3, 0), 6) / 6``

    Derivative: ``x <= -3 ? 0 : x < 3 ? (2x + 3) / 6 : 1``

    Source: Howard et al. 2019, arXiv:1905.02244.

    ``actfn.function()`` reads it by these names too: h_swish, hard_silu.

    Examples
    --------
    >>> import actfn
    >>> actfn.hardswish([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.33333333, -0.20833333,  0.        ,  0.29166667,  1.66666667])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

hardswish: _Hardswish

class _Hardtanh(Function):
    r"""hardtanh(x, min_val=-1.0, max_val=1.0, *, out=None)

    Hardtanh: min(max(x, min_val), max_val)

    Tanh made of three straight pieces, or a clip to any range: cheap and bounded, for
    quantized and binary networks. Outside of the range the gradient is 0, so a saturated
    unit stops learning.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    min_val : float
        Finite. The default is -1.0.
    max_val : float
        Finite. The default is 1.0.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``min(max(x, min_val), max_val)``

    Derivative: ``min_val < x < max_val ? 1 : 0``

    Source: Collobert 2004, Large Scale Machine Learning.

    max_val must exceed min_val, as float32 holds them.

    ``actfn.function()`` reads it by these names too: relu_0_to_1, relu_n1_to_1, satlin,
    satlins.

    Examples
    --------
    >>> import actfn
    >>> actfn.hardtanh([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-1. , -0.5,  0. ,  0.5,  1. ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        min_val: float = ...,
        max_val: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        min_val: float = ...,
        max_val: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

hardtanh: _Hardtanh

class _Identity(Function):
    r"""identity(x, *, out=None)

    Identity: x

    Passes x on as it is: for the output of a regression, and where a setting must name an
    activation but none is wanted. Between two linear layers it adds nothing: together they
    are one linear layer.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x``

    Derivative: ``1``

    Source: torch.nn.Identity; Keras, linear.

    ``actfn.function()`` reads it by these names too: linear, purelin.

    Examples
    --------
    >>> import actfn
    >>> actfn.identity([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-2. , -0.5,  0. ,  0.5,  2. ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

identity: _Identity

class _Isrlu(Function):
    r"""isrlu(x, alpha=1.0, *, out=None)

    ISRLU: x >= 0 ? x : x / sqrt(1 + alpha * x^2)

    An elu without an exponential: x above 0, and below it a curve that flattens at
    -1/sqrt(alpha), by one inverse square root. It is said to train like elu and to be
    faster. Far below 0 the gradient vanishes.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    alpha : float
        Finite and positive. The default is 1.0.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x >= 0 ? x : x / sqrt(1 + alpha * x^2)``

    Derivative: ``x >= 0 ? 1 : 1 / (1 + alpha * x^2)^(3/2)``

    Source: Carlile, Delamarter, Kinney, Marti & Whitney 2017, arXiv:1710.09967.

    It goes down to -1/sqrt(alpha). Value, derivative and second derivative are continuous
    at 0.

    Examples
    --------
    >>> import actfn
    >>> actfn.isrlu([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.89442719, -0.4472136 ,  0.        ,  0.5       ,  2.        ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        alpha: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        alpha: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

isrlu: _Isrlu

class _Isru(Function):
    r"""isru(x, alpha=1.0, *, out=None)

    ISRU: x / sqrt(1 + alpha * x^2)

    An S curve like tanh by one inverse square root: cheap where exp is expensive, proposed
    for recurrent networks in place of tanh. It saturates as tanh does: for large |x| the
    gradient vanishes.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    alpha : float
        Finite and positive. The default is 1.0.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x / sqrt(1 + alpha * x^2)``

    Derivative: ``1 / (1 + alpha * x^2)^(3/2)``

    Source: Carlile, Delamarter, Kinney, Marti & Whitney 2017, arXiv:1710.09967.

    Its limits are +-1/sqrt(alpha).

    Examples
    --------
    >>> import actfn
    >>> actfn.isru([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.89442719, -0.4472136 ,  0.        ,  0.4472136 ,  0.89442719])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        alpha: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        alpha: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

isru: _Isru

class _Laplace(Function):
    r"""laplace(x, mu=0.707107, sigma=0.282095, *, out=None)

    Laplace: (1 + erf((x - mu) / (sigma sqrt(2)))) / 2

    The attention function of MEGA, in place of softmax: each score becomes a weight from 0
    to 1 without a sum over the row. With the default mu and sigma it imitates relu_squared
    but is bounded, which is said to be more stable. The weights of a row need not sum to 1,
    and for large |x| the gradient vanishes.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    mu : float
        Finite. The default is 0.707107.
    sigma : float
        Finite and positive. The default is 0.282095.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``(1 + erf((x - mu) / (sigma sqrt(2)))) / 2``

    Derivative: ``exp(-((x - mu) / sigma)^2 / 2) / (sigma sqrt(2 pi))``

    Source: Ma et al. 2022 (MEGA), arXiv:2209.10655.

    ``actfn.function()`` reads it by these names too: ndtr.

    Examples
    --------
    >>> import actfn
    >>> actfn.laplace([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([4.13777351e-22, 9.38338117e-06, 6.09445962e-03, 2.31421148e-01, 9.99997710e-01])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        mu: float = ...,
        sigma: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        mu: float = ...,
        sigma: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

laplace: _Laplace

class _LeakyRelu(Function):
    r"""leaky_relu(x, negative_slope=0.01, *, out=None)

    LeakyReLU: x > 0 ? x : negative_slope * x

    Relu with a small slope below 0, so that units keep a gradient and do not die: common in
    the discriminators of GANs and in YOLO's early versions. The slope is one more setting
    to choose. Unlike elu it does not bound negative values.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    negative_slope : float
        Finite. The default is 0.01.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x > 0 ? x : negative_slope * x``

    Derivative: ``x > 0 ? 1 : negative_slope``

    Source: Maas, Hannun & Ng 2013, ICML workshop.

    The slope is 0.01 in PyTorch, ONNX and JAX, 0.2 in Keras' function, 0.3 in Keras' layer.
    At 0 the derivative is the slope here and in PyTorch, 1 in JAX.

    ``actfn.function()`` reads it by these names too: keras.activations.leaky_relu,
    keras.layers.LeakyReLU, keras.ops.leaky_relu, leaky, relie, tf.nn.leaky_relu.

    Examples
    --------
    >>> import actfn
    >>> actfn.leaky_relu([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.02 , -0.005,  0.   ,  0.5  ,  2.   ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        negative_slope: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        negative_slope: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

leaky_relu: _LeakyRelu

class _Lisht(Function):
    r"""lisht(x, *, out=None)

    LiSHT: x * tanh(x)

    About |x| for large |x| and a parabola around 0: its gradient vanishes on neither side.
    It gives x and -x the same output, so the sign of the input is lost. Seldom used.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x * tanh(x)``

    Derivative: ``tanh(x) + x * (1 - tanh(x)^2)``

    Source: Roy et al. 2019, arXiv:1901.05894.

    Examples
    --------
    >>> import actfn
    >>> actfn.lisht([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([1.92805516, 0.23105858, 0.        , 0.23105858, 1.92805516])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

lisht: _Lisht

class _LogSigmoid(Function):
    r"""log_sigmoid(x, *, out=None)

    LogSigmoid: -log(1 + exp(-x))

    The logarithm of sigmoid, computed without rounding the probability first: for the
    losses of yes/no outputs and of rankings. As a hidden layer it is seldom used: all its
    outputs are negative.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``-log(1 + exp(-x))``

    Derivative: ``1 / (1 + exp(x))``

    Source: PyTorch, torch.nn.LogSigmoid.

    ``actfn.function()`` reads it by these names too: log_expit.

    Examples
    --------
    >>> import actfn
    >>> actfn.log_sigmoid([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-2.12692801, -0.97407698, -0.69314718, -0.47407698, -0.12692801])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

log_sigmoid: _LogSigmoid

class _Logish(Function):
    r"""logish(x, *, out=None)

    Logish: x * log(1 + s), s = 1 / (1 + exp(-x))

    Swish with log(1 + sigmoid(x)) in place of the sigmoid: smooth, not monotone, and
    flatter than silu for x > 0, where its slope goes to log 2. Its paper reports small
    gains in image networks; few models use it.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x * log(1 + s), s = 1 / (1 + exp(-x))``

    Derivative: ``log(1 + s) + x * s * (1 - s) / (1 + s)``

    Source: Zhu, Zeng, Liu & Zhang 2021, Neurocomputing 458,
    doi:10.1016/j.neucom.2021.06.067.

    The paper's variant alpha * x * log(1 + sigmoid(beta * x)), with alpha = 1 and beta =
    10, is logish(10 x) / 10. For large x it is x log 2, not x.

    Examples
    --------
    >>> import actfn
    >>> actfn.logish([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.22523351, -0.16014989,  0.        ,  0.24197155,  1.26339133])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

logish: _Logish

class _Mish(Function):
    r"""mish(x, *, out=None)

    Mish: x * tanh(log(1 + exp(x)))

    Smooth like silu, with a slightly deeper dip below 0: known from YOLOv4. It is said to
    be a little better than silu and relu in image networks. It costs more than silu.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x * tanh(log(1 + exp(x)))``

    Derivative: ``t + x * (1 - t^2) / (1 + exp(-x)), t = tanh(log(1 + exp(x)))``

    Source: Misra 2019, arXiv:1908.08681.

    Examples
    --------
    >>> import actfn
    >>> actfn.mish([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.25250148, -0.22074377,  0.        ,  0.37524521,  1.94395896])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

mish: _Mish

class _PenalizedTanh(Function):
    r"""penalized_tanh(x, negative_slope=0.25, *, out=None)

    PenalizedTanh: x > 0 ? tanh(x) : negative_slope * tanh(x)

    Tanh with a flatter negative side, so that the two sides differ as in leaky_relu. In a
    comparison of many activations on language tasks it is said to be the most stable one.
    It saturates on both sides, so deep stacks lose gradient.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    negative_slope : float
        Finite. The default is 0.25.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x > 0 ? tanh(x) : negative_slope * tanh(x)``

    Derivative: ``(x > 0 ? 1 : negative_slope) * (1 - tanh(x)^2)``

    Source: Xu, Huang & Li 2016, arXiv:1602.05980.

    The paper writes a for negative_slope, which is what leaky_relu's is: it is leaky_relu
    of tanh. Some implementations divide by a instead. At 0 the derivative is the slope.

    Examples
    --------
    >>> import actfn
    >>> actfn.penalized_tanh([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.2410069 , -0.11552929,  0.        ,  0.46211716,  0.96402758])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        negative_slope: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        negative_slope: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

penalized_tanh: _PenalizedTanh

class _QuickGelu(Function):
    r"""quick_gelu(x, *, out=None)

    QuickGELU: x / (1 + exp(-1.702 x))

    A gelu by one sigmoid, cheaper than the exact form: the activation of CLIP. Use it for
    models that were trained with it. For others it is no replacement: it differs from gelu
    by up to 0.02.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x / (1 + exp(-1.702 x))``

    Derivative: ``s + 1.702 x s (1 - s), s = 1 / (1 + exp(-1.702 x))``

    Source: Hendrycks & Gimpel 2016, arXiv:1606.08415; Hugging Face, quick_gelu.

    Differs from gelu by at most 0.0204. 1.702 is the nearest float32.

    ``actfn.function()`` reads it by these names too: approximate_gelu, gelu_fast_approx,
    gelu_quick.

    Examples
    --------
    >>> import actfn
    >>> actfn.quick_gelu([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.06434138, -0.14961156,  0.        ,  0.35038844,  1.93565862])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

quick_gelu: _QuickGelu

class _Rational(Function):
    r"""rational(x, a0=0.03355815733452378, a1=0.5050059186781659, a2=1.6534697310952233, a3=2.0100501552600014, a4=0.9319195586484518, a5=0.15242646398275836, b1=4.812831860534153e-05, b2=3.9802479055059194, b3=1.5837587665720168e-05, b4=0.30183382839661377, *, out=None)

    Rational: (a0 + a1 x + a2 x^2 + a3 x^3 + a4 x^4 + a5 x^5) / (1 + |s|), s = b1 x + b2 x^2 + b3 x^3 + b4 x^4

    A quotient of polynomials whose ten coefficients are learned, so that the network finds
    its own activation; it starts near leaky_relu. It can fit better with fewer layers, and
    it is dear: keep an eye on weight decay and on inputs far from 0, where the leading
    coefficients decide.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    a0 : float
        Finite. The default is 0.03355815733452378.
    a1 : float
        Finite. The default is 0.5050059186781659.
    a2 : float
        Finite. The default is 1.6534697310952233.
    a3 : float
        Finite. The default is 2.0100501552600014.
    a4 : float
        Finite. The default is 0.9319195586484518.
    a5 : float
        Finite. The default is 0.15242646398275836.
    b1 : float
        Finite. The default is 4.812831860534153e-05.
    b2 : float
        Finite. The default is 3.9802479055059194.
    b3 : float
        Finite. The default is 1.5837587665720168e-05.
    b4 : float
        Finite. The default is 0.30183382839661377.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``(a0 + a1 x + a2 x^2 + a3 x^3 + a4 x^4 + a5 x^5) / (1 + |s|), s = b1 x + b2
    x^2 + b3 x^3 + b4 x^4``

    Derivative: ``(p' q - p q') / q^2, where f = p / q; |s|' counts as 0 where s = 0, as at
    x = 0``

    Source: Molina, Schramowski & Kersting 2020, arXiv:1907.06732, the safe PAU.

    Version B of the package rational-activations; there version A has 1 + |b1 x| + |b2 x^2|
    + ... below, and version C 0.1 + |b0 + b1 x + ...|. The defaults are the package's for
    leaky_relu(0.01), which they fit on [-3, 3]: far out they are a line of slope 0.505 on
    both sides.

    Examples
    --------
    >>> import actfn
    >>> actfn.rational([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-1.88463373e-02, -1.66442838e-03,  3.35581573e-02,  5.03335134e-01,
            2.00115391e+00])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        a0: float = ...,
        a1: float = ...,
        a2: float = ...,
        a3: float = ...,
        a4: float = ...,
        a5: float = ...,
        b1: float = ...,
        b2: float = ...,
        b3: float = ...,
        b4: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        a0: float = ...,
        a1: float = ...,
        a2: float = ...,
        a3: float = ...,
        a4: float = ...,
        a5: float = ...,
        b1: float = ...,
        b2: float = ...,
        b3: float = ...,
        b4: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

rational: _Rational

class _Relu(Function):
    r"""relu(x, *, out=None)

    ReLU: max(x, 0)

    The first choice for hidden layers: cheap, sparse, and with the gradient 1 for every
    positive x, so that it does not vanish with depth. A unit whose x is negative for all
    data gets no gradient and stays dead, which high learning rates make more likely.
    Initialize by He's rule.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``max(x, 0)``

    Derivative: ``x > 0 ? 1 : 0``

    Source: Nair & Hinton 2010, ICML.

    ``actfn.function()`` reads it by these names too: poslin.

    Examples
    --------
    >>> import actfn
    >>> actfn.relu([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([0. , 0. , 0. , 0.5, 2. ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

relu: _Relu

class _Relu6(Function):
    r"""relu6(x, *, out=None)

    ReLU6: min(max(x, 0), 6)

    Relu with the cap 6: the range is known, which helps arithmetic with few bits. The
    activation of MobileNetV2. Below 0 and above 6 the gradient is 0.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``min(max(x, 0), 6)``

    Derivative: ``0 < x < 6 ? 1 : 0``

    Source: Krizhevsky 2010, Convolutional Deep Belief Networks on CIFAR-10.

    Examples
    --------
    >>> import actfn
    >>> actfn.relu6([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([0. , 0. , 0. , 0.5, 2. ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

relu6: _Relu6

class _ReluSquared(Function):
    r"""relu_squared(x, *, out=None)

    ReLUSquared: max(x, 0)^2

    Relu, squared: as sparse as relu, and with a continuous slope at 0. Found by a search
    for better language models (Primer), and used in some, such as Nemotron. Values grow
    with the square of x: float16 overflows from x = 256 on.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``max(x, 0)^2``

    Derivative: ``x > 0 ? 2x : 0``

    Source: So et al. 2021 (Primer), arXiv:2109.08668.

    ``actfn.function()`` reads it by these names too: relu2, sqrelu, squared_relu.

    Examples
    --------
    >>> import actfn
    >>> actfn.relu_squared([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([0.  , 0.  , 0.  , 0.25, 4.  ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

relu_squared: _ReluSquared

class _Selu(Function):
    r"""selu(x, *, out=None)

    SELU: scale * (x > 0 ? x : alpha * (exp(x) - 1)), scale = 1.0507009873554805, alpha = 1.6732632423543772

    Keeps mean 0 and variance 1 through deep fully connected networks without normalization
    layers. It does so only under its conditions: standardized inputs, LeCun's
    initialization, plain layers in a chain, and alpha_dropout in place of dropout.
    Elsewhere it is an elu with fixed scales.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``scale * (x > 0 ? x : alpha * (exp(x) - 1)), scale = 1.0507009873554805, alpha
    = 1.6732632423543772``

    Derivative: ``x > 0 ? scale : scale * alpha * exp(x)``

    Source: Klambauer, Unterthiner, Mayr & Hochreiter 2017, arXiv:1706.02515.

    Examples
    --------
    >>> import actfn
    >>> actfn.selu([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-1.52016647, -0.69175819,  0.        ,  0.52535049,  2.10140197])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

selu: _Selu

class _Serf(Function):
    r"""serf(x, *, out=None)

    Serf: x * erf(s), s = log(1 + exp(x))

    Mish with erf in place of tanh: it goes to x faster on the right and has a similar dip
    below 0. Its paper reports gains over relu and mish in vision and language; few models
    use it, and it is dear to compute.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x * erf(s), s = log(1 + exp(x))``

    Derivative: ``erf(s) + x * 2/sqrt(pi) * exp(-s^2) / (1 + exp(-x))``

    Source: Nag & Bhattacharyya 2021, arXiv:2108.09598.

    Like mish, with erf in place of tanh.

    Examples
    --------
    >>> import actfn
    >>> actfn.serf([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.28491497, -0.24871327,  0.        ,  0.41582931,  1.99473933])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

serf: _Serf

class _ShiftedRelu(Function):
    r"""shifted_relu(x, *, out=None)

    ShiftedReLU: max(x, -1)

    Relu with its kink at -1, so that outputs can be negative and their mean comes nearer to
    0. The ELU paper compares elu with it; seldom used otherwise. Below -1 the gradient is
    0.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``max(x, -1)``

    Derivative: ``x > -1 ? 1 : 0``

    Source: Clevert, Unterthiner & Hochreiter 2015, arXiv:1511.07289.

    Examples
    --------
    >>> import actfn
    >>> actfn.shifted_relu([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-1. , -0.5,  0. ,  0.5,  2. ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

shifted_relu: _ShiftedRelu

class _Shrink(Function):
    r"""shrink(x, lambd=0.5, bias=0.0, *, out=None)

    Shrink: x < -lambd ? x + bias : x > lambd ? x - bias : 0

    ONNX's shrinkage: lambd sets which values become 0, bias how far the others move towards
    0. bias = 0 is hardshrink, bias = lambd is softshrink. For sparse codes and denoising;
    where it is 0, the gradient is 0 too.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    lambd : float
        Finite and not negative. The default is 0.5.
    bias : float
        Finite. The default is 0.0.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x < -lambd ? x + bias : x > lambd ? x - bias : 0``

    Derivative: ``|x| > lambd ? 1 : 0``

    Source: ONNX, Shrink.

    Examples
    --------
    >>> import actfn
    >>> actfn.shrink([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-2., -0.,  0.,  0.,  2.])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        lambd: float = ...,
        bias: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        lambd: float = ...,
        bias: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

shrink: _Shrink

class _Sigmoid(Function):
    r"""sigmoid(x, *, out=None)

    Sigmoid: 1 / (1 + exp(-x))

    Squeezes x into (0, 1). Use it for the probability of a yes/no output, or as a gate. As
    a hidden layer it learns slowly: its slope is at most 1/4 and vanishes for large |x|,
    and its outputs are not centred at 0.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``1 / (1 + exp(-x))``

    Derivative: ``exp(-x) / (1 + exp(-x))^2``

    Source: Verhulst 1838; Rumelhart, Hinton & Williams 1986, Nature 323.

    ``actfn.function()`` reads it by these names too: expit, logistic, logsig.

    Examples
    --------
    >>> import actfn
    >>> actfn.sigmoid([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([0.11920292, 0.37754067, 0.5       , 0.62245933, 0.88079708])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

sigmoid: _Sigmoid

class _Silu(Function):
    r"""silu(x, *, out=None)

    SiLU: x / (1 + exp(-x))

    A smooth relu: near x for large x, near 0 for very negative x, with a small dip between
    them. The activation of EfficientNet, and the gate inside swiglu in many language
    models. It costs an exponential, and far below 0 the gradient vanishes.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x / (1 + exp(-x))``

    Derivative: ``s + x * s * (1 - s), s = 1 / (1 + exp(-x))``

    Source: Elfwing, Uchibe & Doya 2017, arXiv:1702.03118; Ramachandran, Zoph & Le 2017,
    arXiv:1710.05941.

    ``actfn.function()`` reads it by these names too: sil, swish_1.

    Examples
    --------
    >>> import actfn
    >>> actfn.silu([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.23840584, -0.18877033,  0.        ,  0.31122967,  1.76159416])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

silu: _Silu

class _Sine(Function):
    r"""sine(x, omega=1.0, *, out=None)

    Sine: sin(omega * x)

    For networks that represent an image, a sound or a shape as a function of coordinates
    (SIREN): it gives fine detail, and its derivatives are sines again. It needs SIREN's
    initialization and a fitting omega. Elsewhere it is seldom right: it gives many x the
    same output.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    omega : float
        Finite. The default is 1.0.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``sin(omega * x)``

    Derivative: ``omega * cos(omega * x)``

    Source: Sitzmann et al. 2020 (SIREN), arXiv:2006.09661; there omega is 30.

    Exact for arguments of any size. An infinite x has no limit: NaN.

    ``actfn.function()`` reads it by these names too: sin, siren.

    Examples
    --------
    >>> import actfn
    >>> actfn.sine([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.90929743, -0.47942554,  0.        ,  0.47942554,  0.90929743])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        omega: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        omega: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

sine: _Sine

class _Smish(Function):
    r"""smish(x, *, out=None)

    Smish: x * tanh(log(1 + s)), s = 1 / (1 + exp(-x))

    Mish with a sigmoid inside: smooth, unbounded above, with a shallow dip below 0. Its
    paper reports small gains on image data; it costs more to compute than silu, which is
    the safer choice.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x * tanh(log(1 + s)), s = 1 / (1 + exp(-x))``

    Derivative: ``t + x * (1 - t^2) * s * (1 - s) / (1 + s), t = tanh(log(1 + s))``

    Source: Wang, Ren & Wang 2022, Electronics 11(4):540.

    The paper's alpha * x * tanh(log(1 + sigmoid(beta * x))) with alpha = beta = 1, which it
    recommends. For large x it is 0.6 x, not x.

    Examples
    --------
    >>> import actfn
    >>> actfn.smish([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.22428614, -0.15488898,  0.        ,  0.22469797,  1.11843742])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

smish: _Smish

class _Snake(Function):
    r"""snake(x, alpha=1.0, *, out=None)

    Snake: x + sin(alpha x)^2 / alpha

    x plus a periodic part: for signals with a period, above all audio (vocoders such as
    BigVGAN). alpha sets the frequency and is usually learned. It never decreases, but its
    gradient is 0 at isolated points.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    alpha : float
        Finite. The default is 1.0.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x + sin(alpha x)^2 / alpha``

    Derivative: ``1 + sin(2 alpha x)``

    Source: Ziyin, Hartwig & Ueda 2020, arXiv:2006.08195.

    alpha = 0 gives x, its limit. The derivatives have no limit at an infinite x: NaN.

    Examples
    --------
    >>> import actfn
    >>> actfn.snake([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-1.17317819, -0.27015115,  0.        ,  0.72984885,  2.82682181])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        alpha: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        alpha: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

snake: _Snake

class _SnakeBeta(Function):
    r"""snake_beta(x, alpha=1.0, beta=1.0, *, out=None)

    SnakeBeta: x + sin(alpha x)^2 / beta

    Snake with an amplitude of its own: alpha sets the frequency of the periodic part and
    beta its size. Use it, learned per channel, in networks for audio, which must continue
    waves; for other data relu or silu are simpler.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    alpha : float
        Finite. The default is 1.0.
    beta : float
        Finite and positive. The default is 1.0.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x + sin(alpha x)^2 / beta``

    Derivative: ``1 + alpha / beta * sin(2 alpha x)``

    Source: Lee et al. 2022 (BigVGAN), arXiv:2206.04658, after Ziyin, Hartwig & Ueda 2020,
    arXiv:2006.08195.

    alpha and beta are the effective numbers: BigVGAN stores their logarithms (with
    alpha_logscale) and adds 1e-9 to beta. beta = alpha gives snake. The derivatives have no
    limit at an infinite x: NaN.

    Examples
    --------
    >>> import actfn
    >>> actfn.snake_beta([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-1.17317819, -0.27015115,  0.        ,  0.72984885,  2.82682181])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        alpha: float = ...,
        beta: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        alpha: float = ...,
        beta: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

snake_beta: _SnakeBeta

class _Softcap(Function):
    r"""softcap(x, cap, *, out=None)

    Softcap: cap * tanh(x / cap)

    Leaves small values nearly as they are and keeps large ones within (-cap, cap): for
    attention scores and logits, as in Gemma 2. It keeps them from growing without bound.
    Far beyond cap the gradient vanishes.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    cap : float
        Finite and positive. It has no default; an example is 30.0.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``cap * tanh(x / cap)``

    Derivative: ``1 - tanh(x / cap)^2``

    Source: Gemma Team 2024, arXiv:2408.00118.

    Examples
    --------
    >>> import actfn
    >>> actfn.softcap([-2.0, -0.5, 0.0, 0.5, 2.0], 30.0)
    array([-1.9970423 , -0.49995371,  0.        ,  0.49995371,  1.9970423 ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        cap: float,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        cap: float,
        *,
        out: Any = ...,
    ) -> Any: ...

softcap: _Softcap

class _Softplus(Function):
    r"""softplus(x, beta=1.0, threshold=20.0, *, out=None)

    Softplus: beta * x > threshold ? x : log(1 + exp(beta * x)) / beta

    A smooth relu that is always positive: for outputs that must be greater than 0, such as
    variances and rates. As a hidden layer it is seldom better than relu and costs more. Far
    below 0 the gradient vanishes.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    beta : float
        Finite and positive. The default is 1.0.
    threshold : float
        A number. The default is 20.0.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``beta * x > threshold ? x : log(1 + exp(beta * x)) / beta``

    Derivative: ``beta * x > threshold ? 1 : 1 / (1 + exp(-beta * x))``

    Source: Dugas, Bengio, Bélisle, Nadeau & Garcia 2001, NeurIPS 13.

    beta must be between 2^-100 and 2^100; threshold may be +inf, which never switches, but
    not -inf.

    Examples
    --------
    >>> import actfn
    >>> actfn.softplus([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([0.12692801, 0.47407698, 0.69314718, 0.97407698, 2.12692801])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        beta: float = ...,
        threshold: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        beta: float = ...,
        threshold: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

softplus: _Softplus

class _SoftplusInverse(Function):
    r"""softplus_inverse(x, beta=1.0, *, out=None)

    SoftplusInverse: log(exp(beta * x) - 1) / beta

    Undoes softplus: for the raw number behind a positive parameter, such as a scale, that
    training should start at a chosen value. It is not an activation for hidden layers:
    there is nothing for x < 0.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    beta : float
        Finite and positive. The default is 1.0.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``log(exp(beta * x) - 1) / beta``

    Derivative: ``1 / (1 - exp(-beta * x))``

    Source: TensorFlow Probability, tfp.math.softplus_inverse.

    Defined for x >= 0, with -inf at 0; NaN below 0. It initialises parameters that a
    softplus keeps positive. tfp.math.softplus_inverse has beta = 1; tfp.bijectors.Softplus
    calls 1 / beta hinge_softness. beta must be between 2^-100 and 2^100.

    ``actfn.function()`` reads it by these names too: inv_softplus, inverse_softplus,
    softplus_inv.

    Examples
    --------
    >>> import actfn
    >>> actfn.softplus_inverse([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([        nan,         nan,        -inf, -0.43275213,  1.85458654])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        beta: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        beta: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

softplus_inverse: _SoftplusInverse

class _Softshrink(Function):
    r"""softshrink(x, lambd=0.5, *, out=None)

    Softshrink: x > lambd ? x - lambd : x < -lambd ? x + lambd : 0

    Moves x towards 0 by lambd and sets what is smaller to 0: the step of ISTA, for sparse
    codes and denoising. It has no jump, but makes large values smaller by lambd too.
    Between +-lambd the gradient is 0.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    lambd : float
        Finite and not negative. The default is 0.5.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x > lambd ? x - lambd : x < -lambd ? x + lambd : 0``

    Derivative: ``|x| > lambd ? 1 : 0``

    Source: Donoho & Johnstone 1994, Biometrika 81(3).

    Examples
    --------
    >>> import actfn
    >>> actfn.softshrink([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-1.5, -0. ,  0. ,  0. ,  1.5])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        lambd: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        lambd: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

softshrink: _Softshrink

class _Softsign(Function):
    r"""softsign(x, *, out=None)

    Softsign: x / (1 + |x|)

    An S curve like tanh that comes near its limits more slowly, and needs no exponential.
    It saturates more gently, but for large |x| the gradient still vanishes, as 1/x^2.
    Seldom used today.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x / (1 + |x|)``

    Derivative: ``1 / (1 + |x|)^2``

    Source: Turian, Bergstra & Bengio 2009, NAACL; Glorot & Bengio 2010, AISTATS.

    ``actfn.function()`` reads it by these names too: elliotsig.

    Examples
    --------
    >>> import actfn
    >>> actfn.softsign([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.66666667, -0.33333333,  0.        ,  0.33333333,  0.66666667])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

softsign: _Softsign

class _SparsePlus(Function):
    r"""sparse_plus(x, *, out=None)

    SparsePlus: x <= -1 ? 0 : x < 1 ? (x + 1)^2 / 4 : x

    Softplus made of pieces: exactly 0 up to -1, exactly x from 1 on, a parabola between
    them. It is cheap and sparse, and its slope is continuous. Below -1 no gradient passes,
    as in relu.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x <= -1 ? 0 : x < 1 ? (x + 1)^2 / 4 : x``

    Derivative: ``x <= -1 ? 0 : x < 1 ? (x + 1) / 2 : 1``

    Source: JAX, jax.nn.sparse_plus.

    Examples
    --------
    >>> import actfn
    >>> actfn.sparse_plus([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([0.    , 0.0625, 0.25  , 0.5625, 2.    ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

sparse_plus: _SparsePlus

class _SparseSigmoid(Function):
    r"""sparse_sigmoid(x, *, out=None)

    SparseSigmoid: min(max((x + 1) / 2, 0), 1)

    Sparsemax of the two scores x and 0, as sigmoid is their softmax: for probabilities that
    may be exactly 0 or 1. Outside of (-1, 1) no gradient passes, so a unit that is sure and
    wrong does not learn.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``min(max((x + 1) / 2, 0), 1)``

    Derivative: ``-1 < x < 1 ? 1/2 : 0``

    Source: Courbariaux, Bengio & David 2015, arXiv:1511.00363; JAX.

    Examples
    --------
    >>> import actfn
    >>> actfn.sparse_sigmoid([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([0.  , 0.25, 0.5 , 0.75, 1.  ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

sparse_sigmoid: _SparseSigmoid

class _Squareplus(Function):
    r"""squareplus(x, b=4.0, *, out=None)

    Squareplus: (x + sqrt(x^2 + b)) / 2

    A smooth relu by one square root: much like softplus, and cheaper where exp is
    expensive. b sets how wide the bend is; towards b = 0 it becomes relu. It is always
    positive, and far below 0 its gradient falls only as 1/x^2.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    b : float
        Finite and positive. The default is 4.0.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``(x + sqrt(x^2 + b)) / 2``

    Derivative: ``(1 + x / sqrt(x^2 + b)) / 2``

    Source: Barron 2021, arXiv:2112.11687.

    Examples
    --------
    >>> import actfn
    >>> actfn.squareplus([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([0.41421356, 0.78077641, 1.        , 1.28077641, 2.41421356])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        b: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        b: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

squareplus: _Squareplus

class _StarRelu(Function):
    r"""star_relu(x, scale=0.8944271909999159, bias=-0.4472135954999579, *, out=None)

    StarReLU: scale * max(x, 0)^2 + bias

    relu_squared with a scale and a bias that give mean 0 and variance 1 for standard normal
    x: the activation of the MetaFormer baselines. It is said to be better than gelu there
    with fewer operations. Values grow with the square of x.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    scale : float
        Finite. The default is 0.8944271909999159.
    bias : float
        Finite. The default is -0.4472135954999579.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``scale * max(x, 0)^2 + bias``

    Derivative: ``x > 0 ? 2 * scale * x : 0``

    Source: Yu et al. 2022 (MetaFormer baselines), arXiv:2210.13452.

    The defaults are 2/sqrt(5) and -1/sqrt(5), which the paper gives as 0.8944 and -0.4472:
    for x from N(0, 1), mean 0 and variance 1. timm and the paper's code start from scale =
    1 and bias = 0, and learn both.

    Examples
    --------
    >>> import actfn
    >>> actfn.star_relu([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.4472136 , -0.4472136 , -0.4472136 , -0.2236068 ,  3.13049517])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        scale: float = ...,
        bias: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        scale: float = ...,
        bias: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

star_relu: _StarRelu

class _Step(Function):
    r"""step(x, threshold=0.0, *, out=None)

    Step: x > threshold ? 1 : 0

    A decision: 1 above the threshold, else 0, as in the first artificial neurons. Its
    gradient is 0 everywhere, so nothing before it learns: for evaluation, or with another
    function's gradient in its place.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    threshold : float
        Finite. The default is 0.0.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x > threshold ? 1 : 0``

    Derivative: ``0``

    Source: McCulloch & Pitts 1943, Bulletin of Mathematical Biophysics 5.

    At the threshold it is 0, as in ggml (STEP) and torch.heaviside with values = 0; NumPy's
    heaviside takes that value as an argument too. MLX's step (0.32) gives 1 there.

    ``actfn.function()`` reads it by these names too: heaviside.

    Examples
    --------
    >>> import actfn
    >>> actfn.step([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([0., 0., 0., 1., 1.])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        threshold: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        threshold: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

step: _Step

class _Swish(Function):
    r"""swish(x, beta=1.0, *, out=None)

    Swish: x / (1 + exp(-beta x))

    Silu with a parameter: beta = 1 is silu, beta = 0 is x / 2, and a large beta comes near
    relu. beta can be learned: learnable(swish). Most models keep beta = 1.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    beta : float
        Finite. The default is 1.0.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x / (1 + exp(-beta x))``

    Derivative: ``s + beta x s (1 - s), s = 1 / (1 + exp(-beta x))``

    Source: Ramachandran, Zoph & Le 2017, arXiv:1710.05941; ONNX 24.

    silu is swish with beta = 1. Hugging Face, Keras, JAX and timm say swish and mean silu.

    ``actfn.function()`` reads it by these names too: onnx.Swish.

    Examples
    --------
    >>> import actfn
    >>> actfn.swish([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.23840584, -0.18877033,  0.        ,  0.31122967,  1.76159416])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        beta: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        beta: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

swish: _Swish

class _Tanh(Function):
    r"""tanh(x, *, out=None)

    Tanh: tanh(x)

    Squeezes x into (-1, 1), centred at 0: for the states of recurrent networks and for
    outputs in a known range. As a hidden layer it learns better than sigmoid, but for large
    |x| the gradient still vanishes.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``tanh(x)``

    Derivative: ``1 - tanh(x)^2``

    Source: LeCun, Bottou, Orr & Müller 1998, Efficient BackProp.

    ``actfn.function()`` reads it by these names too: tansig.

    Examples
    --------
    >>> import actfn
    >>> actfn.tanh([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.96402758, -0.46211716,  0.        ,  0.46211716,  0.96402758])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

tanh: _Tanh

class _Tanhshrink(Function):
    r"""tanhshrink(x, *, out=None)

    Tanhshrink: x - tanh(x)

    What tanh leaves of x: small values become nearly 0, like x^3 / 3, and large ones lose
    1. It is a smooth shrinkage for sparse codes. Around 0 the gradient vanishes, so small
    inputs hardly learn; seldom used.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x - tanh(x)``

    Derivative: ``tanh(x)^2``

    Source: PyTorch, torch.nn.Tanhshrink.

    Examples
    --------
    >>> import actfn
    >>> actfn.tanhshrink([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-1.03597242, -0.03788284,  0.        ,  0.03788284,  1.03597242])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

tanhshrink: _Tanhshrink

class _Telu(Function):
    r"""telu(x, *, out=None)

    TeLU: x * tanh(exp(x))

    Near x above 0, with a small dip below 0, like mish and silu. It is said to learn as
    fast as relu and as stably as the smooth ones. It costs an exponential and a tanh, and
    far below 0 the gradient vanishes.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x * tanh(exp(x))``

    Derivative: ``tanh(e) + x * e * (1 - tanh(e)^2), e = exp(x)``

    Source: Fernandez & Mali 2024, arXiv:2412.20269.

    ``actfn.function()`` reads it by these names too: tanh_exp.

    Examples
    --------
    >>> import actfn
    >>> actfn.telu([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-0.26903008, -0.27084017,  0.        ,  0.46434097,  1.99999847])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        out: Any = ...,
    ) -> Any: ...

telu: _Telu

class _Threshold(Function):
    r"""threshold(x, threshold, value, *, out=None)

    Threshold: x > threshold ? x : value

    Keeps what is above a threshold and puts one value in place of the rest; with both
    parameters 0 it is relu. For cutting off small values. It jumps where value differs from
    threshold, and no gradient passes below.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    threshold : float
        Finite. It has no default; an example is 0.1.
    value : float
        Finite. It has no default; an example is 20.0.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x > threshold ? x : value``

    Derivative: ``x > threshold ? 1 : 0``

    Source: PyTorch, torch.nn.Threshold.

    Both parameters are required, as in PyTorch.

    Examples
    --------
    >>> import actfn
    >>> actfn.threshold([-2.0, -0.5, 0.0, 0.5, 2.0], 0.1, 20.0)
    array([20. , 20. , 20. ,  0.5,  2. ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        threshold: float,
        value: float,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        threshold: float,
        value: float,
        *,
        out: Any = ...,
    ) -> Any: ...

threshold: _Threshold

class _ThresholdedRelu(Function):
    r"""thresholded_relu(x, alpha=1.0, *, out=None)

    ThresholdedReLU: x > alpha ? x : 0

    Passes only x above alpha: for features that count only when they are strong, as in
    autoencoders without biases. It jumps from 0 to alpha, and below alpha there is no
    gradient, so units can die.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    alpha : float
        Finite. The default is 1.0.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x > alpha ? x : 0``

    Derivative: ``x > alpha ? 1 : 0``

    Source: Konda, Memisevic & Krueger 2014, arXiv:1402.3337; ONNX.

    Examples
    --------
    >>> import actfn
    >>> actfn.thresholded_relu([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([0., 0., 0., 0., 2.])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        alpha: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        alpha: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

thresholded_relu: _ThresholdedRelu

class _Xielu(Function):
    r"""xielu(x, alpha_p=0.8, alpha_n=0.8, beta=0.5, eps=-1e-06, *, out=None)

    xIELU: x > 0 ? alpha_p x^2 + beta x : alpha_n (exp(min(x, eps)) - 1 - x) + beta x

    A parabola above 0 and an integral of elu below, each with a learned strength: made for
    language models, and used in Apertus. It is said to reach a lower loss than relu_squared
    and swiglu of the same size. Values grow with the square of x.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    alpha_p : float
        Finite. The default is 0.8.
    alpha_n : float
        Finite. The default is 0.8.
    beta : float
        Finite. The default is 0.5.
    eps : float
        Finite and not positive. The default is -1e-06.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x > 0 ? alpha_p x^2 + beta x : alpha_n (exp(min(x, eps)) - 1 - x) + beta x``

    Derivative: ``x > 0 ? 2 alpha_p x + beta : x <= eps ? alpha_n (exp(x) - 1) + beta : beta
    - alpha_n``

    Source: Huang & Schlag 2024, arXiv:2411.13010; Hugging Face.

    alpha_p and alpha_n are the effective factors: models store a with alpha_p = softplus(a)
    and b with alpha_n = beta + softplus(b). eps is Hugging Face's; eps = 0 gives the
    paper's definition.

    Examples
    --------
    >>> import actfn
    >>> actfn.xielu([-2.0, -0.5, 0.0, 0.5, 2.0])
    array([-9.17317734e-02, -1.64775472e-01, -7.99999600e-07,  4.50000000e-01,
            4.20000000e+00])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        alpha_p: float = ...,
        alpha_n: float = ...,
        beta: float = ...,
        eps: float = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        alpha_p: float = ...,
        alpha_n: float = ...,
        beta: float = ...,
        eps: float = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

xielu: _Xielu

class _Softmax(Function):
    r"""softmax(x, axis=-1, *, temperature=1.0, where=None, out=None)

    Softmax: exp(z_i) / sum_j exp(z_j), z = x / temperature

    Turns scores into probabilities that sum to 1: the last layer of a classifier, and the
    weights of attention. A high temperature makes them even, a low one picks the largest.
    Train with log_softmax: the logarithm of a small probability loses nothing there.
    Entries far below the largest get hardly any gradient.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    temperature : float
        Finite and positive. The default is 1.0.
    where : array_like of bool, optional
        The entries that take part. It broadcasts to x's shape.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x; an
        axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``exp(z_i) / sum_j exp(z_j), z = x / temperature``

    Derivative: ``dy_i/dx_j = y_i * ((i == j) - y_j) / temperature``

    Source: Bridle 1990, Neurocomputing: 227-236.

    PyTorch, JAX and ONNX have no temperature: divide x by it there. A row without any entry
    (all masked, or all -inf) gives zeros here, NaN in PyTorch.

    ``actfn.function()`` reads it by these names too: softargmax, softmax2d.

    Examples
    --------
    >>> import actfn
    >>> actfn.softmax([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    array([[0.09003057, 0.24472847, 0.66524096],
           [0.33333333, 0.33333333, 0.33333333]])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        temperature: float = ...,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        temperature: float = ...,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> Any: ...

softmax: _Softmax

class _Softmin(Function):
    r"""softmin(x, axis=-1, *, temperature=1.0, where=None, out=None)

    Softmin: softmax(-x)

    Gives the smallest entries the largest probabilities: for distances and costs, where
    less is better. Train with log_softmax of -x. Entries far above the smallest get next to
    nothing, and hardly any gradient.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    temperature : float
        Finite and positive. The default is 1.0.
    where : array_like of bool, optional
        The entries that take part. It broadcasts to x's shape.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x; an
        axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``softmax(-x)``

    Derivative: ``dy_i/dx_j = -y_i * ((i == j) - y_j) / temperature``

    Source: PyTorch: torch.nn.Softmin.

    Examples
    --------
    >>> import actfn
    >>> actfn.softmin([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    array([[0.66524096, 0.24472847, 0.09003057],
           [0.33333333, 0.33333333, 0.33333333]])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        temperature: float = ...,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        temperature: float = ...,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> Any: ...

softmin: _Softmin

class _LogSoftmax(Function):
    r"""log_softmax(x, axis=-1, *, temperature=1.0, where=None, out=None)

    LogSoftmax: z_i - log(sum_j exp(z_j)), z = x / temperature

    The logarithms of softmax, computed without taking the logarithm of a rounded number.
    Use it before a cross entropy; softmax and a logarithm lose the small probabilities.
    Where probabilities themselves are needed, take softmax.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    temperature : float
        Finite and positive. The default is 1.0.
    where : array_like of bool, optional
        The entries that take part. It broadcasts to x's shape.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x; an
        axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``z_i - log(sum_j exp(z_j)), z = x / temperature``

    Derivative: ``dy_i/dx_j = ((i == j) - exp(y_j)) / temperature``

    Source: Bridle 1990, Neurocomputing: 227-236.

    Examples
    --------
    >>> import actfn
    >>> actfn.log_softmax([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    array([[-2.40760596, -1.40760596, -0.40760596],
           [-1.09861229, -1.09861229, -1.09861229]])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        temperature: float = ...,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        temperature: float = ...,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> Any: ...

log_softmax: _LogSoftmax

class _Sparsemax(Function):
    r"""sparsemax(x, axis=-1, *, where=None, out=None)

    Sparsemax: max(0, x_i - tau), tau such that the row sums to 1

    Probabilities of which many are exactly 0: attention that one can read. Entries that are
    0 get no gradient, so an entry far behind the others stops learning.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    where : array_like of bool, optional
        The entries that take part. It broadcasts to x's shape.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x; an axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``max(0, x_i - tau), tau such that the row sums to 1``

    Derivative: ``dy_i/dx_j = (i == j) - 1 / n where y_i > 0 and y_j > 0, n such entries;
    else 0``

    Source: Martins & Astudillo 2016, arXiv:1602.02068.

    Examples
    --------
    >>> import actfn
    >>> actfn.sparsemax([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    array([[0.        , 0.        , 1.        ],
           [0.33333333, 0.33333333, 0.33333333]])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> Any: ...

sparsemax: _Sparsemax

class _Entmax(Function):
    r"""entmax(x, axis=-1, *, alpha=1.5, where=None, out=None)

    Entmax: max(0, (alpha - 1) * x_i - tau)^(1 / (alpha - 1)), tau such that the row sums to 1

    Between softmax (alpha = 1) and sparsemax (alpha = 2): some probabilities are exactly 0,
    and the curve stays smooth for alpha < 2. 1.5 is the usual choice for sparse attention.
    It costs more than softmax.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    alpha : float
        Finite and at least 1. The default is 1.5.
    where : array_like of bool, optional
        The entries that take part. It broadcasts to x's shape.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x; an
        axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``max(0, (alpha - 1) * x_i - tau)^(1 / (alpha - 1)), tau such that the row sums
    to 1``

    Derivative: ``dy_i/dx_j = s_i * ((i == j) - s_j / sum(s)), s = y^(2 - alpha) where y >
    0, else 0``

    Source: Peters, Niculae & Martins 2019, arXiv:1905.05702.

    ``actfn.function()`` reads it by these names too: entmax15, entmax_bisect.

    Examples
    --------
    >>> import actfn
    >>> actfn.entmax([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    array([[0.        , 0.16928109, 0.83071891],
           [0.33333333, 0.33333333, 0.33333333]])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        alpha: float = ...,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        alpha: float = ...,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> Any: ...

entmax: _Entmax

class _Hardmax(Function):
    r"""hardmax(x, axis=-1, *, where=None, out=None)

    Hardmax: 1 for the first of the largest entries, 0 for the others

    The decision itself, one-hot. Its derivative is 0 everywhere, so nothing before it
    learns: for evaluation, or with softmax's gradient in its place.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    where : array_like of bool, optional
        The entries that take part. It broadcasts to x's shape.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x; an axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``1 for the first of the largest entries, 0 for the others``

    Derivative: ``0``

    Source: ONNX: Hardmax.

    Examples
    --------
    >>> import actfn
    >>> actfn.hardmax([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> Any: ...

hardmax: _Hardmax

class _Softmax1(Function):
    r"""softmax1(x, axis=-1, *, sink=0.0, where=None, out=None)

    Softmax1: exp(x_i) / (exp(sink) + sum_j exp(x_j))

    For attention: a head that finds nothing to attend to gives weights near 0 instead of
    weights that must sum to 1, so no token has to serve as a dump. It needs weights that
    were trained with it; a learned sink a head, as in gpt-oss, is the usual form.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    sink : float
        Finite. The default is 0.0.
    where : array_like of bool, optional
        The entries that take part. It broadcasts to x's shape.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x; an
        axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``exp(x_i) / (exp(sink) + sum_j exp(x_j))``

    Derivative: ``dy_i/dx_j = y_i * ((i == j) - y_j)``

    Source: Miller 2023, Attention Is Off By One.

    sink = 0 is off_by_one of TransformerEngine; its learnable type and gpt-oss have a sink
    for each head. The sink's own probability is 1 - sum(y).

    ``actfn.function()`` reads it by these names too: quiet_softmax, softmax_off_by_one,
    softmax_one.

    Examples
    --------
    >>> import actfn
    >>> actfn.softmax1([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    array([[0.08714432, 0.23688282, 0.64391426],
           [0.25      , 0.25      , 0.25      ]])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        sink: float = ...,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        sink: float = ...,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> Any: ...

softmax1: _Softmax1

class _Logsumexp(Function):
    r"""logsumexp(x, axis=-1, *, keepdims=False, where=None, out=None)

    LogSumExp: log(sum_j exp(x_j))

    A maximum that is smooth: the largest entry and a little more, at most log(n). The
    denominator of softmax, as a logarithm that does not overflow. Its gradient is
    softmax(x): entries far below the largest get next to none.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    keepdims : bool
        Whether the axis stays, with the length 1.
    where : array_like of bool, optional
        The entries that take part. It broadcasts to x's shape.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape with the axis reduced to 1, or without it.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x; an axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``log(sum_j exp(x_j))``

    Derivative: ``dy/dx_i = exp(x_i - y)``

    Source: PyTorch: torch.logsumexp.

    ``actfn.function()`` reads it by these names too: reduce_logsumexp.

    Examples
    --------
    >>> import actfn
    >>> actfn.logsumexp([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    array([3.40760596, 1.09861229])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        keepdims: bool = ...,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        keepdims: bool = ...,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> Any: ...

logsumexp: _Logsumexp

class _Logmeanexp(Function):
    r"""logmeanexp(x, axis=-1, *, keepdims=False, where=None, out=None)

    LogMeanExp: log(mean_j exp(x_j))

    A mean that leans to the largest entries; between the mean and the maximum, whatever the
    row's length. For averages of likelihoods that are held as logarithms. Its gradient is
    softmax(x): entries far below the largest get next to none.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    keepdims : bool
        Whether the axis stays, with the length 1.
    where : array_like of bool, optional
        The entries that take part. It broadcasts to x's shape.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape with the axis reduced to 1, or without it.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x; an axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``log(mean_j exp(x_j))``

    Derivative: ``dy/dx_i = softmax(x)_i``

    Source: JAX: jax.nn.logmeanexp.

    log(n) counts the entries that the mask leaves, as JAX's where does.

    ``actfn.function()`` reads it by these names too: reduce_logmeanexp.

    Examples
    --------
    >>> import actfn
    >>> actfn.logmeanexp([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    array([2.30899368, 0.        ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        keepdims: bool = ...,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        keepdims: bool = ...,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> Any: ...

logmeanexp: _Logmeanexp

class _Glu(Function):
    r"""glu(x, axis=-1, *, b=None, packing='halves', out=None)

    GLU: a * sigmoid(b)

    The first gated linear unit: one half of the features decides how much of the other
    passes. It needs twice the weights of a plain activation for the same width.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    b : array_like, optional
        The second operand. x is the first one then; without it, x has both along the axis.
    packing : {'halves', 'interleaved'}
        How x has the operands: a0 a1 ... b0 b1 ..., or a0 b0 a1 b1 ...
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; x has twice y's length along the axis; or a and b have y's
        shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x; an axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    a and b are the operands.

    Formula: ``a * sigmoid(b)``

    Derivative: ``dy/da = sigmoid(b), dy/db = a * sigmoid'(b)``

    Source: Dauphin et al. 2016, arXiv:1612.08083.

    The second half is the gate, as in PyTorch; all other gates here have it first.

    ``actfn.function()`` reads it by these names too: glu_mlp.

    Examples
    --------
    >>> import actfn
    >>> actfn.glu([1.0, -2.0, 0.5, 3.0])
    array([ 0.62245933, -1.90514825])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        b: ArrayLike | _DLPack | None = ...,
        packing: Literal["halves", "interleaved"] = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        b: ArrayLike | _DLPack | None = ...,
        packing: Literal["halves", "interleaved"] = ...,
        out: Any = ...,
    ) -> Any: ...

glu: _Glu

class _Bilinear(Function):
    r"""bilinear(x, axis=-1, *, b=None, packing='halves', out=None)

    Bilinear: a * b

    A gate without a nonlinearity of its own: the product of two linear maps. It is said to
    do better than plain relu in transformers. Nothing bounds the product.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    b : array_like, optional
        The second operand. x is the first one then; without it, x has both along the axis.
    packing : {'halves', 'interleaved'}
        How x has the operands: a0 a1 ... b0 b1 ..., or a0 b0 a1 b1 ...
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; x has twice y's length along the axis; or a and b have y's
        shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x; an axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    a and b are the operands.

    Formula: ``a * b``

    Derivative: ``dy/da = b, dy/db = a``

    Source: Shazeer 2020, arXiv:2002.05202.

    Examples
    --------
    >>> import actfn
    >>> actfn.bilinear([1.0, -2.0, 0.5, 3.0])
    array([ 0.5, -6. ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        b: ArrayLike | _DLPack | None = ...,
        packing: Literal["halves", "interleaved"] = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        b: ArrayLike | _DLPack | None = ...,
        packing: Literal["halves", "interleaved"] = ...,
        out: Any = ...,
    ) -> Any: ...

bilinear: _Bilinear

class _Reglu(Function):
    r"""reglu(x, axis=-1, *, b=None, packing='halves', out=None)

    ReGLU: relu(a) * b

    A gate that closes completely: sparse, and the cheapest of the family. Where a <= 0
    neither operand gets a gradient.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    b : array_like, optional
        The second operand. x is the first one then; without it, x has both along the axis.
    packing : {'halves', 'interleaved'}
        How x has the operands: a0 a1 ... b0 b1 ..., or a0 b0 a1 b1 ...
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; x has twice y's length along the axis; or a and b have y's
        shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x; an axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    a and b are the operands.

    Formula: ``relu(a) * b``

    Derivative: ``dy/da = f'(a) * b, dy/db = f(a), f = relu``

    Source: Shazeer 2020, arXiv:2002.05202.

    Examples
    --------
    >>> import actfn
    >>> actfn.reglu([1.0, -2.0, 0.5, 3.0])
    array([0.5, 0. ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        b: ArrayLike | _DLPack | None = ...,
        packing: Literal["halves", "interleaved"] = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        b: ArrayLike | _DLPack | None = ...,
        packing: Literal["halves", "interleaved"] = ...,
        out: Any = ...,
    ) -> Any: ...

reglu: _Reglu

class _Geglu(Function):
    r"""geglu(x, axis=-1, *, approximate='none', b=None, packing='halves', out=None)

    GEGLU: gelu(a) * b

    The gate of T5 1.1 and Gemma. Like swiglu in quality; it costs a little more. As with
    every gate, the layer before it gives twice the features.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    approximate : {'none', 'tanh'}
        The default is 'none'.
    b : array_like, optional
        The second operand. x is the first one then; without it, x has both along the axis.
    packing : {'halves', 'interleaved'}
        How x has the operands: a0 a1 ... b0 b1 ..., or a0 b0 a1 b1 ...
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; x has twice y's length along the axis; or a and b have y's
        shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x; an
        axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    a and b are the operands.

    Formula: ``gelu(a) * b``

    Derivative: ``dy/da = f'(a) * b, dy/db = f(a), f = gelu``

    Source: Shazeer 2020, arXiv:2002.05202.

    Gemma and T5 1.1 use the tanh form; Hugging Face's GEGLU of diffusers uses the exact one
    with the gate second.

    ``actfn.function()`` reads it by these names too: gated_gelu, geglu_erf, gelu_and_mul,
    gelu_tanh_and_mul, ggml_geglu, liger_geglu, megatron.geglu.

    Examples
    --------
    >>> import actfn
    >>> actfn.geglu([1.0, -2.0, 0.5, 3.0])
    array([ 0.42067237, -0.13650079])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        approximate: Literal["none", "tanh"] = ...,
        b: ArrayLike | _DLPack | None = ...,
        packing: Literal["halves", "interleaved"] = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        approximate: Literal["none", "tanh"] = ...,
        b: ArrayLike | _DLPack | None = ...,
        packing: Literal["halves", "interleaved"] = ...,
        out: Any = ...,
    ) -> Any: ...

geglu: _Geglu

class _Swiglu(Function):
    r"""swiglu(x, axis=-1, *, beta=1.0, b=None, packing='halves', out=None)

    SwiGLU: a * sigmoid(beta * a) * b

    The gate of LLaMA and of many language models after it. A feed-forward layer with it
    usually gets two thirds of the width, so that the number of weights is that of a layer
    without a gate.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    beta : float
        Finite. The default is 1.0.
    b : array_like, optional
        The second operand. x is the first one then; without it, x has both along the axis.
    packing : {'halves', 'interleaved'}
        How x has the operands: a0 a1 ... b0 b1 ..., or a0 b0 a1 b1 ...
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; x has twice y's length along the axis; or a and b have y's
        shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x; an
        axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    a and b are the operands.

    Formula: ``a * sigmoid(beta * a) * b``

    Derivative: ``dy/da = f'(a) * b, dy/db = f(a), f = swish``

    Source: Shazeer 2020, arXiv:2002.05202.

    ONNX 28's SwiGLU(A, B) is swiglu with beta = alpha, a = A, b = B: it has no packed form,
    and rounds a * sigmoid(alpha * a) to the type of A before the product, also in 16 bits.
    LLaMA packs the halves as gate, up; vLLM's silu_and_mul too; mul_and_silu has them the
    other way round.

    ``actfn.function()`` reads it by these names too: liger_swiglu, onnx.SwiGLU,
    silu_and_mul, swiglu_packed.

    Examples
    --------
    >>> import actfn
    >>> actfn.swiglu([1.0, -2.0, 0.5, 3.0])
    array([ 0.36552929, -0.71521753])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        beta: float = ...,
        b: ArrayLike | _DLPack | None = ...,
        packing: Literal["halves", "interleaved"] = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        beta: float = ...,
        b: ArrayLike | _DLPack | None = ...,
        packing: Literal["halves", "interleaved"] = ...,
        out: Any = ...,
    ) -> Any: ...

swiglu: _Swiglu

class _ClampedSwiglu(Function):
    r"""clamped_swiglu(x, axis=-1, *, alpha=1.702, limit=7.0, b=None, packing='halves', out=None)

    Clamped SwiGLU: g * sigmoid(alpha * g) * (l + 1), g = min(a, limit), l = min(max(b, -limit), limit)

    The gate of gpt-oss: limits keep activations in the range of low precision, and l + 1
    lets the gate's own value pass where b is 0. An operand beyond its limit gets no
    gradient.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    alpha : float
        Finite. The default is 1.702.
    limit : float
        Positive. The default is 7.0.
    b : array_like, optional
        The second operand. x is the first one then; without it, x has both along the axis.
    packing : {'halves', 'interleaved'}
        How x has the operands: a0 a1 ... b0 b1 ..., or a0 b0 a1 b1 ...
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; x has twice y's length along the axis; or a and b have y's
        shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x; an
        axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    a and b are the operands.

    Formula: ``g * sigmoid(alpha * g) * (l + 1), g = min(a, limit), l = min(max(b, -limit),
    limit)``

    Derivative: ``dy/da = f'(g) * (l + 1) where a <= limit, dy/db = f(g) where |b| <= limit;
    else 0``

    Source: OpenAI 2025, gpt-oss, arXiv:2508.10925.

    gpt-oss and vLLM's swigluoai_and_mul interleave the operands: a0 b0 a1 b1. ONNX 28's
    SwiGLU has neither limits nor l + 1: it is swiglu. At the limits themselves the gradient
    passes; PyTorch's clamp gives 0 there.

    ``actfn.function()`` reads it by these names too: swiglu_oai, swigluoai_and_mul,
    swigluoai_uninterleave.

    Examples
    --------
    >>> import actfn
    >>> actfn.clamped_swiglu([1.0, -2.0, 0.5, 3.0])
    array([ 1.26869365, -0.25736551])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        alpha: float = ...,
        limit: float = ...,
        b: ArrayLike | _DLPack | None = ...,
        packing: Literal["halves", "interleaved"] = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        alpha: float = ...,
        limit: float = ...,
        b: ArrayLike | _DLPack | None = ...,
        packing: Literal["halves", "interleaved"] = ...,
        out: Any = ...,
    ) -> Any: ...

clamped_swiglu: _ClampedSwiglu

class _SwigluStep(Function):
    r"""swiglu_step(x, axis=-1, *, limit=7.0, b=None, packing='halves', out=None)

    SwiGLU-step: min(silu(a), limit) * min(max(b, -limit), limit)

    A SwiGLU whose two factors are limited, so that no product is beyond limit^2. Unlike
    clamped_swiglu it limits silu(a), not a, and adds nothing to b. A factor beyond its
    limit gets no gradient.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    limit : float
        Positive. The default is 7.0.
    b : array_like, optional
        The second operand. x is the first one then; without it, x has both along the axis.
    packing : {'halves', 'interleaved'}
        How x has the operands: a0 a1 ... b0 b1 ..., or a0 b0 a1 b1 ...
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; x has twice y's length along the axis; or a and b have y's
        shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x; an
        axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    a and b are the operands.

    Formula: ``min(silu(a), limit) * min(max(b, -limit), limit)``

    Derivative: ``dy/da = f'(a) * l where f(a) <= limit, dy/db = min(f(a), limit) where |b|
    <= limit; else 0; f = silu, l = min(max(b, -limit), limit)``

    Source: StepFun, Step-3.5; vLLM's SwigluStepAndMul.

    vLLM's default limit is 7, but Step-3.5 sets one for each layer. At the limits
    themselves the gradient passes; PyTorch's clamp gives 0 there.

    ``actfn.function()`` reads it by these names too: swiglustep_and_mul.

    Examples
    --------
    >>> import actfn
    >>> actfn.swiglu_step([1.0, -2.0, 0.5, 3.0])
    array([ 0.36552929, -0.71521753])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        limit: float = ...,
        b: ArrayLike | _DLPack | None = ...,
        packing: Literal["halves", "interleaved"] = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        limit: float = ...,
        b: ArrayLike | _DLPack | None = ...,
        packing: Literal["halves", "interleaved"] = ...,
        out: Any = ...,
    ) -> Any: ...

swiglu_step: _SwigluStep

class _Gated(Function):
    r"""gated(x, axis=-1, *, gate, b=None, packing='halves', out=None)

    Gated: f(a) * b for any elementwise f

    A gate made of any activation of the list: gated(mish), gated(relu_squared). For trying
    a new gate without writing one. Models that were trained with one of the named gates
    need that one.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    gate : str or Function
        An elementwise function. It has no default; an example is 'mish'.
    b : array_like, optional
        The second operand. x is the first one then; without it, x has both along the axis.
    packing : {'halves', 'interleaved'}
        How x has the operands: a0 a1 ... b0 b1 ..., or a0 b0 a1 b1 ...
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; x has twice y's length along the axis; or a and b have y's
        shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x; an
        axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    a and b are the operands.

    Formula: ``f(a) * b for any elementwise f``

    Derivative: ``dy/da = f'(a) * b, dy/db = f(a)``

    Source: Shazeer 2020, arXiv:2002.05202.

    ``actfn.function()`` reads it by these names too: fatrelu_and_mul, geglu_quick,
    quick_geglu.

    Examples
    --------
    >>> import actfn
    >>> actfn.gated([1.0, -2.0, 0.5, 3.0], gate='mish')
    array([ 0.43254919, -0.75750445])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        gate: str | Function,
        b: ArrayLike | _DLPack | None = ...,
        packing: Literal["halves", "interleaved"] = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        gate: str | Function,
        b: ArrayLike | _DLPack | None = ...,
        packing: Literal["halves", "interleaved"] = ...,
        out: Any = ...,
    ) -> Any: ...

gated: _Gated

class _Rrelu(Function):
    r"""rrelu(x, lower=0.125, upper=0.3333333333333333, *, seed, first=0, out=None)

    RReLU: x > 0 ? x : r * x, r drawn from [lower, upper) for each element

    Leaky ReLU with a random slope while training, which is meant to reduce over-fitting on
    small data sets. In evaluation it is leaky_relu with the mean slope. It has nothing to
    offer where a network does not over-fit.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    lower : float
        Finite. The default is 0.125.
    upper : float
        Finite. The default is 0.3333333333333333.
    seed : int
        Where the noise comes from: the same seed gives the same noise.
    first : int
        The position of the first element in the noise of the seed.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x > 0 ? x : r * x, r drawn from [lower, upper) for each element``

    Derivative: ``x > 0 ? 1 : r``

    Source: Xu et al. 2015, arXiv:1505.00853.

    In the Kaggle contest that it won, a came from U(3, 8) and the slope was 1/a: PyTorch's
    bounds are those reciprocals. lower must not exceed upper.

    Examples
    --------
    >>> import actfn
    >>> actfn.rrelu([-2.0, -0.5, 0.5, 2.0], seed=7)
    array([-0.52610304, -0.10969394,  0.5       ,  2.        ])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        lower: float = ...,
        upper: float = ...,
        *,
        seed: int,
        first: int = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        lower: float = ...,
        upper: float = ...,
        *,
        seed: int,
        first: int = ...,
        out: Any = ...,
    ) -> Any: ...

rrelu: _Rrelu

class _NoisyRelu(Function):
    r"""noisy_relu(x, *, seed, first=0, out=None)

    NReLU: max(0, x + n * sqrt(sigmoid(x))), n standard normal for each element

    A ReLU whose noise makes it the sum of many binary units: for restricted Boltzmann
    machines. In evaluation it is relu. Elsewhere it is seldom used.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    seed : int
        Where the noise comes from: the same seed gives the same noise.
    first : int
        The position of the first element in the noise of the seed.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``max(0, x + n * sqrt(sigmoid(x))), n standard normal for each element``

    Derivative: ``1 where the noisy x is positive, else 0; the noise counts as a constant``

    Source: Nair & Hinton 2010, ICML.

    ``actfn.function()`` reads it by these names too: nrelu.

    Examples
    --------
    >>> import actfn
    >>> actfn.noisy_relu([-2.0, -0.5, 0.5, 2.0], seed=7)
    array([0.        , 0.        , 1.60489427, 1.98074369])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        *,
        seed: int,
        first: int = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        *,
        seed: int,
        first: int = ...,
        out: Any = ...,
    ) -> Any: ...

noisy_relu: _NoisyRelu

class _Dropout(Function):
    r"""dropout(x, p=0.5, *, seed, first=0, out=None)

    Dropout: 0 with probability p, else x / (1 - p)

    Sets random elements to 0 while training, so that no unit relies on another: the classic
    cure for over-fitting. In evaluation it is the identity. After selu use alpha_dropout.
    Where a network does not over-fit it only slows learning down.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    p : float
        From 0 to 1. The default is 0.5.
    seed : int
        Where the noise comes from: the same seed gives the same noise.
    first : int
        The position of the first element in the noise of the seed.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``0 with probability p, else x / (1 - p)``

    Derivative: ``0 where x was dropped, else 1 / (1 - p)``

    Source: Hinton et al. 2012, arXiv:1207.0580.

    Examples
    --------
    >>> import actfn
    >>> actfn.dropout([-2.0, -0.5, 0.5, 2.0], seed=7)
    array([-4.,  0.,  0.,  4.])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        p: float = ...,
        *,
        seed: int,
        first: int = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        p: float = ...,
        *,
        seed: int,
        first: int = ...,
        out: Any = ...,
    ) -> Any: ...

dropout: _Dropout

class _AlphaDropout(Function):
    r"""alpha_dropout(x, p=0.5, *, seed, first=0, out=None)

    AlphaDropout: a * (x or, with probability p, alpha') + b, alpha' = -1.7580993408473766, a = ((1 - p) * (1 + p * alpha'^2))^(-1/2), b = -a * p * alpha'

    Dropout that keeps mean 0 and variance 1, which self-normalizing networks of selu need.
    In evaluation it is the identity. Its constants are those of selu: behind other
    functions use dropout.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    p : float
        From 0 to 1. The default is 0.5.
    seed : int
        Where the noise comes from: the same seed gives the same noise.
    first : int
        The position of the first element in the noise of the seed.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``a * (x or, with probability p, alpha') + b, alpha' = -1.7580993408473766, a =
    ((1 - p) * (1 + p * alpha'^2))^(-1/2), b = -a * p * alpha'``

    Derivative: ``0 where x was dropped, else a``

    Source: Klambauer et al. 2017, arXiv:1706.02515.

    Examples
    --------
    >>> import actfn
    >>> actfn.alpha_dropout([-2.0, -0.5, 0.5, 2.0], seed=7)
    array([-0.99361586, -0.77919393, -0.77919393,  2.55200372])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        p: float = ...,
        *,
        seed: int,
        first: int = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        p: float = ...,
        *,
        seed: int,
        first: int = ...,
        out: Any = ...,
    ) -> Any: ...

alpha_dropout: _AlphaDropout

class _GumbelSoftmax(Function):
    r"""gumbel_softmax(x, axis=-1, *, tau=1.0, hard=False, seed, first=0, where=None, out=None)

    gumbel_softmax: softmax((x + g) / tau), g = -log(-log(u)), u uniform in (0, 1) for each element; hard: 1 for the largest entry, 0 for the others

    Draws from a categorical distribution with the scores x in a way that has a gradient:
    for discrete latent variables, routing and architecture search. A small tau comes nearer
    to a true draw but makes gradients noisy, so tau is often lowered during training. In
    evaluation it is softmax(x / tau), or hardmax.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    tau : float
        Finite and positive. The default is 1.0.
    hard : bool
        The default is False.
    seed : int
        Where the noise comes from: the same seed gives the same noise.
    first : int
        The position of the first element in the noise of the seed.
    where : array_like of bool, optional
        The entries that take part. It broadcasts to x's shape.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``softmax((x + g) / tau), g = -log(-log(u)), u uniform in (0, 1) for each
    element; hard: 1 for the largest entry, 0 for the others``

    Derivative: ``dy_i/dx_j = s_i * ((i == j) - s_j) / tau, s = softmax((x + g) / tau);
    hard: the same``

    Source: Jang et al. 2016, arXiv:1611.01144; Maddison et al. 2016, arXiv:1611.00712.

    PyTorch draws in evaluation too. With 16 bits x + g has few digits: entries then tie,
    and hard takes the first.

    Examples
    --------
    >>> import actfn
    >>> actfn.gumbel_softmax([-2.0, -0.5, 0.5, 2.0], seed=7)
    array([1.03806420e-04, 2.41809640e-04, 5.30578546e-04, 9.99123805e-01])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        tau: float = ...,
        hard: bool = ...,
        seed: int,
        first: int = ...,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        tau: float = ...,
        hard: bool = ...,
        seed: int,
        first: int = ...,
        where: ArrayLike | None = ...,
        out: Any = ...,
    ) -> Any: ...

gumbel_softmax: _GumbelSoftmax

class _Prelu(Function):
    r"""prelu(x, weight, *, out=None)

    PReLU: x > 0 ? x : w * x, w learned

    Leaky ReLU that learns its slope, one for all or one for each channel. It costs next to
    nothing and can fit better than relu. Do not decay the slopes: that pulls them to 0,
    where it is relu.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    weight : array_like
        The slope, or a slope for each channel; channels are along axis 1. It has x's type.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``x > 0 ? x : w * x, w learned``

    Derivative: ``x > 0 ? 1 : w; dy/dw = x > 0 ? 0 : x``

    Source: He et al. 2015, arXiv:1502.01852.

    PyTorch and He et al. start at 0.25, Keras at 0.

    ``actfn.function()`` reads it by these names too: flax.linen.PReLU.

    Examples
    --------
    >>> import actfn
    >>> actfn.prelu([-2.0, 0.5], [0.25])
    array([-0.5,  0.5])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        weight: ArrayLike | _DLPack,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        weight: ArrayLike | _DLPack,
        *,
        out: Any = ...,
    ) -> Any: ...

prelu: _Prelu

class _Learnable(Function):
    r"""learnable(x, activation, *, out=None)

    Learnable: f(x), with the parameters of f learned

    Makes the parameters of an activation part of training: learnable(swish) finds its beta,
    learnable(snake) its frequency. The learned values are one number for the whole layer.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    activation : str or Function
        An elementwise function. It has no default; an example is 'swish'.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has x's shape.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``f(x), with the parameters of f learned``

    Derivative: ``f'(x), and df/dp for each parameter``

    Source: Ramachandran et al. 2017, arXiv:1710.05941.

    Examples
    --------
    >>> import actfn
    >>> actfn.learnable([-2.0, 0.5], 'swish')
    array([-0.23840584,  0.31122967])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        activation: str | Function,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        activation: str | Function,
        *,
        out: Any = ...,
    ) -> Any: ...

learnable: _Learnable

class _Crelu(Function):
    r"""crelu(x, axis=-1, *, out=None)

    CReLU: relu(x), then relu(-x)

    Keeps what relu throws away as channels of their own, so that filters need not be
    learned in pairs of opposite sign. The layer behind it is twice as wide.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; y has twice x's length along the axis.

    Raises
    ------
    ValueError
        An ``out`` of another shape, or one that overlaps x; an axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``relu(x), then relu(-x)``

    Derivative: ``x > 0 ? 1 : 0, and x < 0 ? -1 : 0``

    Source: Shang et al. 2016, arXiv:1603.05201.

    Examples
    --------
    >>> import actfn
    >>> actfn.crelu([[1.0, -2.0, 0.5, 3.0]])
    array([[1. , 0. , 0.5, 3. , 0. , 2. , 0. , 0. ]])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        out: Any = ...,
    ) -> Any: ...

crelu: _Crelu

class _Maxout(Function):
    r"""maxout(x, axis=-1, *, group=2, out=None)

    Maxout: the largest of each `group` neighbours

    Learns a convex piecewise linear activation as the largest of several linear maps. It
    needs `group` times the weights of relu.

    Parameters
    ----------
    x : array_like
        Numbers. float64, float32, float16 and bfloat16 keep their type; integers and bools
        become float64.
    axis : int
        The axis along which it is computed; -1 is the last one.
    group : int
        A whole number from 1 to 2^24. The default is 2.
    out : array, optional
        Where the result is written: of the result's type and shape. It may be x where
        shapes agree; otherwise it must not overlap x.

    Returns
    -------
    array
        Of x's library and type; x has `group` times y's length along the axis.

    Raises
    ------
    ValueError
        A parameter out of range; an ``out`` of another shape, or one that overlaps x; an
        axis out of range.
    TypeError
        Arrays of other types; an argument that is unknown or missing.

    Notes
    -----
    Formula: ``the largest of each `group` neighbours``

    Derivative: ``1 for the first of the largest, 0 for the others``

    Source: Goodfellow et al. 2013, arXiv:1302.4389.

    Examples
    --------
    >>> import actfn
    >>> actfn.maxout([[1.0, -2.0, 0.5, 3.0]])
    array([[1., 3.]])
    """

    @overload
    def __call__(
        self,
        x: _Array,
        axis: int = ...,
        *,
        group: int = ...,
        out: Any = ...,
    ) -> _Array: ...
    @overload
    def __call__(
        self,
        x: ArrayLike,
        axis: int = ...,
        *,
        group: int = ...,
        out: Any = ...,
    ) -> Any: ...

maxout: _Maxout
