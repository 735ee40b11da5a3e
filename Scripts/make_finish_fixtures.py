#!/usr/bin/env python3
"""Write Tests/Fixtures/torch/finish.json: PyTorch's values for what a finish makes of networks.

usage: make_finish_fixtures.py [--out FILE]        (in the environment of Scripts/setup-peers)

Three multilayer perceptrons of two hidden layers, their average and rows with classes, in float64; the format is that of
make_torch_fixtures.py. "repair" is REPAIR of the average: layer by layer every hidden unit's sum takes on the mean over
the three of their means and deviations (divisor n), statistics taken anew after each layer, and then the logits do; units that do
not vary are left alone.
"logits" is a gain and a bias a class, "last-layer" the last weights and biases, "train" everything: so many steps of
torch.optim.Adam at a constant rate on the mean cross-entropy of all rows.
"""
import argparse
import pathlib
import sys

import torch
from torch.nn.functional import cross_entropy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from torch_fixtures.common import Draw, record, write_family  # noqa: E402

WIDTHS = [5, 6, 4, 3]


def layers(vector):
    """The matrices and biases of one network."""
    result, start = [], 0
    for inputs, outputs in zip(WIDTHS, WIDTHS[1:]):
        weight = vector[start:start + inputs * outputs].reshape(outputs, inputs)
        bias = vector[start + inputs * outputs:start + (inputs + 1) * outputs]
        result.append((weight, bias))
        start += (inputs + 1) * outputs
    return result


def flat(parts):
    return torch.cat([tensor.reshape(-1) for pair in parts for tensor in pair])


def sums(parts, x):
    """What every layer gives before its activation."""
    found = []
    for weight, bias in parts:
        x = x @ weight.T + bias
        found.append(x)
        x = x.relu()
    return found


def moments(parts, x):
    return [(z.mean(0), z.std(0, correction=0)) for z in sums(parts, x)]


def repaired(network, targets, x, hidden=True):
    """The network with the moments of each layer as wanted, from the inputs on."""
    parts = layers(network)
    for index in range(len(parts)) if hidden else [len(parts) - 1]:
        mean, deviation = moments(parts, x)[index]
        wanted, spread = targets[index]
        varies = deviation > 1e-6 * mean.abs()
        gain = torch.where(varies, spread / deviation.clamp_min(1e-300), torch.ones_like(spread))
        offset = torch.where(varies, wanted - gain * mean, torch.zeros_like(wanted))
        weight, bias = parts[index]
        parts[index] = (weight * gain[:, None], bias * gain + offset)
    return flat(parts)


def steps(start, loss, count, rate):
    """So many steps of Adam."""
    leaves = [tensor.clone().requires_grad_(True) for tensor in start]
    optimizer = torch.optim.Adam(leaves, lr=rate)
    for _ in range(count):
        optimizer.zero_grad()
        loss(*leaves).backward()
        optimizer.step()
    return [leaf.detach() for leaf in leaves]


def finished(network, kind, x, y, count, rate):
    parts = layers(network)
    if kind == "train":
        return steps([network], lambda w: cross_entropy(sums(layers(w), x)[-1], y), count, rate)[0]
    weight, bias = parts[-1]
    if kind == "logits":
        z = sums(parts, x)[-1]
        gain, offset = steps([torch.ones(3), torch.zeros(3)], lambda g, c: cross_entropy(z * g + c, y), count, rate)
        parts[-1] = (weight * gain[:, None], bias * gain + offset)
    else:
        h = sums(parts, x)[-2].relu()
        parts[-1] = tuple(steps([weight, bias], lambda w, b: cross_entropy(h @ w.T + b, y), count, rate))
    return flat(parts)


def cases():
    draw = Draw("finish")
    x, y = draw.normal(40, WIDTHS[0]), draw.integers(WIDTHS[-1], 40)
    size = sum((a + 1) * b for a, b in zip(WIDTHS, WIDTHS[1:]))
    common = draw.normal(size, scale=0.5)
    networks = torch.stack([common + draw.normal(size, scale=0.3) for _ in range(3)])
    # A unit of the first layer that does not vary: it is left alone.
    networks[:, :WIDTHS[0]] = 0
    members = [moments(layers(network), x) for network in networks]
    targets = [tuple(torch.stack([m[i][part] for m in members]).mean(0) for part in range(2)) for i in range(3)]
    inputs = {"x": x, "labels": y, "flat": networks}
    average = networks.mean(0)
    yield record("repair of the average", inputs, {"output": repaired(average, targets, x)})
    yield record("logits alone repaired", inputs, {"output": repaired(average, targets, x, hidden=False)})
    for kind, count, rate in (("logits", 60, 0.02), ("last-layer", 30, 0.01), ("train", 20, 0.01)):
        outputs = torch.stack([finished(network, kind, x, y, count, rate) for network in networks])
        yield record(kind, inputs, {"output": outputs}, options={"steps": count, "rate": rate})


def main():
    default = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "torch" / "finish.json"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=default)
    arguments = parser.parse_args()
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    count = write_family(arguments.out, "finish", list(cases()))
    print(f"{arguments.out.name}: {count} cases, {arguments.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
