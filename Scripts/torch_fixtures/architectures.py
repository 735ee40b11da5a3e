"""Whole networks of every architecture, with PyTorch's and torchvision's names.

Weights, buffers and inputs follow a formula (`formula`), so that the file holds results alone.
"""
import json
import math
from functools import partial

import torch
import torch.nn as nn
from torch.func import functional_call

from .common import flat, record, unflat

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "gelu": nn.GELU}


def formula(count, salt):
    """Numbers of -1 to 1 that look random and are the same everywhere: whole-number arithmetic, one division."""
    return torch.tensor([2 * ((k * (k + salt + 1) * 7919 + 13 * salt) % 10007) / 10007 - 1 for k in range(count)])


def value(name, tensor, salt):
    """The numbers of one slot: scales around 1, weights by their fan-in, anything else up to a half."""
    v = formula(tensor.numel(), salt).reshape(tensor.shape)
    if name.endswith("running_var") or (name.endswith("weight") and tensor.ndim == 1):
        return 1 + v / 2
    if name.endswith("weight") and "embedding" not in name:
        return v * math.sqrt(3 * tensor.shape[0] / tensor.numel())
    return v / 2


class MLP(nn.Module):
    def __init__(self, widths, activation="relu", bias=True, norm="none"):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b, bias=bias) for a, b in zip(widths, widths[1:]))
        kinds = {"none": None, "batch": nn.BatchNorm1d, "layer": nn.LayerNorm}
        self.norms = nn.ModuleList(kinds[norm](w) for w in widths[1:-1]) if kinds[norm] else None
        self.activation = ACTIVATIONS[activation]()

    def forward(self, x):
        for i, layer in enumerate(self.layers[:-1]):
            x = layer(x)
            x = self.activation(self.norms[i](x) if self.norms else x)
        return self.layers[-1](x)


    @staticmethod
    def place(name):
        """Slots stand as the network computes: a layer, its norm, the next layer."""
        kind, index = name.split(".")[:2]
        return 2 * int(index) + (kind == "norms")


class CNN(nn.Module):
    """Convolutions with norm, activation and pooling; the map flattened or its mean; linear layers."""

    def __init__(self, image, channels, kernels, strides, paddings, pools, pooling="max", norm="none", bias=True,
                 readout="flatten", hidden=(), activation="relu", outputs=10):
        super().__init__()
        ins = [image[0]] + channels[:-1]
        self.convolutions = nn.ModuleList(
            nn.Conv2d(*numbers, bias=bias) for numbers in zip(ins, channels, kernels, strides, paddings))
        self.norms = nn.ModuleList(nn.BatchNorm2d(c) for c in channels) if norm == "batch" else None
        self.pools = [(nn.MaxPool2d if pooling == "max" else nn.AvgPool2d)(p) for p in pools]
        self.activation, self.readout, self.layers = ACTIVATIONS[activation](), readout, nn.ModuleList()
        with torch.no_grad():
            widths = [self.rows(torch.zeros(2, *image)).shape[1], *hidden, outputs]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
        if self.norms:
            for norm in self.norms:
                norm.reset_running_stats()

    def rows(self, x):
        for i, convolution in enumerate(self.convolutions):
            x = convolution(x)
            x = self.pools[i](self.activation(self.norms[i](x) if self.norms else x))
        return x.mean((2, 3)) if self.readout == "mean" else x.flatten(1)

    def forward(self, x):
        x = self.rows(x)
        for layer in self.layers[:-1]:
            x = self.activation(layer(x))
        return self.layers[-1](x)

    @staticmethod
    def place(name):
        kind, index = name.split(".")[:2]
        return {"convolutions": 0, "norms": 1, "layers": 1000}[kind] + 2 * int(index)


class ZooCNN(nn.Module):
    """The zoos' networks, a list of modules."""

    def __init__(self, plan, image, activation, flat_width, listed, outputs=10):
        super().__init__()
        channels, modules, act = image[0], [], ACTIVATIONS[activation]
        for wide, kernel, pooled, drops in plan:
            modules += [nn.Conv2d(channels, wide, kernel)] + [nn.MaxPool2d(2)] * pooled + [act()]
            modules += [nn.Dropout(0)] * (drops and listed)
            channels = wide
        modules += [nn.Flatten(), nn.Linear(flat_width, 20), act()] + [nn.Dropout(0)] * listed + [nn.Linear(20, outputs)]
        self.module_list = nn.ModuleList(modules)

    def forward(self, x):
        for module in self.module_list:
            x = module(x)
        return x


SMALL = partial(ZooCNN, [(8, 5, True, True), (6, 5, True, True), (4, 2, False, False)], flat_width=36)
LARGE = partial(ZooCNN, [(16, 3, True, True), (32, 3, True, True), (15, 3, True, True)], flat_width=60, listed=True)


class LeNet5(nn.Module):
    def __init__(self, channels, padding, activation="relu", pooling="max"):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(channels, 6, 5, padding=padding), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)
        self.activation = ACTIVATIONS[activation]()
        self.pool = nn.MaxPool2d(2) if pooling == "max" else nn.AvgPool2d(2)

    def forward(self, x):
        x = self.pool(self.activation(self.conv1(x)))
        x = self.pool(self.activation(self.conv2(x))).flatten(1)
        return self.fc3(self.activation(self.fc2(self.activation(self.fc1(x)))))


class BasicBlock(nn.Module):
    def __init__(self, narrow, wide, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(narrow, wide, 3, stride, 1, bias=False), nn.BatchNorm2d(wide)
        self.conv2, self.bn2 = nn.Conv2d(wide, wide, 3, 1, 1, bias=False), nn.BatchNorm2d(wide)
        self.downsample = None
        if narrow != wide:
            self.downsample = nn.Sequential(nn.Conv2d(narrow, wide, 1, stride, bias=False), nn.BatchNorm2d(wide))

    def forward(self, x):
        inner = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(inner + (self.downsample(x) if self.downsample else x))


class ResNet(nn.Module):
    """torchvision's, with a 3 x 3 stem and no pooling after it."""

    def __init__(self, width, stages, blocks, outputs=10):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
        self.stages, narrow = stages, width
        for stage in range(stages):
            wide, members = width << stage, []
            for block in range(blocks):
                members.append(BasicBlock(narrow, wide, 2 if stage and not block else 1))
                narrow = wide
            setattr(self, f"layer{stage + 1}", nn.Sequential(*members))
        self.fc = nn.Linear(narrow, outputs)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


class EncoderBlock(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width, eps=1e-6)
        self.self_attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.ln_2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = nn.Sequential(nn.Linear(width, hidden), nn.GELU(), nn.Dropout(0), nn.Linear(hidden, width))

    def forward(self, x):
        h = self.ln_1(x)
        x = x + self.self_attention(h, h, h, need_weights=False)[0]
        return x + self.mlp(self.ln_2(x))


class Encoder(nn.Module):
    def __init__(self, tokens, depth, width, heads, hidden):
        super().__init__()
        self.pos_embedding = nn.Parameter(torch.zeros(1, tokens, width))
        self.layers = nn.Sequential()
        for i in range(depth):
            self.layers.add_module(f"encoder_layer_{i}", EncoderBlock(width, heads, hidden))
        self.ln = nn.LayerNorm(width, eps=1e-6)

    def forward(self, x):
        return self.ln(self.layers(x + self.pos_embedding))


class VisionTransformer(nn.Module):
    """torchvision's."""

    def __init__(self, image, patch, depth, width, heads, hidden, outputs):
        super().__init__()
        self.class_token = nn.Parameter(torch.zeros(1, 1, width))
        self.conv_proj = nn.Conv2d(image[0], width, patch, patch)
        self.encoder = Encoder((image[1] // patch) * (image[2] // patch) + 1, depth, width, heads, hidden)
        self.heads = nn.Sequential()
        self.heads.add_module("head", nn.Linear(width, outputs))

    def forward(self, x):
        x = self.conv_proj(x).flatten(2).transpose(1, 2)
        return self.heads(self.encoder(torch.cat([self.class_token.expand(len(x), -1, -1), x], 1))[:, 0])


class TokenEncoder(nn.Module):
    def __init__(self, vocabulary, length, depth, width, heads, hidden, outputs):
        super().__init__()
        self.token_embedding = nn.Embedding(vocabulary, width)
        self.position_embedding = nn.Embedding(length, width)
        layer = nn.TransformerEncoderLayer(width, heads, hidden, 0, "gelu", batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, depth, nn.LayerNorm(width), enable_nested_tensor=False)
        self.head = nn.Linear(width, outputs)

    def forward(self, x):
        x = self.token_embedding(x) + self.position_embedding.weight
        return self.head(self.encoder(x)[:, 0])


def network_case(name, network, description, shape):
    """Outputs in evaluation and, with batch norms, in training; one directional derivative of the outputs' sum."""
    named = sorted(network.named_parameters(), key=lambda pair: getattr(network, "place", lambda _: 0)(pair[0]))
    parameters = {n: value(n, p.detach(), i) for i, (n, p) in enumerate(named)}
    buffers = {n: b for n, b in network.named_buffers() if not n.endswith("num_batches_tracked")}
    buffers = {n: value(n, b, 1000 + i) for i, (n, b) in enumerate(buffers.items())}
    vector, slots = flat(parameters)
    x = formula(math.prod(shape), 2000).reshape(shape)
    if description["kind"] == "encoder":
        x = ((x + 1) / 2 * description["vocabulary"]).floor().long()
    network.eval()

    def outputs(vector):
        return functional_call(network, (unflat(vector, slots), buffers), (x,))

    held = vector.clone().requires_grad_()
    result = outputs(held)
    slope = torch.autograd.grad(result.sum(), held)[0] @ formula(len(vector), 3000)
    found, options = {"output": result, "slope": slope}, {"architecture": json.dumps(description), "slots": slots}
    if buffers:
        network.train()
        moved = {n: b.clone() for n, b in buffers.items()}
        found["training"] = functional_call(network, (parameters, moved), (x,))
        found["moved"], options["buffers"] = flat(moved)
    return record(name, {"shape": torch.tensor(shape)}, found, options=options)


def architectures():
    image, tiny = [3, 32, 32], [3, 8, 8]
    mlp, vit = dict(widths=[6, 5, 4, 3]), dict(image=tiny, patch=4, depth=2, width=12, heads=3, hidden=20, outputs=4)
    text = dict(vocabulary=11, length=5, depth=2, width=8, heads=2, hidden=12, outputs=3)
    cases = [
        network_case("mlp, batch norm", MLP(**mlp, norm="batch"), dict(kind="mlp", **mlp, norm="batch"), [4, 6]),
        network_case("mlp, layer norm", MLP(**mlp, activation="tanh", norm="layer"),
                     dict(kind="mlp", **mlp, activation="tanh", norm="layer"), [4, 6]),
        network_case("mlp without biases", MLP(**mlp, bias=False), dict(kind="mlp", **mlp, bias=False), [4, 6]),
        network_case("cnn", CNN(tiny, [4, 5], [3, 3], [1, 1], [1, 1], [2, 2]),
                     dict(kind="cnn", image=tiny, channels=[4, 5], paddings=[1], outputs=10), [2] + tiny),
        network_case("cnn, batch norm", CNN(tiny, [4, 5], [3, 2], [2, 1], [1, 0], [1, 2], "average", "batch", False,
                                            hidden=[6], activation="tanh", outputs=4),
                     dict(kind="cnn", image=tiny, channels=[4, 5], kernels=[3, 2], strides=[2, 1], paddings=[1, 0],
                          pools=[1, 2], pooling="average", norm="batch", bias=False, hidden=[6], activation="tanh",
                          outputs=4), [2] + tiny),
        network_case("cnn, mean", CNN(tiny, [4, 5], [3, 3], [1, 1], [1, 1], [2, 1], readout="mean", outputs=4),
                     dict(kind="cnn", image=tiny, channels=[4, 5], paddings=[1], pools=[2, 1], readout="mean",
                          outputs=4), [2] + tiny),
        network_case("cnn-s", SMALL([1], "tanh", listed=False), dict(kind="cnn-s"), [2, 1, 28, 28]),
        network_case("cnn-s, colour, dropout", SMALL([3], "gelu", listed=True),
                     dict(kind="cnn-s", image=[3, 28, 28], activation="gelu", dropout=0.5), [2, 3, 28, 28]),
        network_case("cnn-l", LARGE([3], "gelu"), dict(kind="cnn-l", activation="gelu"), [2] + image),
        network_case("lenet5", LeNet5(1, 2), dict(kind="lenet5"), [2, 1, 28, 28]),
        network_case("lenet5, colour, tanh", LeNet5(3, 0, "tanh", "average"),
                     dict(kind="lenet5", image=image, activation="tanh", pooling="average"), [2] + image),
        network_case("resnet-18", ResNet(2, 4, 2), dict(kind="resnet", depth=18, width=2), [2] + image),
        network_case("resnet-20", ResNet(2, 3, 3), dict(kind="resnet", depth=20, width=2), [2] + image),
        network_case("vit", VisionTransformer(**vit), dict(kind="vit", **vit), [2] + tiny),
        network_case("encoder", TokenEncoder(**text), dict(kind="encoder", **text), [3, 5]),
    ]
    return cases
