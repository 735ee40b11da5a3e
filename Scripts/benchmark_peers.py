#!/usr/bin/env python3
"""The peers' side of the benchmark: each work in PyTorch's (or NumPy and SciPy's) best forms.

usage: benchmark_peers.py WORK ... [--threads N] [--repeats R] [--data DIR] [--compile]

WORK is one of W1 ... W11, W10-deep, W11-small, W11-many, LA, or `limits` (what the machine can do: memory bandwidth and matrix-product rate).
Prints one JSON line for each form of each work: {"work", "form", "seconds": [one a repeat], "per": what was timed}.
Every repeat times enough calls to be measurable and gives the time of one. Scripts/benchmark runs this beside ours.
W9 needs MNIST as IDX files (gzipped or not) in --data DIR (or DIR/mnist, DIR/MNIST/raw).
"""
import argparse
import json
import os
import sys
import time

WORKS = ("W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "W9", "W10", "W10-deep", "W11", "W11-small", "W11-many", "LA",
         "limits")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("works", nargs="+", choices=WORKS, metavar="WORK")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--data", default=os.environ.get("WEIGHTSPACE_DATA", "data"))
    parser.add_argument("--compile", action="store_true", help="also time torch.compile where a form for it exists")
    return parser.parse_args()


OPTIONS = arguments()
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = str(OPTIONS.threads)  # before NumPy and PyTorch are loaded

import numpy as np  # noqa: E402
import torch  # noqa: E402
import torch.nn as nn  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from torch.func import functional_call, grad, jvp, stack_module_state, vmap  # noqa: E402


def measure(work, form, function, calls=1, share=1, warm_up=2, per="call"):
    """Time `calls` calls in every repeat; a call does `share` units of work, and the time of one unit is printed."""
    for _ in range(warm_up):
        function()
    seconds = []
    for _ in range(OPTIONS.repeats):
        start = time.perf_counter()
        for _ in range(calls):
            function()
        seconds.append((time.perf_counter() - start) / calls / share)
    report(work, form, seconds, per)


def report(work, form, seconds, per, **facts):
    print(json.dumps({"work": work, "form": form, "seconds": seconds, "per": per, **facts}), flush=True)


class VelocityNet(nn.Module):
    """DeepWeightFlow's velocity network: h, h/2, h; dropout after the first two blocks; a head that starts at zero."""

    def __init__(self, d, h, time_width=64):
        super().__init__()
        self.time = nn.Sequential(nn.Linear(1, time_width), nn.GELU(), nn.Linear(time_width, time_width))
        modules, width = [], d + time_width
        for i, hidden in enumerate((h, h // 2, h)):
            modules += [nn.Linear(width, hidden), nn.LayerNorm(hidden), nn.GELU()] + [nn.Dropout(0.1)] * (i < 2)
            width = hidden
        self.net = nn.Sequential(*modules, nn.Linear(width, d))
        nn.init.zeros_(self.net[-1].weight)
        nn.init.zeros_(self.net[-1].bias)

    def forward(self, x, t):
        return self.net(torch.cat([x, self.time(t)], -1))


def flow_step(network, forward, optimizer, codes, batch, source=0.01, sigma=1e-3):
    """One training step: batch, source, time and noise drawn; loss, gradients and update."""
    x1 = codes[torch.randint(len(codes), (batch,))]
    x0 = torch.randn_like(x1) * source
    t = torch.rand(batch, 1)
    x = torch.lerp(x0, x1, t) + sigma * torch.randn_like(x1)
    loss = F.mse_loss(forward(x, t), x1 - x0)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()


def flow_optimizer(network):
    return torch.optim.AdamW(network.parameters(), lr=5e-4, weight_decay=1e-5, betas=(0.9, 0.95), fused=True)


def flow_training(work, d, h, calls):
    codes = torch.randn(100, d) * 0.05
    for form in ("eager, fused AdamW", "compiled, fused AdamW")[: 2 if OPTIONS.compile else 1]:
        network = VelocityNet(d, h)
        forward = torch.compile(network) if form.startswith("compiled") else network
        optimizer = flow_optimizer(network)
        measure(work, form, lambda: flow_step(network, forward, optimizer, codes, 8), calls, warm_up=5, per="step")


def w1():
    flow_training("W1", 26506, 512, calls=10)


def w2():
    flow_training("W2", 99, 1024, calls=100)


MLP_SHAPES = ((784, 32), (32, 32), (32, 10))


def mlp_population(count, generator=None):
    """He-uniform weights [P, in, out] and zero biases [P, 1, out] of `count` networks 784-32-32-10."""
    weights = [(torch.rand(count, i, o, generator=generator) * 2 - 1) * (6 / i) ** 0.5 for i, o in MLP_SHAPES]
    return weights, [torch.zeros(count, 1, o) for _, o in MLP_SHAPES]


def mlp_forward(h, weights, biases):
    """Logits [P, B, 10] of a population on its own inputs [P, B, 784]."""
    for i, (weight, bias) in enumerate(zip(weights, biases)):
        h = torch.baddbmm(bias, h, weight)
        h = h.relu() if i < 2 else h
    return h


def mlp_forward_shared(x, weights, biases):
    """The same for inputs [B, 784] that all networks share: the first layer is one product with P * 32 columns."""
    count, _, width = weights[0].shape
    h = x @ weights[0].permute(1, 0, 2).reshape(784, -1)
    h = (h.reshape(len(x), count, width).permute(1, 0, 2) + biases[0]).relu_()
    h = torch.baddbmm(biases[1], h, weights[1]).relu_()
    return torch.baddbmm(biases[2], h, weights[2])


def population_step(x, y, parameters, optimizer, rows):
    """One Adam step of every network, each on its own rows [P, B] of the data."""
    logits = mlp_forward(x[rows], parameters[:3], parameters[3:])
    loss = F.cross_entropy(logits.flatten(0, 1), y[rows].flatten(), reduction="sum") / rows.shape[1]
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()


def w3(count=100, batch=64):
    x, y = torch.rand(60000, 784), torch.randint(0, 10, (60000,))
    single = nn.Sequential(nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 10))
    adam = torch.optim.Adam(single.parameters(), 1e-3, fused=True)

    def eager():
        rows = torch.randint(60000, (batch,))
        loss = F.cross_entropy(single(x[rows]), y[rows])
        adam.zero_grad(set_to_none=True)
        loss.backward()
        adam.step()

    measure("W3", "eager, one network", eager, calls=200, warm_up=20, per="network and step")
    weights, biases = mlp_population(count)
    parameters = [nn.Parameter(p) for p in weights + biases]
    optimizer = torch.optim.Adam(parameters, 1e-3, fused=True)
    measure("W3", "one batched model", lambda: population_step(x, y, parameters, optimizer, torch.randint(60000, (count, batch))),
            calls=10, share=count, warm_up=3, per="network and step")


@torch.no_grad()
def w4(count=100):
    x = torch.rand(10000, 784)
    weights, biases = mlp_population(count)

    def loop():
        for p in range(count):
            h = x
            for i in range(3):
                h = torch.addmm(biases[i][p], h, weights[i][p])
                h = h.relu_() if i < 2 else h
            h.argmax(-1)

    measure("W4", "a network at a time", loop)
    measure("W4", "first layer as one product", lambda: mlp_forward_shared(x, weights, biases).argmax(-1))


def rk4(velocity, x, intervals, first=0):
    """Classic Runge-Kutta from t = first / 100, in intervals of 1 / 100."""
    dt = 1 / 100
    for k in range(first, first + intervals):
        t = k * dt
        k1 = velocity(x, t)
        k2 = velocity(x + dt / 2 * k1, t + dt / 2)
        k3 = velocity(x + dt / 2 * k2, t + dt / 2)
        k4 = velocity(x + dt * k3, t + dt)
        x = x + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return x


def reduced_rk4(network, x0, intervals=100):
    """The same integral in the pre-activation space of the first layer, where x enters only through W_in x.

    With z = W_in x, dz/dt = (W_in W_out) g + W_in b_out for the last hidden activation g(z, t); the weighted sum of g
    over all stages gives x at the end with one product.
    """
    first, last, middle = network.net[0], network.net[-1], network.net[1:-1]
    d = x0.shape[1]
    w_in, w_time = first.weight[:, :d], first.weight[:, d:]
    product, shift = w_in @ last.weight, w_in @ last.bias
    z, total, dt = x0 @ w_in.T, 0, 1 / intervals

    def hidden(z, t):
        return middle(z + F.linear(network.time(torch.full((1, 1), t)), w_time, first.bias))

    for k in range(intervals):
        t = k * dt
        g1 = hidden(z, t)
        g2 = hidden(z + dt / 2 * (g1 @ product.T + shift), t + dt / 2)
        g3 = hidden(z + dt / 2 * (g2 @ product.T + shift), t + dt / 2)
        g4 = hidden(z + dt * (g3 @ product.T + shift), t + dt)
        g = (g1 + 2 * g2 + 2 * g3 + g4) * (dt / 6)
        total = total + g
        z = z + g @ product.T + dt * shift
    return x0 + total @ last.weight.T + last.bias


@torch.no_grad()
def w5(d=26506, h=512, samples=100):
    network = VelocityNet(d, h).eval()
    nn.init.normal_(network.net[-1].weight, std=h ** -0.5)
    x0 = torch.randn(samples, d) * 0.01

    def velocity(x, t):
        return network(x, torch.full((len(x), 1), t))

    measure("W5", "plain", lambda: rk4(velocity, x0, 100), warm_up=0, per="100 intervals")
    measure("W5", "reduced to the h-dimensional space", lambda: reduced_rk4(network, x0), warm_up=1, per="100 intervals")
    plain, reduced = rk4(velocity, x0, 100), reduced_rk4(network, x0)
    gap = ((plain - reduced).abs().max() / plain.abs().max()).item()
    print(f"W5: the two forms differ by {gap:.1e} of the largest value", file=sys.stderr)


def cnn():
    """The zoo benchmarks' CNN: 2,464 parameters on 1x28x28."""
    return nn.Sequential(nn.Conv2d(1, 8, 5), nn.MaxPool2d(2), nn.Tanh(), nn.Conv2d(8, 6, 5), nn.MaxPool2d(2), nn.Tanh(),
                         nn.Conv2d(6, 4, 2), nn.Tanh(), nn.Flatten(), nn.Linear(36, 20), nn.Tanh(), nn.Linear(20, 10))


def w6(count=50, batch=64):
    x, y = torch.rand(count, batch, 1, 28, 28), torch.randint(0, 10, (count, batch))
    cnn_loop(x, y)
    cnn_vmap(x, y)
    cnn_grouped(x, y)


def cnn_loop(x, y):
    networks = [cnn() for _ in x]
    optimizers = [torch.optim.Adam(network.parameters(), 3e-4, fused=True) for network in networks]

    def step():
        for network, optimizer, images, labels in zip(networks, optimizers, x, y):
            loss = F.cross_entropy(network(images), labels)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()

    measure("W6", "eager loop", step, per="population step")


def cnn_vmap(x, y):
    stacked, _ = stack_module_state([cnn() for _ in x])
    parameters = {name: nn.Parameter(p.detach().clone()) for name, p in stacked.items()}
    optimizer, base = torch.optim.Adam(parameters.values(), 3e-4, fused=True), cnn()
    gradients = vmap(grad(lambda p, images, labels: F.cross_entropy(functional_call(base, p, (images,)), labels)))

    def step():
        found = gradients({name: p.detach() for name, p in parameters.items()}, x, y)
        for name, p in parameters.items():
            p.grad = found[name]
        optimizer.step()

    measure("W6", "torch.func vmap", step, per="population step")


def cnn_grouped(x, y):
    count, batch = y.shape
    kernels = [torch.randn(count * o, i, k, k) * (i * k * k) ** -0.5 for o, i, k in ((8, 1, 5), (6, 8, 5), (4, 6, 2))]
    kernel_biases = [torch.zeros(count * o) for o in (8, 6, 4)]
    weights = [torch.randn(count, i, o) * i ** -0.5 for i, o in ((36, 20), (20, 10))]
    biases = [torch.zeros(count, 1, o) for o in (20, 10)]
    parameters = [nn.Parameter(p) for p in kernels + kernel_biases + weights + biases]
    optimizer = torch.optim.Adam(parameters, 3e-4, fused=True)
    images = x.transpose(0, 1).reshape(batch, count, 28, 28)  # networks are groups of channels

    def step():
        h = images
        for i in range(3):
            h = F.conv2d(h, parameters[i], parameters[3 + i], groups=count)
            h = F.max_pool2d(h, 2).tanh() if i < 2 else h.tanh()
        h = h.reshape(batch, count, 36).transpose(0, 1)
        h = torch.baddbmm(parameters[8], h, parameters[6]).tanh()
        logits = torch.baddbmm(parameters[9], h, parameters[7])
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum") / batch
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    measure("W6", "grouped convolutions", step, per="population step")


def w7(batch=32, tokens=64, width=256):
    block = nn.TransformerEncoderLayer(width, 8, 4 * width, 0.0, "gelu", batch_first=True, norm_first=True)
    x = torch.randn(batch, tokens, width, requires_grad=True)

    def forward_and_backward():
        block.zero_grad(set_to_none=True)
        x.grad = None
        block(x).sum().backward()

    measure("W7", "TransformerEncoderLayer", forward_and_backward, calls=5, per="forward and backward")


def w8(count=100, batch=64):
    weights, biases = mlp_population(count)
    parameters = tuple(weights + biases)
    vectors = tuple(torch.randn_like(p) for p in parameters)
    x, y = torch.rand(count, batch, 784), torch.randint(0, 10, (count, batch)).flatten()

    def loss(parameters):
        return F.cross_entropy(mlp_forward(x, parameters[:3], parameters[3:]).flatten(0, 1), y, reduction="sum") / batch

    def double_backward():
        held = [p.detach().requires_grad_() for p in parameters]
        first = torch.autograd.grad(loss(held), held, create_graph=True)
        return torch.autograd.grad(sum((g * v).sum() for g, v in zip(first, vectors)), held)

    measure("W8", "double backward", double_backward, calls=5)
    measure("W8", "forward over reverse", lambda: jvp(grad(loss), (parameters,), (vectors,)), calls=5)


def w9():
    from benchmark_row import run_row
    for _ in range(OPTIONS.repeats):
        seconds, stages = run_row(OPTIONS.data)
        report("W9", "batched zoo, fused flow", [seconds], "whole row", **stages)


def neuron_training(work, widths, batch, count):
    from benchmark_neurons import training_steps
    for form, step in training_steps(widths, batch, count, OPTIONS.compile):
        measure(work, form, step, calls=5, warm_up=5, per="step")


def w10():
    neuron_training("W10", (64, 16, 10), batch=128, count=5000)


def w10_deep():
    neuron_training("W10-deep", (784, 32, 32, 10), batch=32, count=100)


def judged(weights, zoo, predictions, zoo_predictions, labels):
    """What is said of a population beside a zoo: nearest distances (plain ones), overlap of errors, disagreement."""
    nearest = torch.cdist(weights, zoo).topk(2, 1, largest=False)
    wrong, zoo_wrong = ((p != labels).float() for p in (predictions, zoo_predictions))
    both = wrong @ zoo_wrong.T
    either = wrong.sum(1)[:, None] + zoo_wrong.sum(1) - both
    other = torch.stack([(zoo_predictions != row).float().mean(1) for row in predictions])
    return nearest.values.mean(), (both / either).mean(), other.mean()


def judging(work, form, weights, predict, sizes, features, inputs):
    """Three populations with their test and validation predictions, each beside the first."""
    test, validation = torch.randn(inputs, *features), torch.randn(inputs, *features)
    labels = torch.randint(0, 10, (inputs,))

    @torch.no_grad()
    def judge():
        found, checked = predict(test), predict(validation)
        accuracy = (found == labels).double().mean(1), (checked == labels).double().mean(1)
        populations = list(zip(weights.split(sizes), found.split(sizes)))
        zoo, zoo_found = populations[0]
        return accuracy, [judged(w, zoo, p, zoo_found, labels) for w, p in populations]

    measure(work, form, judge, warm_up=1, per="three populations")


def w11():
    networks = [cnn() for _ in range(80)]
    weights = torch.stack([nn.utils.parameters_to_vector(n.parameters()).detach() for n in networks])

    def predict(x):
        return torch.stack([torch.cat([n(part).argmax(1) for part in x.split(500)]) for n in networks])

    judging("W11", "a network at a time", weights, predict, [50, 10, 20], (1, 28, 28), 10_000)


def judging_mlps(work, sizes):
    count = sum(sizes)
    first, second = torch.randn(count, 64, 16) / 8, torch.randn(count, 16, 10) / 4
    biases = torch.zeros(count, 1, 16), torch.zeros(count, 1, 10)
    weights = torch.cat([p.flatten(1) for p in (first, *biases, second)], 1)

    def predict(x):
        h = (x @ first.permute(1, 0, 2).reshape(64, -1)).reshape(len(x), count, 16).permute(1, 0, 2)
        return torch.baddbmm(biases[1], (h + biases[0]).relu_(), second).argmax(-1)

    judging(work, "batched", weights, predict, sizes, (64,), 360)


def w11_small():
    judging_mlps("W11-small", [200, 100, 200])


def w11_many():
    judging_mlps("W11-many", [5000, 100, 200])


def la():
    from benchmark_row import weight_matching
    generator = np.random.default_rng(0)
    shapes = ((512, 784), (512, 512), (10, 512))
    pairs = [[[generator.standard_normal(s, np.float32) / s[1] ** 0.5 for s in shapes] for _ in range(2)]
             for _ in range(OPTIONS.repeats)]
    weight_matching(*pairs[0], seed=0)
    seconds, sweeps = [], []
    for reference, network in pairs:
        start = time.perf_counter()
        _, count = weight_matching(reference, network, seed=0)
        seconds.append((time.perf_counter() - start) / count)
        sweeps.append(count)
    threads = f"{OPTIONS.threads} thread{'s' * (OPTIONS.threads > 1)}"
    report("LA", f"NumPy and SciPy, {threads}", seconds, "sweep", sweeps=sweeps)


def limits(size=2048):
    """What the machine gives: bytes a second read and written by a triad, from memory and from cache; FLOP a second."""
    def bandwidth(elements, calls):
        a, b, c = (torch.rand(elements) for _ in range(3))
        best = min(timed(lambda: torch.add(a, b, alpha=3, out=c), calls) for _ in range(OPTIONS.repeats))
        return 3 * 4 * elements / best  # two streams read, one written

    a, b = torch.rand(size, size), torch.rand(size, size)
    out = torch.empty(size, size)
    product = min(timed(lambda: torch.mm(a, b, out=out), 3) for _ in range(OPTIONS.repeats))
    facts = {"memory_bytes": bandwidth(1 << 26, 3), "cache_bytes": bandwidth(1 << 19, 200), "gemm_flops": 2 * size ** 3 / product}
    print(json.dumps({"work": "limits", "threads": OPTIONS.threads, "torch": torch.__version__,
                      "kernels": torch.backends.cpu.get_cpu_capability(), **facts}), flush=True)


def timed(function, calls):
    """Seconds a call, after one that does not count."""
    function()
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - start) / calls


def main():
    torch.set_num_threads(OPTIONS.threads)
    for work in OPTIONS.works:
        torch.manual_seed(0)
        globals()[work.lower().replace("-", "_")]()


if __name__ == "__main__":
    main()
