# SPDX-License-Identifier: Apache-2.0
"""actfn.torch: operators, functions and modules."""
import copy
import inspect

import pytest

torch = pytest.importorskip("torch", "2.5")

import actfn  # noqa: E402
import actfn.torch as nn  # noqa: E402
import actfn.torch.functional as F  # noqa: E402
from actfn.torch import _eager, _kernels, _names, _ops  # noqa: E402

FUNCTIONS = [f for f in actfn.catalogue() if f.name in F.NAMES and f.name != "prelu"]
IDS = [f.name for f in FUNCTIONS]
EVERY = pytest.mark.parametrize("f", FUNCTIONS, ids=IDS)
# One of each way that an operator goes.
SPECS = ["gelu(approximate=tanh)", "softmax", "logsumexp", "swiglu", "crelu", "maxout", "rrelu"]


def numbers(*shape, dtype=torch.float64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64).mul(2).to(dtype)


def spec_of(f):
    return f.spec if f.is_complete else f.info.example


def seed_for(spec, value=7):
    return torch.tensor(value) if actfn.function(spec).info.kind == "random" else None


def learned(*shape, seed=0):
    return numbers(*shape, seed=seed).requires_grad_()


@EVERY
def test_bits(f):
    spec = spec_of(f)
    options = {"seed": 7} if f.info.kind == "random" else {}
    for dtype in (torch.float32, torch.bfloat16):
        x = numbers(4, 6, dtype=dtype)
        for t in (x, x.t().contiguous().t()):
            y = _eager.forward(t, spec, -1, seed_for(spec))
            expected = actfn.function(spec)(x, **options)
            torch.testing.assert_close(y, expected, rtol=0, atol=0, equal_nan=True)


@EVERY
@pytest.mark.parametrize("way", [_eager.forward, _ops.OPS["forward"]], ids=["short", "operator"])
def test_gradients(f, way):
    spec = spec_of(f)
    x = numbers(2, 6)
    if f.name == "softplus_inverse":
        x = x.abs() + 0.1

    def call(x):
        return way(x, spec, -1, seed_for(spec))

    x.requires_grad_()
    if f.name != "noisy_relu":  # by definition its gradient leaves out that noise depends on x
        assert torch.autograd.gradcheck(call, x)
    assert torch.autograd.gradgradcheck(call, x)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("way", [F.prelu, _ops.OPS["prelu"]], ids=["short", "operator"])
def test_gradients_of_prelu(count, way):
    weight = torch.linspace(-0.3, 0.4, count, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(way, (learned(2, 3, 4), weight))
    assert torch.autograd.gradgradcheck(way, (learned(2, 3, 4), weight))


def test_third_order_is_an_error():
    x = learned(3)
    first, = torch.autograd.grad(F.tanh(x).sum(), x, create_graph=True)
    second, = torch.autograd.grad(first.sum(), x, create_graph=True)
    with pytest.raises(RuntimeError, match="of the second order"):
        torch.autograd.grad(second.sum(), x)


@pytest.mark.parametrize("spec", SPECS)
def test_opcheck(spec):
    seed = seed_for(spec)
    x = learned(4, 6)
    y = _eager.forward(x.detach(), spec, 1, seed)
    grad = numbers(*y.shape, seed=1).requires_grad_()
    torch.library.opcheck(_ops.OPS["forward"], (x, spec, 1, seed))
    torch.library.opcheck(_ops.OPS["backward"], (grad, x, spec, 1, seed))
    given = (numbers(4, 6, seed=2), grad.detach(), x.detach(), spec, 1, seed)
    torch.library.opcheck(_ops.OPS["double_backward"], given)


def test_opcheck_of_prelu():
    x, grad, weight = learned(2, 3, 4), learned(2, 3, 4, seed=1), learned(3, seed=2)
    torch.library.opcheck(_ops.OPS["prelu"], (x, weight))
    torch.library.opcheck(_ops.OPS["prelu_backward"], (grad, x, weight))
    given = [t.detach() for t in (x, weight, grad, x, weight)]
    torch.library.opcheck(_ops.OPS["prelu_double_backward"], tuple(given))


@EVERY
def test_fake_shapes(f):
    """What the compiler expects of results is what they are like: opcheck, for all functions."""
    spec = spec_of(f)
    for x in (numbers(2, 4, 6), numbers(6, 4, 2).permute(2, 1, 0), numbers(2, 8, 6)[:, ::2]):
        for axis in (1, -1):
            real = [_eager.forward(x, spec, axis, seed_for(spec))]
            fake = [_kernels.fake_forward(x, spec, axis, None)]
            real.append(_ops.backward(real[0], x, spec, axis, seed_for(spec)))
            fake.append(_kernels.fake_backward(real[0], x, spec, axis, None))
            real += _ops.double_backward(x, real[0], x, spec, axis, seed_for(spec))
            fake += _kernels.fake_double_backward(x, real[0], x, spec, axis, None)
            for a, b in zip(real, fake):
                assert (a.shape, a.stride(), a.dtype) == (b.shape, b.stride(), b.dtype)


MODULES = [nn.GELU(approximate="tanh"), nn.ELU(0.5, inplace=True), nn.Softmax(-1), nn.GLU(),
           nn.SwiGLU(), nn.PReLU(6), nn.Maxout(group=3), nn.LogSumExp(-1), nn.Snake(2.0)]


@pytest.mark.parametrize("backend", ["eager", "aot_eager"])
@pytest.mark.parametrize("module", MODULES, ids=repr)
def test_compile(module, backend):
    torch._dynamo.reset()
    module = copy.deepcopy(module).double()
    compiled = torch.compile(module, fullgraph=True, backend=backend)
    for rows in (2, 5):
        x, same_x = learned(rows, 6), learned(rows, 6)
        y, expected = compiled(x * 1), module(same_x * 1)
        assert torch.equal(y, expected)
        y.square().sum().backward()
        expected.square().sum().backward()
        torch.testing.assert_close(x.grad, same_x.grad, rtol=1e-14, atol=0)


@pytest.mark.parametrize("backend", ["eager", "aot_eager"])
def test_compile_of_random_ones(backend):
    torch._dynamo.reset()
    model = nn.Sequential(nn.RReLU(), nn.Dropout(0.5))
    compiled = torch.compile(model, fullgraph=True, backend=backend)
    x = numbers(4, 50, dtype=torch.float32).requires_grad_()
    y = compiled(x)
    y.sum().backward()
    assert torch.equal(x.grad == 0, y == 0) and 0.3 < (y == 0).float().mean() < 0.7
    assert not torch.equal(compiled(x), y)
    model.eval()
    assert torch.equal(compiled(x), F.leaky_relu(x, (1 / 8 + 1 / 3) / 2))


def test_compile_with_dynamic_shapes():
    torch._dynamo.reset()
    call = torch.compile(lambda x, a: F.elu(F.glu(x), a), fullgraph=True, dynamic=True,
                         backend="aot_eager")
    for size in (4, 6, 10):
        x = numbers(3, size)
        assert torch.equal(call(x, 0.5), F.elu(F.glu(x), 0.5))


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_compile_without_dim():
    torch._dynamo.reset()
    compiled = torch.compile(nn.Softmax(), fullgraph=True, backend="eager")
    assert compiled(numbers(2, 3)).equal(F.softmax(numbers(2, 3), 1))


@pytest.mark.filterwarnings("ignore")
def test_export():
    model = nn.Sequential(nn.GELU(), nn.SwiGLU(), nn.PReLU()).double()
    shapes = ({0: torch.export.Dim("rows")},)
    exported = torch.export.export(model, (numbers(3, 4),), dynamic_shapes=shapes)
    operators = [str(n.target) for n in exported.graph.nodes if "actfn" in str(n.target)]
    assert operators == ["actfn.forward.default", "actfn.forward.default", "actfn.prelu.default"]
    x = numbers(7, 4)
    assert exported.module()(x).equal(model(x))


@EVERY
def test_vmap(f):
    spec = spec_of(f)
    if f.info.kind == "random":
        pytest.skip("test_vmap_of_random_ones")

    def one(x):
        return _eager.forward(x, spec, 0, None)

    def slope(x):
        return torch.func.grad(lambda x: one(x).square().sum())(x)

    x = numbers(4, 6, 4).abs() + 0.1 if f.name == "softplus_inverse" else numbers(4, 6, 4)
    for call in (one, slope):
        for dim in (0, 2):
            expected = torch.stack([call(part) for part in x.unbind(dim)])
            torch.testing.assert_close(torch.vmap(call, dim)(x), expected, rtol=1e-13, atol=1e-15)


def test_functional_transforms():
    x = numbers(3)
    f = actfn.function("elu(alpha=0.5)")

    def call(x):
        return F.elu(x, 0.5)

    def total(x):
        return call(x).sum()

    assert torch.func.jacrev(call)(x).diagonal().equal(f.derivative(x))
    assert torch.vmap(torch.func.grad(call))(x).equal(f.derivative(x))
    assert torch.vmap(torch.func.grad(torch.func.grad(call)))(x).equal(f.second_derivative(x))
    assert torch.func.jacrev(torch.func.grad(total))(x).diagonal().equal(f.second_derivative(x))
    slope = torch.func.grad(lambda w: F.prelu(x, w).sum())(numbers(1))
    torch.testing.assert_close(slope, x.clamp(max=0).sum().reshape(1))
    with pytest.raises(RuntimeError, match="of the second order"):
        torch.func.grad(torch.func.grad(torch.func.grad(call)))(x[0])


def test_vmap_of_prelu():
    x, weight = numbers(5, 2, 3), numbers(5, 3, seed=1)
    expected = torch.stack([F.prelu(a, w) for a, w in zip(x, weight)])
    assert torch.equal(torch.vmap(F.prelu)(x, weight), expected)
    assert torch.equal(torch.vmap(F.prelu, (0, None))(x, weight[0]),
                       torch.stack([F.prelu(a, weight[0]) for a in x]))


def test_vmap_of_random_ones():
    x = -torch.ones(4, 100)

    def call(x):
        return F.rrelu(x, training=True)

    alike = torch.vmap(call, randomness="same")(x)
    assert torch.equal(alike[0], alike[1])
    apart = torch.vmap(call, randomness="different")(x)
    assert not torch.equal(apart[0], apart[1])
    with pytest.raises(RuntimeError, match="randomness"):
        torch.vmap(call)(x)


@pytest.mark.parametrize("title", _names.MODULES)
def test_modules_are_pytorchs(title):
    ours, theirs = getattr(nn, title), getattr(torch.nn, title)
    assert inspect.signature(ours) == inspect.signature(theirs)
    given = {"Threshold": (0.5, -2.0), "Softmax": (1,), "Softmin": (1,), "LogSoftmax": (1,),
             "ELU": (0.7,), "Hardtanh": (-0.5, 2.5), "RReLU": (0.2, 0.4)}.get(title, ())
    a, b = ours(*given).double().eval(), theirs(*given).double().eval()
    assert repr(a) == repr(b) and isinstance(a, theirs)
    x, y = learned(2, 3, 4, 6), learned(2, 3, 4, 6)
    torch.testing.assert_close(a(x), b(y), rtol=1e-12, atol=1e-14)
    a(x).square().sum().backward()
    b(y).square().sum().backward()
    # PyTorch has 1/6 in float32 there
    rtol = 1e-7 if title == "Hardsigmoid" else 1e-10
    torch.testing.assert_close(x.grad, y.grad, rtol=rtol, atol=1e-12)
    assert copy.deepcopy(a)(x).equal(a(x))


@pytest.mark.parametrize("title", [t for t in nn.__all__ if t in nn.__dict__
                                   and isinstance(getattr(nn, t), type)
                                   and issubclass(getattr(nn, t), torch.nn.Module)])
def test_every_module_runs(title):
    cls = getattr(nn, title)
    needed = {"threshold": 0.1, "value": 20.0, "cap": 30.0, "gate": "mish", "dim": -1}
    given = {name: value for name, value in needed.items()
             if name in (parameters := inspect.signature(cls).parameters)
             and (parameters[name].default is inspect.Parameter.empty or name == "dim")}
    module = cls(**given).double()
    x = learned(2, 4, 6) if title == "Softmax2d" else learned(4, 6)
    y = module(x)
    assert y.dtype == x.dtype and y.requires_grad and repr(module).startswith(title)


def test_state_dict_of_prelu():
    ours, theirs = nn.PReLU(3, init=0.1), torch.nn.PReLU(3, init=0.4)
    theirs.load_state_dict(ours.state_dict())
    assert torch.equal(theirs.weight, torch.full((3,), 0.1))
    ours.load_state_dict(torch.nn.PReLU(3, init=0.7).state_dict())
    assert torch.equal(ours.weight, torch.full((3,), 0.7))
    assert list(nn.PReLU(device="meta", dtype=torch.bfloat16).state_dict()) == ["weight"]


def test_rest_is_pytorchs():
    assert nn.Linear is torch.nn.Linear and nn.Bilinear is torch.nn.Bilinear
    assert F.linear is torch.nn.functional.linear
    for place in (nn, F):
        with pytest.raises(AttributeError):
            place.NoSuchThing  # noqa: B018


def test_seeds_come_from_the_generator():
    x = torch.ones(1000)
    drawn = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        drawn.append(F.dropout(x, 0.25))
    assert drawn[0].equal(drawn[1]) and not drawn[0].equal(drawn[2])
    assert 150 < (drawn[0] == 0).sum() < 350
    assert drawn[0].max() == 1 / 0.75
    assert nn.Dropout(0.5).eval()(x).equal(x)
    hard = F.gumbel_softmax(numbers(5, 4), hard=True)
    assert hard.sum(1).equal(torch.ones(5, dtype=torch.float64)) and hard.max() == 1


def test_in_place():
    for module in (nn.ELU(inplace=True), nn.Dropout(0.5, inplace=True)):
        x = numbers(20)
        assert module(x) is x
        leaf = learned(20)
        x = leaf * 1
        y = module(x)
        assert y is x and not torch.equal(y, leaf)
        y.sum().backward()
        assert leaf.grad.isfinite().all()
        with pytest.raises(RuntimeError, match="leaf"):
            module(leaf)
    leaf = learned(5)
    F.silu(leaf * 1, inplace=True).sum().backward()
    assert leaf.grad.equal(actfn.derivative("silu", leaf.detach()))


def test_autocast():
    x = torch.ones(2, 3)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        for name in ("GELU", "PReLU", "Softmin"):
            given = {"dim": 1} if name == "Softmin" else {}
            ours, theirs = getattr(nn, name)(**given), getattr(torch.nn, name)(**given)
            assert ours(x).dtype == theirs(x).dtype
        model = nn.Sequential(nn.Linear(3, 4), nn.PReLU(), nn.Linear(4, 2), nn.Mish())
        y = model(x)
    assert y.dtype == torch.bfloat16
    y.float().sum().backward()
    assert model[1].weight.grad.dtype == torch.float32


def test_integers_and_sizes():
    assert F.sigmoid(torch.tensor([0, 1])).dtype == torch.float32
    assert F.relu(torch.zeros(0, 3)).shape == (0, 3)
    assert F.softmax(torch.tensor(3.0), 0).equal(torch.tensor(1.0))
    assert F.softmax(torch.zeros(2, 3), 1, dtype=torch.float64).dtype == torch.float64
    with pytest.warns(UserWarning, match=r"\[softmax\] dim is not given"):
        assert F.softmax(numbers(2, 3)).sum(1).allclose(torch.ones(2, dtype=torch.float64))


def test_errors():
    for call, error, text in [
            (lambda: F.elu(numbers(2), alpha=float("nan")), ValueError, r"\[elu\] alpha"),
            (lambda: F.gelu(numbers(2), approximate="no"), ValueError, r"approximate"),
            (lambda: F.glu(numbers(3)), ValueError, r"\[glu\]"),
            (lambda: F.softmax(numbers(3), 2), ValueError, r"\[softmax\]"),
            (lambda: F.relu(numbers(2).to(torch.complex64)), TypeError, "complex64"),
            (lambda: F.relu(numbers(2).to_sparse()), (TypeError, NotImplementedError, RuntimeError),
             "(?i)sparse"),
            (lambda: F.prelu(numbers(2, 3), numbers(2)), ValueError, r"\[prelu\]")]:
        with pytest.raises(error, match=text):
            call()


def test_cuda():
    from torch._subclasses import FakeTensorMode

    with FakeTensorMode():
        x = torch.empty(2, device="cuda")
        with pytest.raises(TypeError, match=r"\[silu\] x is on cuda:0: actfn computes on the CPU"):
            F.silu(x)
    if torch.cuda.is_available():
        with pytest.raises(TypeError, match=r"\[silu\] x is on cuda:0: actfn computes on the CPU"):
            F.silu(torch.ones(2, device="cuda"))
    assert F.silu(torch.empty(2, 3, device="meta")).shape == (2, 3)
