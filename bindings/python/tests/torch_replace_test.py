# SPDX-License-Identifier: Apache-2.0
"""actfn.torch.replace() on models like those of torchvision and Hugging Face."""
import copy

import pytest

torch = pytest.importorskip("torch", "2.5")

import actfn.torch as ours  # noqa: E402

nn = torch.nn


class Block(nn.Module):
    """A residual block: one ReLU for both places, in place."""

    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(y)) + x)


class SqueezeExcite(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.fc1, self.fc2 = nn.Conv2d(channels, 2, 1), nn.Conv2d(2, channels, 1)
        self.activation, self.scale_activation = nn.ReLU(), nn.Hardsigmoid()

    def forward(self, x):
        scale = x.mean((2, 3), keepdim=True)
        return x * self.scale_activation(self.fc2(self.activation(self.fc1(scale))))


def vision():
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Hardswish(inplace=True),
                         Block(4), SqueezeExcite(4), nn.PReLU(4), nn.Flatten(), nn.Dropout(0.2),
                         nn.Linear(4 * 36, 5))


class NewGELUActivation(nn.Module):
    __module__ = "transformers.activations"

    def forward(self, x):
        inner = (2 / torch.pi) ** 0.5 * (x + 0.044715 * x**3)
        return 0.5 * x * (1 + torch.tanh(inner))


class GELUActivation(nn.Module):
    __module__ = "transformers.activations"

    def __init__(self):
        super().__init__()
        self.act = nn.functional.gelu

    def forward(self, x):
        return self.act(x)


class Mlp(nn.Module):
    def __init__(self, act):
        super().__init__()
        self.up, self.down, self.act = nn.Linear(8, 16), nn.Linear(16, 8), act

    def forward(self, x):
        return self.down(self.act(self.up(x)))


class Language(nn.Module):
    """Embedding, attention, two feed-forward parts, a gated one; gives a dict."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(10, 8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.parts = nn.ModuleList([Mlp(NewGELUActivation()), Mlp(GELUActivation()),
                                    Mlp(nn.functional.silu)])
        self.head = nn.Linear(8, 10)

    def forward(self, input_ids, scale=1.0):
        x = self.embedding(input_ids) * scale
        x = x + self.attention(x, x, x)[0]
        for part in self.parts:
            x = x + part(x)
        return {"logits": self.head(x), "hidden": (x,)}


def step(model, call, target):
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    losses = []
    for _ in range(6):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(call(model), target)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def test_vision():
    torch.manual_seed(0)
    model = vision()
    theirs = copy.deepcopy(model)
    weight, block = model[5].weight, model[3].relu
    x = torch.randn(4, 3, 8, 8)
    kept = x.clone()
    report = ours.replace(model, x)
    assert [s.path for s in report.swapped] == ["2", "3.relu", "4.activation",
                                                "4.scale_activation", "5", "7"]
    assert report.swapped[1].old == "torch.nn.ReLU(inplace=True)"
    assert report.swapped[1].new == "actfn.torch.ReLU(inplace=True)"
    assert 0 <= report.difference < 1e-5 and torch.equal(x, kept)
    assert model[5].weight is weight and model[3].relu is block and model[2].inplace
    assert model.training and model[1].num_batches_tracked == 0
    assert list(model.state_dict()) == list(theirs.state_dict())
    model[7].p = theirs[7].p = 0.0
    target = torch.tensor([0, 1, 2, 3])
    losses = [step(m, lambda m: m(x), target) for m in (model, theirs)]
    assert losses[0][-1] < losses[0][0]
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)
    assert ours.replace(model).swapped == ()


def test_language():
    torch.manual_seed(0)
    model = Language()
    ids = torch.tensor([[1, 2, 3, 4], [5, 6, 7, 8]])
    report = ours.replace(model, {"input_ids": ids, "scale": 2.0})
    assert [(s.path, s.old) for s in report.swapped] == [
        ("parts.0.act", "NewGELUActivation"), ("parts.1.act", "GELUActivation"),
        ("parts.2.act", "silu")]
    assert model.parts[0].act.approximate == "tanh" and model.parts[1].act.approximate == "none"
    assert model.parts[2].act is ours.functional.silu
    assert 0 <= report.difference < 1e-5
    losses = step(model, lambda m: m(ids)["logits"].flatten(0, 1), ids.flatten())
    assert losses[-1] < losses[0]
    text = str(report)
    assert "3 swapped" in text and "largest difference on the example: " in text


def test_difference_is_seen():
    """It is the largest: where PyTorch gives NaN, infinity."""
    x = torch.tensor([1.0, -torch.inf])
    assert ours.replace(nn.Sequential(nn.SiLU()), x).difference == torch.inf
    assert ours.replace(nn.Sequential(nn.ReLU()), x).difference == 0
    assert ours.replace(nn.Linear(1, 1)).difference is None


def test_itself_and_what_stays():
    class Mine(nn.ReLU):
        pass

    relu = nn.ReLU()
    assert [s.path for s in ours.replace(relu).swapped] == [""]
    assert type(relu) is ours.ReLU
    model = nn.Sequential(Mine(), nn.Identity())
    assert ours.replace(model).swapped == () and type(model[0]) is Mine
    with pytest.raises(TypeError, match=r"\[replace\] model must be a torch.nn.Module, got str"):
        ours.replace("model")


def test_hooks_and_pickle(tmp_path):
    model = nn.Sequential(nn.Linear(2, 2), nn.Softplus(2.0))
    seen = []
    model[1].register_forward_hook(lambda *_: seen.append(1))
    ours.replace(model)
    model(torch.ones(1, 2))
    assert seen == [1]
    model[1]._forward_hooks.clear()
    torch.save(model, tmp_path / "model.pt")
    loaded = torch.load(tmp_path / "model.pt", weights_only=False)
    assert torch.equal(loaded(torch.ones(1, 2)), model(torch.ones(1, 2)))
