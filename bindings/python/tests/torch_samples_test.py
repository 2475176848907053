# SPDX-License-Identifier: Apache-2.0
"""PyTorch's own sample inputs of its activation functions, run through those of actfn."""
import pytest

torch = pytest.importorskip("torch", "2.5")
pytest.importorskip("expecttest", reason="PyTorch's list of samples needs it")
invocations = pytest.importorskip("torch.testing._internal.common_methods_invocations")

import actfn  # noqa: E402
import actfn.torch.functional as F  # noqa: E402

PLACE = "nn.functional."
OPERATORS = [op for op in invocations.op_db
             if op.name.removeprefix(PLACE) in {*F.NAMES, "logsigmoid"}
             and (op.name.startswith(PLACE) or op.name in ("exp", "sigmoid", "tanh", "softmax",
                                                           "log_softmax", "logsumexp"))]
RANDOM = ("dropout", "alpha_dropout", "gumbel_softmax", "rrelu")


def is_refused(name, given):
    """What PyTorch lets pass, and actfn does not."""
    if name == "hardtanh":
        return given.get("min_val", -1) >= given.get("max_val", 1)
    return name == "hardshrink" and given.get("lambd", 0.5) < 0


def samples(op, name, dtype):
    """Those that actfn takes: one dimension at a time, and parameters that it allows."""
    for sample in op.sample_inputs("cpu", dtype, requires_grad=True):
        if name == "logsumexp":
            if not isinstance(sample.args[0], int) and len(sample.args[0]) != 1:
                continue
            dim = sample.args[0]
            sample.args = (dim if isinstance(dim, int) else dim[0], *sample.args[1:])
        if is_refused(name, sample.kwargs):
            with pytest.raises(ValueError, match="must"):
                getattr(F, name)(sample.input, *sample.args, **sample.kwargs)
            continue
        yield sample


def compared(name, y, expected, dtype):
    # PyTorch has 1/6 in float32 in the gradient of hardsigmoid
    exact = dtype == torch.float64 and name != "hardsigmoid"
    tolerance = 1e-12 if exact else 2e-6
    torch.testing.assert_close(y, expected, rtol=tolerance, atol=tolerance, equal_nan=True)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
@pytest.mark.parametrize("op", OPERATORS, ids=[f"{op.name}-{op.variant_test_name}"
                                               for op in OPERATORS])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_samples(op, dtype):
    name = op.name.removeprefix(PLACE)
    count = 0
    for sample in samples(op, name, dtype):
        x = sample.input
        y = getattr(F, name)(x, *sample.args, **sample.kwargs)
        expected = op(x, *sample.args, **sample.kwargs)
        count += 1
        assert y.shape == expected.shape and y.dtype == expected.dtype
        if name in RANDOM:
            continue
        compared(name, y, expected, dtype)
        tensors = [t for t in (x, *sample.args) if isinstance(t, torch.Tensor) and t.requires_grad]
        grad = torch.randn_like(expected)
        for ours, theirs in zip(torch.autograd.grad(y, tensors, grad),
                                torch.autograd.grad(expected, tensors, grad)):
            compared(name, ours, theirs, dtype)
    assert count > 0


def test_all_are_there():
    names = {op.name.removeprefix(PLACE) for op in OPERATORS}
    assert len(names) >= 28 and {"elu", "gelu", "prelu", "softmax", "glu", "logsigmoid"} <= names
    assert {f.name for f in actfn.catalogue()} >= names - {"logsigmoid"}
