# SPDX-License-Identifier: Apache-2.0
"""actfn.torch: calls that do not go through PyTorch's operators."""
import subprocess
import sys

import pytest

torch = pytest.importorskip("torch", "2.5")

from torch_test import EVERY, learned, numbers, seed_for, spec_of  # noqa: E402

import actfn  # noqa: E402
import actfn.torch.functional as F  # noqa: E402
from actfn.torch import _eager, _ops  # noqa: E402


@EVERY
def test_ways_agree(f):
    """The short way and the operators: results, gradients, strides, dtypes."""
    spec = spec_of(f)
    for dtype in (torch.float64, torch.bfloat16):
        x, same_x = (numbers(4, 6, dtype=dtype).t().requires_grad_() for _ in range(2))
        y = _eager.forward(x, spec, 0, seed_for(spec))
        expected = _ops.OPS["forward"](same_x, spec, 0, seed_for(spec))
        grad = numbers(*y.shape, seed=1, dtype=dtype)
        y.backward(grad)
        expected.backward(grad)
        for ours, theirs in ((y, expected), (x.grad, same_x.grad)):
            torch.testing.assert_close(ours, theirs, rtol=0, atol=0, equal_nan=True)
            assert ours.stride() == theirs.stride()


def test_who_takes_part():
    """The short way is for calls that concern nobody else."""
    class Named(torch.Tensor):
        pass

    class Counted(torch.utils._python_dispatch.TorchDispatchMode):
        seen: list[str] = []

        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            self.seen.append(str(func))
            return func(*args, **(kwargs or {}))

    x = numbers(3)
    assert _eager.is_plain(x) and _eager.is_plain(torch.nn.Parameter(x, False))
    assert not _eager.is_plain(x.as_subclass(Named)) and not _eager.is_plain(x.to("meta"))
    assert type(F.silu(x.as_subclass(Named))) is Named
    with Counted():
        F.silu(x)
    assert "actfn.forward.default" in Counted.seen
    with torch.autograd.forward_ad.dual_level():
        assert not _eager.is_plain(x)
    assert torch.vmap(lambda x: x if _eager.is_plain(x) else x + 1)(x).equal(x + 1)
    assert "actfn::forward" in str(torch.jit.trace(F.silu, x).graph)


@pytest.mark.parametrize("part", ["torch.Tensor.__dlpack_c_exchange_api__",
                                  "torch._C._len_torch_dispatch_stack", "torch._C._has_storage",
                                  "torch.autograd.forward_ad._current_level"])
def test_without_what_versions_may_not_have(part):
    """PyTorch before 2.10 has no interface for C, others are private: by a longer way, the same."""
    code = f"""if True:
        import torch
        owner, name = eval("{part}".rpartition(".")[0]), "{part}".rpartition(".")[2]
        if hasattr(owner, name):
            delattr(owner, name)
        import actfn, actfn.torch.functional as F
        f = actfn.function("elu(alpha=0.5)")
        x = torch.linspace(-2, 2, 5, dtype=torch.float64)
        assert F.elu(x, 0.5).equal(f(x)) and f(x).numpy().tolist() == f(x.tolist()).tolist()
        x.requires_grad_()
        slope, = torch.autograd.grad(F.elu(x, 0.5).sum(), x, create_graph=True)
        assert slope.equal(f.derivative(x.detach()))
        assert torch.autograd.grad(slope.sum(), x)[0].equal(f.second_derivative(x.detach()))
        assert F.softmax(x, 0).sum().item() == 1 and F.silu(x.detach().to("meta")).shape == (5,)
    """
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_saved_tensors():
    """What a gradient needs may not change meanwhile; hooks see it; and it can be freed."""
    x = learned(3) * 1
    y = F.silu(x)
    x.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()
    packed = []
    with torch.autograd.graph.saved_tensors_hooks(lambda t: packed.append(t) or t, lambda t: t):
        y = F.silu(learned(3))
    assert len(packed) == 1
    y.sum().backward()
    with pytest.raises(RuntimeError, match="a second time"):
        y.sum().backward()


def test_batched_gradients():
    x = learned(3)
    y = F.silu(x)
    slopes, = torch.autograd.grad(y, x, torch.eye(3, dtype=torch.float64), is_grads_batched=True)
    assert slopes.diagonal().equal(actfn.derivative("silu", x.detach()))
