"""The neuron transformer on MLPs, written unit by unit and pair by pair: nothing here is a batched form of itself."""
import math

import torch
import torch.nn.functional as F

from .common import Draw, case, unflat
from .models import mlp_slots, size


def net_slots(widths, width, layers, hidden, edge):
    """Names and shapes in the order in which the net declares them."""
    slots = []

    def linear(name, inputs, outputs, bias=True):
        slots.append({"name": f"{name}.weight", "shape": [outputs, inputs]})
        if bias:
            slots.append({"name": f"{name}.bias", "shape": [outputs]})

    units, pairs = widths[1:-1], range(1, len(widths) - 2)
    linear("time.0", width, width)
    linear("time.2", width, width)
    features = [widths[-1]] if units else [size(mlp_slots(widths))]
    for i in range(len(units)):
        features.append((widths[0] if i == 0 else 0) + 1 + (widths[-1] if i == len(units) - 1 else 0))
    for name, count in zip(["network"] + [f"units.layers.{i}" for i in range(len(units))], features):
        linear(f"{name}.entry", count, width)
        linear(f"{name}.head", width, count)
    for block in range(layers):
        name = f"blocks.{block}"
        linear(f"{name}.modulation", width, 6 * width)
        slots.append({"name": f"{name}.attention.in_proj_weight", "shape": [3 * width, width]})
        slots.append({"name": f"{name}.attention.in_proj_bias", "shape": [3 * width]})
        linear(f"{name}.attention.out_proj", width, width)
        for i in pairs:
            for side in ("in", "out"):
                linear(f"{name}.messages.layers.{i}.weight.{side}.values", width, edge)
                linear(f"{name}.messages.layers.{i}.weight.{side}.output", edge, width, bias=False)
        linear(f"{name}.mlp.0", width, hidden)
        linear(f"{name}.mlp.2", hidden, width)
    linear("final.modulation", width, 2 * width)
    for i in pairs:
        name = f"edges.layers.{i}.weight"
        linear(f"{name}.own", 1, edge, bias=False)
        linear(f"{name}.first", width, edge)
        linear(f"{name}.second", width, edge, bias=False)
        linear(f"{name}.left", width, edge, bias=False)
        linear(f"{name}.right", width, edge, bias=False)
        linear(f"{name}.output", edge, 1)
    linear("direct", width, sum(features) + len(pairs))
    return slots


class Net:
    """The net with given weights on one network's weights and one time."""

    def __init__(self, p, widths, width, layers, heads):
        self.p, self.widths, self.width, self.layers, self.heads = p, widths, width, layers, heads

    def linear(self, name, x):
        return F.linear(x, self.p[f"{name}.weight"], self.p.get(f"{name}.bias"))

    def norm(self, x, scale, shift):
        return F.layer_norm(x, (self.width,)) * (1 + scale) + shift

    def attention(self, name, tokens):
        weight, bias = self.p[f"{name}.in_proj_weight"], self.p[f"{name}.in_proj_bias"]
        q, k, v = F.linear(torch.stack(tokens), weight, bias).chunk(3, dim=1)
        depth, parts = self.width // self.heads, []
        for head in range(self.heads):
            s = slice(head * depth, (head + 1) * depth)
            parts.append(torch.softmax(q[:, s] @ k[:, s].T / math.sqrt(depth), dim=1) @ v[:, s])
        return list(self.linear(f"{name}.out_proj", torch.cat(parts, dim=1)))

    def __call__(self, x, t):
        w = unflat(x, mlp_slots(self.widths))
        hidden = self.widths[1:-1]
        last = len(hidden)
        rate = 100 ** (torch.arange(self.width // 2) / max(self.width // 2 - 1, 1))
        c = torch.cat([torch.cos(rate * t), torch.sin(rate * t)])
        c = F.silu(self.linear("time.2", F.silu(self.linear("time.0", c))))
        # What each token holds, and the name of its kind.
        own = [("network", w[f"layers.{last}.bias"] if hidden else x)]
        for i, count in enumerate(hidden):
            for u in range(count):
                parts = [w["layers.0.weight"][u]] if i == 0 else []
                parts.append(w[f"layers.{i}.bias"][u:u + 1])
                if i == last - 1:
                    parts.append(w[f"layers.{last}.weight"][:, u])
                own.append((f"units.layers.{i}", torch.cat(parts)))
        starts = [1 + sum(hidden[:i]) for i in range(last)]
        h = [self.linear(f"{kind}.entry", value) for kind, value in own]
        for block in range(self.layers):
            name = f"blocks.{block}"
            s, r, g, s2, r2, g2 = self.linear(f"{name}.modulation", c).chunk(6)
            n = [self.norm(token, r, s) for token in h]
            heard = self.attention(f"{name}.attention", n)
            for i in range(1, last):
                weight, edge = w[f"layers.{i}.weight"], f"{name}.messages.layers.{i}.weight"
                for side in ("in", "out"):
                    listening, speaking = (i, i - 1) if side == "in" else (i - 1, i)
                    for a in range(hidden[listening]):
                        total = 0
                        for b in range(hidden[speaking]):
                            value = weight[a, b] if side == "in" else weight[b, a]
                            total = total + value * self.linear(f"{edge}.{side}.values", n[starts[speaking] + b])
                        sent = self.linear(f"{edge}.{side}.output", total / math.sqrt(hidden[speaking]))
                        heard[starts[listening] + a] = heard[starts[listening] + a] + sent
            h = [token + g * change for token, change in zip(h, heard)]
            n = [self.norm(token, r2, s2) for token in h]
            h = [token + g2 * self.linear(f"{name}.mlp.2", F.gelu(self.linear(f"{name}.mlp.0", m)))
                 for token, m in zip(h, n)]
        s, r = self.linear("final.modulation", c).chunk(2)
        h = [self.norm(token, r, s) for token in h]
        return self.write(w, own, starts, h, self.linear("direct", c))

    def write(self, w, own, starts, h, direct):
        """The velocity as a flat vector."""
        hidden, last = self.widths[1:-1], len(self.widths) - 2
        kinds = list(dict.fromkeys(kind for kind, _ in own))
        lengths = {kind: len(value) for kind, value in own}
        factors = dict(zip(kinds, direct.split([lengths[kind] for kind in kinds] + [1] * max(last - 1, 0))))
        results = [self.linear(f"{kind}.head", token) + factors[kind] * value for (kind, value), token in zip(own, h)]
        if not hidden:
            return results[0]
        v = {}
        for i, count in enumerate(hidden):
            mine = results[starts[i]:starts[i] + count]
            inputs = self.widths[0] if i == 0 else 0
            if i == 0:
                v["layers.0.weight"] = torch.stack([token[:inputs] for token in mine])
            v[f"layers.{i}.bias"] = torch.stack([token[inputs] for token in mine])
            if i == last - 1:
                v[f"layers.{last}.weight"] = torch.stack([token[inputs + 1:] for token in mine], dim=1)
        v[f"layers.{last}.bias"] = results[0]
        for i in range(1, last):
            name, weight = f"edges.layers.{i}.weight", w[f"layers.{i}.weight"]
            factor, rows = direct[sum(lengths[kind] for kind in kinds) + i - 1], []
            for a in range(hidden[i]):
                for b in range(hidden[i - 1]):
                    first, second = h[starts[i] + a], h[starts[i - 1] + b]
                    inner = (self.linear(f"{name}.own", weight[a, b:b + 1]) + self.linear(f"{name}.first", first)
                             + self.linear(f"{name}.second", second))
                    left, right = self.linear(f"{name}.left", first), self.linear(f"{name}.right", second)
                    alone = self.linear(f"{name}.output", F.gelu(inner))[0]
                    rows.append(alone + left @ right / math.sqrt(len(left)) + factor * weight[a, b])
            v[f"layers.{i}.weight"] = torch.stack(rows).reshape(hidden[i], hidden[i - 1])
        return torch.cat([v[slot["name"]].reshape(-1) for slot in mlp_slots(self.widths)])


def net_case(name, widths, width=4, layers=1, heads=2, hidden=3, edge=2, batch=2):
    draw, slots = Draw(name), net_slots(widths, width, layers, hidden, edge)

    def compute(flat, x, t):
        net = Net(unflat(flat, slots), widths, width, layers, heads)
        return torch.stack([net(row, time) for row, time in zip(x, t)])

    inputs = {"flat": draw.normal(size(slots), scale=0.5), "x": draw.normal(batch, size(mlp_slots(widths))),
              "t": draw.uniform(batch, 1)}
    options = {"widths": widths, "width": width, "layers": layers, "heads": heads, "hidden": hidden, "edge": edge,
               "slots": slots}
    return case(name, compute, inputs, options)


def neuron_transformer():
    return [net_case("no hidden layer", [2, 2]), net_case("one hidden layer", [3, 4, 2], layers=2),
            net_case("two hidden layers", [2, 3, 4, 2]), net_case("three hidden layers", [2, 3, 2, 3, 2], batch=1)]
