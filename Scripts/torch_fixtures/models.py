"""Whole networks over a flat parameter vector: populations, the flow's velocity net, Hessian-vector products."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.func import functional_call

from .common import Draw, case, flat, record, unflat


def mlp_slots(widths):
    """The slots of a multi-layer perceptron in forward order."""
    slots = []
    for i, (narrow, wide) in enumerate(zip(widths, widths[1:])):
        slots.append({"name": f"layers.{i}.weight", "shape": [wide, narrow]})
        slots.append({"name": f"layers.{i}.bias", "shape": [wide]})
    return slots


def size(slots):
    return sum(torch.Size(slot["shape"]).numel() for slot in slots)


def mlp(vector, x, slots, activation):
    named, depth = unflat(vector, slots), len(slots) // 2
    for i in range(depth):
        x = F.linear(x, named[f"layers.{i}.weight"], named[f"layers.{i}.bias"])
        x = activation(x) if i < depth - 1 else x
    return x


ACTIVATIONS = {"relu": F.relu, "tanh": torch.tanh, "gelu": F.gelu}


def mlp_case(name, widths, activation, population, batch, shared):
    """Mean cross-entropy of each network, one number a network; gradients of their sum."""
    draw, slots = Draw(name), mlp_slots(widths)
    x = draw.normal(batch, widths[0]) if shared else draw.normal(population, batch, widths[0])
    inputs = {"flat": draw.normal(population, size(slots), scale=0.6), "x": x, "labels": draw.integers(widths[-1], population, batch)}

    def compute(flat, x, labels):
        logits = torch.stack([mlp(v, x if shared else x[i], slots, ACTIVATIONS[activation]) for i, v in enumerate(flat)])
        losses = torch.stack([F.cross_entropy(logits[i], labels[i]) for i in range(population)])
        return {"total": losses.sum(), "losses": losses, "logits": logits}

    return case(name, compute, inputs, {"widths": widths, "activation": activation, "P": population, "slots": slots})


def mlp_population():
    return [
        mlp_case("relu, own inputs", [4, 5, 3], "relu", 2, 4, False),
        mlp_case("relu, shared inputs", [4, 5, 3], "relu", 3, 4, True),
        mlp_case("tanh, three layers", [3, 4, 4, 2], "tanh", 2, 5, False),
        mlp_case("gelu, one network", [4, 6, 3], "gelu", 1, 4, False),
    ]


def small_cnn():
    """The shape of the zoo benchmarks' network, with fewer channels: conv, pool, tanh, conv, tanh, linear."""
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.MaxPool2d(2), nn.Tanh(), nn.Conv2d(2, 3, 2), nn.Tanh(), nn.Flatten(),
                         nn.Linear(12, 3))


def cnn_population():
    network, population, batch = small_cnn(), 2, 3
    draw = Draw("cnn population")
    slots = flat(dict(network.named_parameters()))[1]
    inputs = {"flat": draw.normal(population, size(slots), scale=0.5), "x": draw.normal(population, batch, 1, 8, 8),
              "labels": draw.integers(3, population, batch)}

    def compute(flat, x, labels):
        logits = torch.stack([functional_call(network, unflat(v, slots), (x[i],)) for i, v in enumerate(flat)])
        losses = torch.stack([F.cross_entropy(logits[i], labels[i]) for i in range(population)])
        return {"total": losses.sum(), "losses": losses, "logits": logits}

    modules = ["conv 2@3x3", "max pool 2", "tanh", "conv 3@2x2", "tanh", "flatten", "linear 12-3"]
    return [case("small cnn", compute, inputs, {"modules": modules, "P": population, "slots": slots})]


class VelocityNet(nn.Module):
    """DeepWeightFlow's velocity network in evaluation mode (no dropout): v(x, t)."""

    def __init__(self, d, time, hidden):
        super().__init__()
        self.time = nn.Sequential(nn.Linear(1, time), nn.GELU(), nn.Linear(time, time))
        modules, width = [], d + time
        for h in hidden:
            modules += [nn.Linear(width, h), nn.LayerNorm(h), nn.GELU()]
            width = h
        self.net = nn.Sequential(*modules, nn.Linear(width, d))

    def forward(self, x, t):
        return self.net(torch.cat([x, self.time(t)], -1))


def velocity_case(name, d, h, time, hidden, batch):
    """Flow matching: x_t = (1 - t) x0 + t x1 + sigma noise, target x1 - x0, mean squared error over all elements."""
    draw, network, sigma = Draw(name), VelocityNet(d, time, hidden), 1e-3
    parameters, slots = flat(draw.like(network))
    inputs = {"flat": parameters, "x0": draw.normal(batch, d), "x1": draw.normal(batch, d), "t": draw.uniform(batch, 1),
              "noise": draw.normal(batch, d)}

    def compute(flat, x0, x1, t, noise):
        x = (1 - t) * x0 + t * x1 + sigma * noise
        velocity = functional_call(network, unflat(flat, slots), (x, t))
        return {"loss": (velocity - (x1 - x0)).square().mean(), "x_t": x, "velocity": velocity}

    return case(name, compute, inputs, {"d": d, "h": h, "time": time, "hidden": hidden, "sigma": sigma, "slots": slots})


def integrate(velocity, x, steps, method):
    """From t = 0 to t = 1 in `steps` intervals."""
    dt = 1 / steps
    for k in range(steps):
        t = k * dt
        k1 = velocity(x, t)
        if method == "euler":
            x = x + dt * k1
            continue
        k2 = velocity(x + dt / 2 * k1, t + dt / 2)
        k3 = velocity(x + dt / 2 * k2, t + dt / 2)
        k4 = velocity(x + dt * k3, t + dt)
        x = x + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return x


def solver_case(method):
    name = f"{method} in 4 intervals"
    draw, network = Draw("solver"), VelocityNet(5, 4, [8, 4, 8])
    parameters, slots = flat(draw.like(network))
    named = unflat(parameters, slots)

    def velocity(x, t):
        return functional_call(network, named, (x, torch.full((len(x), 1), t)))

    x = draw.normal(3, 5)
    options = {"d": 5, "h": 8, "time": 4, "hidden": [8, 4, 8], "steps": 4, "method": method, "slots": slots}
    return record(name, {"flat": parameters, "x": x}, {"x": integrate(velocity, x, 4, method)}, options=options)


def velocity_net():
    return [velocity_case("standard", 5, 8, 4, [8, 4, 8], 3), velocity_case("deeper", 4, 6, 2, [6, 6, 3, 6], 2),
            solver_case("euler"), solver_case("rk4")]


def hvp_case(name, widths, activation, population, batch):
    """The product of each network's own Hessian of its mean cross-entropy with its own vector."""
    draw, slots = Draw(name), mlp_slots(widths)
    parameters, vectors = draw.normal(population, size(slots), scale=0.6), draw.normal(population, size(slots))
    x, labels = draw.normal(population, batch, widths[0]), draw.integers(widths[-1], population, batch)
    held = parameters.clone().requires_grad_()
    loss = sum(F.cross_entropy(mlp(held[i], x[i], slots, ACTIVATIONS[activation]), labels[i]) for i in range(population))
    gradient = torch.autograd.grad(loss, held, create_graph=True)[0]
    product = torch.autograd.grad((gradient * vectors).sum(), held)[0]
    inputs = {"flat": parameters, "vector": vectors, "x": x, "labels": labels}
    options = {"widths": widths, "activation": activation, "P": population, "slots": slots}
    return record(name, inputs, {"total": loss, "product": product}, {"flat": gradient}, options)


def hvp():
    return [hvp_case("tanh, one network", [3, 4, 3], "tanh", 1, 5), hvp_case("relu, population", [4, 5, 3], "relu", 3, 4),
            hvp_case("gelu, population", [3, 4, 4, 2], "gelu", 2, 4)]


def time_features(t, width):
    """cos and sin of t w_i, w_i = 1000 * 10000^(-i / n), n = width / 2."""
    half = width // 2
    angles = t * 1000 * 10_000 ** (-torch.arange(half) / half)
    return torch.cat([angles.cos(), angles.sin()], -1)


class Block(nn.Module):
    """A residual perceptron between adaptive layer norm and gate."""

    def __init__(self, width, hidden, time):
        super().__init__()
        self.modulation = nn.Linear(time, 3 * width)
        self.linear1, self.linear2 = nn.Linear(width, hidden), nn.Linear(hidden, width)

    def forward(self, h, e):
        shift, scale, gate = self.modulation(e).chunk(3, -1)
        x = F.layer_norm(h, h.shape[-1:]) * (1 + scale) + shift
        return h + gate * self.linear2(F.gelu(self.linear1(x)))


class ResidualMLP(nn.Module):
    """A residual perceptron steered by the time: v(x, t)."""

    def __init__(self, d, width, hidden, depth, time):
        super().__init__()
        self.features = time
        self.time = nn.Sequential(nn.Linear(time, time), nn.SiLU(), nn.Linear(time, time))
        self.entry = nn.Linear(d, width)
        self.blocks = nn.ModuleList([Block(width, hidden, time) for _ in range(depth)])
        self.modulation, self.head = nn.Linear(time, 2 * width), nn.Linear(width, d)

    def forward(self, x, t):
        e = F.silu(self.time(time_features(t, self.features)))
        h = self.entry(x)
        for block in self.blocks:
            h = block(h, e)
        shift, scale = self.modulation(e).chunk(2, -1)
        return self.head(F.layer_norm(h, h.shape[-1:]) * (1 + scale) + shift)


class ResidualConvolution(nn.Module):
    """Two convolutions beside a shortcut, the second after a group norm that the time shifts and scales."""

    def __init__(self, inputs, outputs, kernel, groups, time):
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, inputs)
        self.conv1 = nn.Conv1d(inputs, outputs, kernel, padding=kernel // 2)
        self.modulation = nn.Linear(time, 2 * outputs)
        self.norm2 = nn.GroupNorm(groups, outputs)
        self.conv2 = nn.Conv1d(outputs, outputs, kernel, padding=kernel // 2)
        self.shortcut = nn.Conv1d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x, e):
        h = self.conv1(F.silu(self.norm1(x)))
        shift, scale = self.modulation(e)[..., None].chunk(2, 1)
        h = F.silu(self.norm2(h) * (1 + scale) + shift)
        return self.shortcut(x) + self.conv2(h)


class UNet(nn.Module):
    """A U-Net along a code: v(x, t)."""

    def __init__(self, d, channels, kernel, groups, time):
        super().__init__()
        levels = len(channels)
        unit = 2 ** (levels - 1)
        self.d, self.length, self.features = d, -(-d // unit) * unit, time

        def block(inputs, outputs):
            return ResidualConvolution(inputs, outputs, kernel, groups, time)

        self.time = nn.Sequential(nn.Linear(time, time), nn.SiLU(), nn.Linear(time, time))
        self.entry = nn.Conv1d(1, channels[0], kernel, padding=kernel // 2)
        self.places = nn.ParameterList([nn.Parameter(torch.zeros(channels[0], self.length))])
        self.down = nn.ModuleList()
        for i, c in enumerate(channels):
            self.down.append(block(channels[max(i - 1, 0)], c))
            if i < levels - 1:
                self.down.append(nn.Conv1d(c, c, 3, stride=2, padding=1))
        self.middle = block(channels[-1], channels[-1])
        self.up = nn.ModuleList()
        for i in reversed(range(levels)):
            self.up.append(block(2 * channels[i], channels[i]))
            if i:
                self.up.append(nn.ConvTranspose1d(channels[i], channels[i - 1], 4, stride=2, padding=1))
        self.norm = nn.GroupNorm(groups, channels[0])
        self.head = nn.Conv1d(channels[0], 1, kernel, padding=kernel // 2)

    def forward(self, x, t):
        e = F.silu(self.time(time_features(t, self.features)))
        h = self.entry(F.pad(x, (0, self.length - self.d))[:, None]) + self.places[0]
        handed = []
        for module in self.down:
            if isinstance(module, ResidualConvolution):
                h = module(h, e)
                handed.append(h)
            else:
                h = module(h)
        h = self.middle(h, e)
        for module in self.up:
            if isinstance(module, ResidualConvolution):
                h = module(torch.cat([h, handed.pop()], 1), e)
            else:
                h = module(h)
        return self.head(F.silu(self.norm(h)))[:, 0, :self.d]


def steered_case(name, network, d, batch, options):
    """The velocity of a net that the time steers, and its gradients. No parameter is at zero."""
    draw = Draw(name)
    parameters, slots = flat(draw.like(network))
    inputs = {"flat": parameters, "x": draw.normal(batch, d), "t": draw.uniform(batch, 1)}

    def compute(flat, x, t):
        return functional_call(network, unflat(flat, slots), (x, t))

    return case(name, compute, inputs, {"d": d, "slots": slots, **options})


def residual_case(name, d, batch, **options):
    network = ResidualMLP(d, options["width"], options["hidden"], options["depth"], options["time"])
    return steered_case(name, network, d, batch, options)


def unet_case(name, d, batch, **options):
    network = UNet(d, options["channels"], options["kernel"], options["groups"], options["time"])
    return steered_case(name, network, d, batch, options)


def residual_mlp():
    return [residual_case("two blocks", 5, 3, width=6, hidden=9, depth=2, time=4),
            residual_case("one block", 3, 2, width=4, hidden=2, depth=1, time=2)]


def unet_1d():
    return [unet_case("three levels, padded", 6, 2, channels=[2, 4, 4], kernel=3, groups=2, time=4),
            unet_case("one level", 5, 3, channels=[2], kernel=5, groups=1, time=2)]
