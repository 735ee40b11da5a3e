"""The neuron transformer of the benchmark's W10 in PyTorch: the net, and whole training steps of it."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class NeuronBlock(nn.Module):
    """A transformer block that time modulates (adaLN-zero), with messages along edges between two groups of units."""

    def __init__(self, width, heads, has_edges, edge_width=32):
        super().__init__()
        self.heads = heads
        self.modulation, self.into = nn.Linear(width, 6 * width), nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.expand, self.contract = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        if has_edges:
            self.values = nn.ModuleList(nn.Linear(width, edge_width) for _ in range(2))
            self.outputs = nn.ModuleList(nn.Linear(edge_width, width, bias=False) for _ in range(2))

    def forward(self, h, c, edges, first):
        s, r, g, s2, r2, g2 = self.modulation(c)[:, None].chunk(6, -1)
        n = F.layer_norm(h, h.shape[-1:]) * (1 + r) + s
        q, k, v = self.into(n).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        heard = self.out(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))
        if edges is not None:
            left, right = n[:, 1:1 + first], n[:, 1 + first:]
            to_left = self.outputs[0](edges @ self.values[0](right) * right.shape[1] ** -0.5)
            to_right = self.outputs[1](edges.mT @ self.values[1](left) * first ** -0.5)
            heard = heard + torch.cat([torch.zeros_like(n[:, :1]), to_left, to_right], 1)
        h = h + g * heard
        n = F.layer_norm(h, h.shape[-1:]) * (1 + r2) + s2
        return h + g2 * self.contract(F.gelu(self.expand(n)))


class NeuronTransformer(nn.Module):
    """The product's neuron transformer for an MLP of one or two hidden layers; entries come as tokens and edges."""

    def __init__(self, widths, width=128, layers=4, heads=4, edge_width=32):
        super().__init__()
        *hidden, outputs = widths[1:]
        self.counts = [1, *hidden]
        features = [outputs, widths[0] + 1 + outputs] if len(hidden) == 1 else [outputs, widths[0] + 1, 1 + outputs]
        self.features, self.has_edges = features, len(hidden) == 2
        self.register_buffer("frequencies", torch.logspace(0, 2, width // 2))
        self.time = nn.Sequential(nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        self.opening = nn.ModuleList(nn.Linear(f, width) for f in features)
        self.blocks = nn.ModuleList(NeuronBlock(width, heads, self.has_edges, edge_width) for _ in range(layers))
        self.modulation = nn.Linear(width, 2 * width)
        self.closing = nn.ModuleList(nn.Linear(width, f) for f in features)
        self.direct = nn.Linear(width, sum(features) + self.has_edges)
        if self.has_edges:
            self.own, self.edge_out = nn.Linear(1, edge_width, bias=False), nn.Linear(edge_width, 1)
            self.first, self.second = nn.Linear(width, edge_width), nn.Linear(width, edge_width, bias=False)
            self.left, self.right = (nn.Linear(width, edge_width, bias=False) for _ in range(2))

    def forward(self, entries, edges, t):
        phase = t * self.frequencies
        c = self.time(torch.cat([phase.cos(), phase.sin()], -1))
        h = torch.cat([port(x) for port, x in zip(self.opening, entries)], 1)
        for block in self.blocks:
            h = block(h, c, edges, self.counts[1])
        s, r = self.modulation(c)[:, None].chunk(2, -1)
        last = (F.layer_norm(h, h.shape[-1:]) * (1 + r) + s).split(self.counts, 1)
        factors = self.direct(c)[:, None].split(self.features + [1] * self.has_edges, -1)
        found = [port(x) + e * f for port, x, e, f in zip(self.closing, last, entries, factors)]
        if edges is None:
            return found, None
        a, b = last[1], last[2]
        mine = F.gelu(self.own(edges[..., None]) + self.first(a)[:, :, None] + self.second(b)[:, None])
        agreed = self.left(a) @ self.right(b).mT * self.left.out_features ** -0.5
        return found, self.edge_out(mine)[..., 0] + agreed + edges * factors[-1]


def training_steps(widths, batch, count, compiled):
    """(form, a whole step) of each form: minibatch, noise and times drawn, forward, backward, AdamW, the moving average of the weights."""
    sizes = NeuronTransformer(widths)
    data = [torch.randn(count, n, f) for n, f in zip(sizes.counts, sizes.features)]
    if sizes.has_edges:
        data.append(torch.randn(count, *sizes.counts[1:]))
    for form in ("eager, fused AdamW", "compiled, fused AdamW")[: 2 if compiled else 1]:
        network = NeuronTransformer(widths)
        forward = torch.compile(network) if form.startswith("compiled") else network
        optimizer = torch.optim.AdamW(network.parameters(), 1e-3, betas=(0.9, 0.99), weight_decay=0, fused=True)
        average = [p.detach().clone() for p in network.parameters()]

        def step():
            rows = torch.randint(count, (batch,))
            ends = [x[rows] for x in data]
            starts = [torch.randn_like(x) for x in ends]
            t = torch.sigmoid(torch.randn(batch, 1))
            points = [torch.lerp(a, b, t[:, :, None]) for a, b in zip(starts, ends)]
            found, edges = forward(points[:2 + network.has_edges], points[3] if network.has_edges else None, t)
            found = found + [edges] * network.has_edges
            loss = sum(F.mse_loss(v, b - a, reduction="sum") for v, a, b in zip(found, starts, ends))
            loss = loss / sum(x.numel() for x in ends)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            torch._foreach_lerp_(average, list(network.parameters()), 1e-3)

        yield form, step
