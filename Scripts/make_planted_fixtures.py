#!/usr/bin/env python3
"""Writes the points that planted populations are judged on, and networks that PyTorch trained on them.

Usage: python3 -m venv .venv && .venv/bin/pip install torch numpy && .venv/bin/python Scripts/make_planted_fixtures.py [FILE]

FILE is Tests/Fixtures/planted/planted.json unless told. Points have ten features in four classes, by the signs of two
noisy sums with products, and two inputs that are always 0. The networks are 12-12-4 with ReLU, each from its own seed:
PyTorch's own initial weights, Adam, a cosine schedule. Arrays are base64 of little-endian float32 (labels: bytes);
networks are weight and bias of the first layer, then of the second. Equal versions give equal files.
"""
import base64
import json
import pathlib
import sys

import numpy as np
import torch

HOUSE = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "planted" / "planted.json"
NETWORKS, EPOCHS, BATCH, RATE = 40, 40, 25, 0.01


def points(count, seed):
    draws = np.random.default_rng(seed)
    x = draws.normal(size=(count, 12)).astype("<f4")
    x[:, 10:] = 0
    noise = 0.3 * draws.normal(size=(count, 2))
    first = x[:, 0] * x[:, 1] + x[:, 2] + noise[:, 0] > 0
    second = x[:, 3] - x[:, 4] * x[:, 5] + noise[:, 1] > 0
    return x, (2 * first + second).astype("u1")


def trained(x, y, seed):
    torch.manual_seed(seed)
    network = torch.nn.Sequential(torch.nn.Linear(12, 12), torch.nn.ReLU(), torch.nn.Linear(12, 4))
    steps = EPOCHS * len(x) // BATCH
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(x)).split(BATCH):
            loss = torch.nn.functional.cross_entropy(network(x[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return np.concatenate([p.detach().numpy().ravel() for p in network.parameters()]).astype("<f4")


def text(array):
    return base64.b64encode(array.tobytes()).decode()


def main():
    torch.set_num_threads(1)
    x, y = points(400, 1)
    test_x, test_y = points(1000, 2)
    inputs, labels = torch.from_numpy(x), torch.from_numpy(y.astype("i8"))
    networks = np.stack([trained(inputs, labels, seed) for seed in range(NETWORKS)])
    content = {
        "made_with": {"numpy": np.__version__, "torch": torch.__version__},
        "training": {"inputs": text(x), "labels": text(y)},
        "test": {"inputs": text(test_x), "labels": text(test_y)},
        "networks": text(networks),
    }
    path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HOUSE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
