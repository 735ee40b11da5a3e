#!/usr/bin/env python3
"""Writes the PyTorch checkpoints, pickles and ZIP archives that the tests read, and what PyTorch reads from them.

Usage: $WEIGHTSPACE_PEERS Scripts/make_torch_checkpoints.py   (Scripts/setup-peers makes that Python environment)

Every file is opened again with torch.load; expected.json holds, for each network, the names, shapes and types of its
tensors in order, the SHA-256 of their row-major little-endian bytes, and the facts.
"""
import argparse
import collections
import io
import json
import os
import pathlib
import pickle
import zipfile

import numpy as np
import torch

from torch_checkpoint_facts import network

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "checkpoints"
EXPECTED = {}


def formula(*shape, salt=0):
    count = int(np.prod(shape))
    return (((37 * torch.arange(count) + salt) % 101 - 50) / 64).reshape(shape)


def mlp(salt=0, prefix=""):
    shapes = {"layers.0.weight": (4, 3), "layers.0.bias": (4,), "layers.1.weight": (2, 4), "layers.1.bias": (2,)}
    return collections.OrderedDict(
        (prefix + name, formula(*shape, salt=salt + index)) for index, (name, shape) in enumerate(shapes.items()))


def save(name, value, networks, weights_only=True, **options):
    torch.save(value, FOLDER / name, **options)
    loaded = torch.load(FOLDER / name, weights_only=weights_only)
    EXPECTED[name] = [network(tensors, facts) for tensors, facts in networks(loaded)]


def every_type():
    special = [0.0, -0.0, 1.0, -1.5, float("inf"), float("-inf"), float("nan"), 1e-7, 3.0e4, 1 / 3]
    tensors = {}
    for name in ("float16", "bfloat16", "float32", "float64"):
        tensors[name] = torch.tensor(special, dtype=torch.float64).to(getattr(torch, name))
    for name in ("int8", "uint8", "int16", "int32", "int64"):
        info = torch.iinfo(getattr(torch, name))
        values = [info.min, -1 if info.min else 200, 0, 1, 100, info.max]
        tensors[name] = torch.tensor(values, dtype=getattr(torch, name))
    tensors["bool"] = torch.tensor([True, False, True])
    return tensors


def views():
    base = formula(6, 8)
    images = formula(2, 3, 4, 5).to(memory_format=torch.channels_last)
    return collections.OrderedDict([
        ("whole", base), ("again", base), ("transposed", base.t()), ("rows", base[2:4]), ("steps", base[1::2, 1::3]),
        ("column", base[:, 5]), ("scalar", base[3, 3]), ("empty", base[:0]), ("expanded", base[0, :3].expand(5, 3)),
        ("channels_last", images), ("permuted", images.permute(3, 0, 2, 1)), ("diagonal", base.diagonal()),
        ("windows", formula(9, salt=4).unfold(0, 3, 2)), ("unit", formula(1, 7, 1)), ("rank0", torch.tensor(2.5))])


class Attack:
    """What a malicious pickle does: names a function that loading would call."""
    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def checkpoints():
    one = lambda found: [(found, {})]
    save("mlp.pt", mlp(), one)
    save("legacy.pth", mlp(5), one, _use_new_zipfile_serialization=False)
    save("protocol5.pt", mlp(6), one, weights_only=False, pickle_protocol=5)
    save("legacy-protocol4.pth", mlp(7), one, weights_only=False, pickle_protocol=4,
         _use_new_zipfile_serialization=False)
    save("types.pt", every_type(), one)
    save("types-legacy.pth", every_type(), one, _use_new_zipfile_serialization=False)
    save("views.pt", views(), one)
    save("views-legacy.pth", views(), one, _use_new_zipfile_serialization=False)
    save("list.pt", [mlp(1), mlp(2), mlp(3)], lambda found: [(tensors, {}) for tensors in found])
    save("named.pt", {"first": mlp(1), "second": mlp(2), "optimizer": {"state": {0: formula(3)}}},
         lambda found: [(found[key], {"member": key}) for key in ("first", "second")])
    save("averages.pt", {"ema": mlp(10), "model": mlp(9), "epoch": 3}, lambda found: [(found["model"], {"epoch": 3})])
    optimizer = torch.optim.Adam([torch.nn.Parameter(formula(3))])
    optimizer.param_groups[0]["params"][0].grad = formula(3)
    optimizer.step()
    facts = {"epoch": 7, "accuracy": 0.875, "arch": "mlp", "seed": 2**64 - 1, "best": True, "loss": 0.25, "steps": -3}
    save("training.pt", {
        **facts, "best": torch.tensor(0.5), "loss": np.float32(0.25), "steps": torch.tensor([-3]), "note": None,
        "state_dict": mlp(8, prefix="module."), "optimizer": optimizer.state_dict(),
        "args": argparse.Namespace(lr=0.1, widths=[3, 4, 2])},
        lambda found: [({key.removeprefix("module."): value for key, value in found["state_dict"].items()},
                        facts | {"best": 0.5})],
        weights_only=False)
    module = torch.nn.Sequential(
        torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Sequential(torch.nn.Linear(4, 2)))
    for index, tensor in enumerate(module.state_dict().values()):
        tensor.copy_(formula(*tensor.shape, salt=index) if tensor.shape else torch.tensor(3))
    save("module.pt", module, lambda found: [(found.state_dict(), {})], weights_only=False)
    # The legacy form keeps the source text of every module's class: here a stand-in for it.
    torch.serialization.get_source_lines_and_file = lambda module: (["source"], 0, "module.py")
    save("module-legacy.pth", module, lambda found: [(found.state_dict(), {})], weights_only=False,
         _use_new_zipfile_serialization=False)
    save("parameters.pt", {"w": torch.nn.Parameter(formula(2, 2)), "b": torch.nn.Parameter(formula(2))},
         lambda found: [({key: value.detach() for key, value in found.items()}, {})])
    unread = {"complex": torch.tensor([1 + 2j]), "uint16": torch.tensor([3]).to(torch.uint16),
              "sparse": torch.eye(2).to_sparse()}
    for name, tensor in unread.items():
        torch.save({"w": formula(2), "z": tensor}, FOLDER / f"unread-{name}.pt")
    torch.save({"w": formula(2), "z": Attack(os.system, "true")}, FOLDER / "attack-system.pt")
    torch.save({"w": formula(2), "z": Attack(eval, "1")}, FOLDER / "attack-eval.pth",
               _use_new_zipfile_serialization=False)


def repacked(name, source, change=lambda name, data: data, method=zipfile.ZIP_STORED):
    """Writes another archive with the same entries."""
    with zipfile.ZipFile(FOLDER / source) as old, zipfile.ZipFile(FOLDER / name, "w", method) as new:
        for entry in old.namelist():
            renamed = zipfile.ZipInfo(entry.replace("mlp/", "another root/"))
            new.writestr(renamed, change(entry, old.read(entry)), method)


def archives():
    def swapped(name, data):
        if name.endswith("byteorder"):
            return b"big"
        return np.frombuffer(data, "<f4").astype(">f4").tobytes() if "/data/" in name else data

    repacked("big-endian.pt", "mlp.pt", swapped)
    repacked("deflated.pt", "mlp.pt", method=zipfile.ZIP_DEFLATED)
    for name in ("big-endian.pt", "deflated.pt"):
        EXPECTED[name] = [network(torch.load(FOLDER / name, weights_only=True), {})]
    text = b"weights " * 100
    with zipfile.ZipFile(FOLDER / "plain.zip", "w") as archive:
        archive.comment = b"a comment"
        for index, method in enumerate((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)):
            entry = zipfile.ZipInfo(f"folder/\u00e9 {index}")
            entry.compress_type = method
            with archive.open(entry, "w", force_zip64=True) as file:
                file.write(text)
        archive.writestr(zipfile.ZipInfo("empty"), b"")
    with zipfile.ZipFile(FOLDER / "bzip2.zip", "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr(zipfile.ZipInfo("text"), text, zipfile.ZIP_BZIP2)


def mixture():
    """Values of every kind that all protocols can write; set order is fixed by having one element."""
    shared = ["shared"]
    value = {
        "none": None, "true": True, "false": False, "small": 7, "byte": 255, "short": 65535, "negative": -1,
        "word": -2**31, "long": 2**31, "wide": -2**100, "huge": 2**200, "real": 0.1, "infinite": float("inf"),
        "text": "t\u00e4xt \u20ac \U0001f600 \\ \n 'quoted'", "bytes": b"\x00\xff bytes",
        "empty": [(), [], {}, ""], "tuples": [(1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)], "set": {5},
        "frozen": frozenset({6}), "shared": [shared, shared],
        "ordered": collections.OrderedDict([("b", 1), ("a", 2)]), "counter": collections.Counter("aab"),
        "default": collections.defaultdict(list, {"k": [1]}), "namespace": argparse.Namespace(rate=0.5),
        "integer": np.int32(-7), "number": np.float64(2.5), "flag": np.bool_(True), 3: "integer key"}
    value["itself"] = [value]
    return value


def pickles():
    for protocol in range(6):
        (FOLDER / f"mixture-{protocol}.pkl").write_bytes(pickle.dumps(mixture(), protocol))
    arrays = {
        "c": formula(3, 4).numpy(), "fortran": np.asfortranarray(formula(3, 4).numpy()),
        "big": formula(5).numpy().astype(">f8"), "half": formula(4).numpy().astype(np.float16),
        "bytes": np.arange(6, dtype=np.uint8).reshape(2, 3), "empty": np.zeros((0, 3), np.float32),
        "flags": np.array([True, False]), "ascii": np.frombuffer(b"abcdefgh", "<i4")}
    expected = [network({key: torch.from_numpy(np.ascontiguousarray(value.astype(value.dtype.newbyteorder("="))))
                         for key, value in arrays.items()}, {})]
    for protocol in (2, 5):
        (FOLDER / f"arrays-{protocol}.pkl").write_bytes(pickle.dumps(arrays, protocol))
        EXPECTED[f"arrays-{protocol}.pkl"] = expected


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    checkpoints()
    archives()
    pickles()
    lines = ",\n".join(f'"{name}": {json.dumps(EXPECTED[name])}' for name in sorted(EXPECTED))
    (FOLDER / "expected.json").write_text("{\n" + lines + "\n}\n")


if __name__ == "__main__":
    main()
