"""Work W9 of the benchmark, DeepWeightFlow's MNIST row from data to judged samples, and weight matching (work LA)."""
import gzip
import pathlib
import time

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment

IDX_FILES = {"x": "train-images-idx3-ubyte", "y": "train-labels-idx1-ubyte",
             "test_x": "t10k-images-idx3-ubyte", "test_y": "t10k-labels-idx1-ubyte"}


def read_idx(folder, stem):
    """One IDX file as an array, gzipped or not, from the folder or the places where MNIST usually lies in it."""
    for place in ("", "mnist", "MNIST/raw", "raw"):
        for suffix in ("", ".gz"):
            path = pathlib.Path(folder, place, stem + suffix)
            if path.is_file():
                raw = gzip.decompress(path.read_bytes()) if suffix else path.read_bytes()
                shape = np.frombuffer(raw, ">i4", raw[3], 4)
                return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(shape)
    raise SystemExit(f"benchmark: no {stem}[.gz] in {folder}; get it with Scripts/fetch-data mnist, or name its folder with --data")


def load_mnist(folder):
    raw = {key: read_idx(folder, stem) for key, stem in IDX_FILES.items()}
    images = {k: torch.from_numpy(v.reshape(len(v), 784).astype(np.float32) / 255) for k, v in raw.items() if "x" in k}
    return {**images, **{k: torch.from_numpy(v.astype(np.int64)) for k, v in raw.items() if "y" in k}}


def train_zoo(data, count=100, epochs=5, batch=64):
    """A zoo as one batched model; every network shuffles for itself. Returns weights [P, in, out] and biases [P, 1, out]."""
    from __main__ import mlp_population, population_step
    weights, biases = mlp_population(count)
    parameters = [torch.nn.Parameter(p) for p in weights + biases]
    optimizer = torch.optim.Adam(parameters, 1e-3, fused=True)
    images = len(data["x"])
    for _ in range(epochs):
        order = torch.stack([torch.randperm(images) for _ in range(count)])
        for start in range(0, images, batch):
            population_step(data["x"], data["y"], parameters, optimizer, order[:, start:start + batch])
    return [p.detach() for p in parameters]


def weight_matching(reference, network, seed, biases=None, sweeps=100):
    """Git Re-Basin's coordinate descent for an MLP's weights [out, in]; `biases` is (reference's, network's) or None.

    Returns one permutation a hidden layer and the number of sweeps. Layer i's rows are matched, given the present
    permutations of its inputs and of the next layer's rows, until no assignment gains.
    """
    depth = len(reference) - 1
    permutations = [np.arange(len(reference[i])) for i in range(depth)]
    random = np.random.default_rng(seed)
    for sweep in range(1, sweeps + 1):
        gained = False
        for i in random.permutation(depth):
            incoming = network[i] if i == 0 else network[i][:, permutations[i - 1]]
            outgoing = network[i + 1] if i + 1 == depth else network[i + 1][permutations[i + 1]]
            similarity = reference[i] @ incoming.T + reference[i + 1].T @ outgoing
            if biases:
                similarity += np.outer(biases[0][i], biases[1][i])
            rows, columns = linear_sum_assignment(similarity, maximize=True)
            gain = similarity[rows, columns].sum() - similarity[rows, permutations[i]].sum()
            gained |= gain > 1e-12
            permutations[i] = columns
        if not gained:
            break
    return permutations, sweep


def align(parameters):
    """Every network of the zoo permuted to the first; same shapes."""
    weights = [w.transpose(1, 2).numpy() for w in parameters[:3]]  # [P, out, in]
    biases = [b[:, 0].numpy() for b in parameters[3:]]
    aligned = [p.clone() for p in parameters]
    for n in range(1, len(weights[0])):
        (first, second), _ = weight_matching([w[0] for w in weights], [w[n] for w in weights], n,
                                             ([b[0] for b in biases], [b[n] for b in biases]))
        w, b = aligned[:3], aligned[3:]
        w[0][n], b[0][n] = w[0][n][:, first], b[0][n][:, first]
        w[1][n], b[1][n] = w[1][n][first][:, second], b[1][n][:, second]
        w[2][n] = w[2][n][second]
    return aligned


def accuracy(data, parameters):
    """Test accuracy of every network."""
    from __main__ import mlp_forward_shared
    with torch.no_grad():
        found = mlp_forward_shared(data["test_x"], parameters[:3], parameters[3:]).argmax(-1)
    return (found == data["test_y"]).double().mean(-1)


class Principal:
    """Exact PCA of the rows of a matrix through its Gram matrix, all N - 1 components."""

    def __init__(self, rows):
        self.mean = rows.mean(0)
        centred = rows - self.mean
        values, vectors = torch.linalg.eigh((centred @ centred.T).double())
        kept = vectors[:, 1:] / values[1:].sqrt()
        self.components = (kept.T.float() @ centred)  # [N - 1, D]
        self.codes = centred @ self.components.T

    def decode(self, codes):
        return codes @ self.components + self.mean


def train_flow(codes, steps, h=512, batch=8):
    from __main__ import VelocityNet, flow_optimizer, flow_step
    network = VelocityNet(codes.shape[1], h)
    optimizer = flow_optimizer(network)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps, eta_min=1e-6)
    for _ in range(steps):
        flow_step(network, network, optimizer, codes, batch)
        schedule.step()
    return network.eval()


def sample(network, count, d):
    from __main__ import rk4
    with torch.no_grad():
        return rk4(lambda x, t: network(x, torch.full((len(x), 1), t)), torch.randn(count, d) * 0.01, 100)


def run_row(folder, steps=30000):
    """The whole row; returns its seconds (reading the data is not counted) and what each stage took and gave."""
    data, stages = load_mnist(folder), {}
    begin = last = time.perf_counter()

    def lap(stage):
        nonlocal last
        now = time.perf_counter()
        stages[stage], last = round(now - last, 2), now

    zoo = train_zoo(data)
    lap("train")
    aligned = align(zoo)
    lap("align")
    rows = torch.cat([p.flatten(1) for p in aligned], 1)
    principal = Principal(rows)
    lap("coordinates")
    network = train_flow(principal.codes, steps)
    lap("flow")
    decoded = principal.decode(sample(network, 100, principal.codes.shape[1]))
    lap("sample")
    sizes = [p[0].numel() for p in aligned]
    generated = [part.reshape(p.shape) for part, p in zip(decoded.split(sizes, 1), aligned)]
    found, trained = accuracy(data, generated), accuracy(data, zoo)
    nearest = torch.cdist(decoded, rows).amin(1)
    lap("judge")
    facts = {"zoo_accuracy": trained.mean().item(), "generated_accuracy": found.mean().item(), "nearest": nearest.mean().item()}
    return last - begin, {"stages": stages, **facts}
