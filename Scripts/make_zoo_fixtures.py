#!/usr/bin/env python3
"""Writes the zoo files that the tests read, with h5py, in the documented layout.

Usage: python3 -m venv .venv && .venv/bin/pip install h5py numpy && .venv/bin/python Scripts/make_zoo_fixtures.py

Weights are a formula, so that the tests know them without reading them by another way:
element j of network i is ((37 i + 11 j) mod 101 - 50) / 64, exact in float16 and wider.
"""
import hashlib
import json
import pathlib

import h5py
import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "zoo"
N, WIDTHS = 6, [4, 3, 2]
ARCHITECTURE = {"kind": "mlp", "widths": WIDTHS, "activation": "relu"}


def slots():
    found, offset = [], 0
    for i, (fan_in, fan_out) in enumerate(zip(WIDTHS, WIDTHS[1:])):
        for name, shape, role in (("weight", [fan_out, fan_in], "weight"), ("bias", [fan_out], "bias")):
            found.append({"name": f"layers.{i}.{name}", "offset": offset, "shape": shape, "role": role})
            offset += int(np.prod(shape))
    return found, offset


SLOTS, D = slots()
BUFFERS = [{"name": "norm.running_mean", "offset": 0, "shape": [3], "role": "shift"}]


def formula(rows, width, salt=0):
    i, j = np.arange(rows)[:, None], np.arange(width)[None, :]
    return (((37 * i + 11 * j + salt) % 101 - 50) / 64).astype(np.float32)


def checksums(weights, buffers=None):
    rows = []
    for i in range(len(weights)):
        data = weights[i].astype("<f4").tobytes()
        if buffers is not None:
            data += buffers[i].astype("<f4").tobytes()
        rows.append(np.frombuffer(hashlib.sha256(data).digest(), dtype=np.uint8))
    return np.stack(rows)


def start(name, **attributes):
    file = h5py.File(FOLDER / name, "w", libver="earliest")
    file.attrs["format"] = "weightspace-zoo"
    file.attrs["version"] = 1
    for key, value in attributes.items():
        file.attrs[key] = value if isinstance(value, (str, np.bytes_)) else json.dumps(value)
    return file


def facts(file):
    group = file.create_group("networks")
    group["split"] = np.array([0, 0, 0, 1, 2, 2], dtype=np.int64)
    group["seed"] = np.array([2**64 - 1, 1, 2, 3, 4, 5], dtype=np.uint64)
    group["test_accuracy"] = np.array([0.5, 0.75, np.nan, 0.25, 1.0, 0.5])
    group["epoch"] = np.array([5, 5, -1, 5, 4, 5], dtype=np.int32)
    group.create_dataset("task", data=["digits", "", "é", "a", "b", "c"], dtype=h5py.string_dtype())
    group["tag"] = np.array([b"a", b"bb", b"", b"d", b"e", b"f"], dtype="S4")


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    weights = formula(N, D)
    layout = {"slots": SLOTS}
    dataset = {"name": "digits", "sha256": "00", "scale": 0.0625, "shift": 0,
               "split": {"train": [0, 1], "validation": [2], "test": [3]}}
    with start("plain.h5", architecture=ARCHITECTURE, layout=layout, dataset=dataset, created_with="h5py") as file:
        file["weights"] = weights
        file["checksums"] = checksums(weights)
        facts(file)
    other = {**dataset, "split": "official", "scale": [1, 2, 3, 4]}
    with start("filtered.h5", architecture=ARCHITECTURE, dataset=other) as file:
        file.create_dataset("weights", data=weights, chunks=(4, D), compression="gzip", shuffle=True, fletcher32=True)
        file["checksums"] = checksums(weights)
    with start("big-endian.h5", architecture=ARCHITECTURE) as file:
        file["weights"] = weights.astype(">f8")
        file["checksums"] = checksums(weights)
    with start("half.h5", architecture=ARCHITECTURE) as file:
        file["weights"] = weights.astype("<f2")
    fixed = {key: np.bytes_(json.dumps(value)) for key, value in (("architecture", ARCHITECTURE), ("layout", layout))}
    with start("fixed-text.h5", **fixed) as file:
        file.attrs["format"] = np.bytes_("weightspace-zoo")
        file["weights"] = weights
    with start("minimal.h5", layout=layout) as file:
        file["weights"] = weights
    with start("full.h5", layout={"slots": SLOTS, "buffers": BUFFERS}) as file:
        buffers = formula(N, 3, salt=7)
        file["weights"], file["buffers"] = weights, buffers
        file["checksums"] = checksums(weights, buffers)
        file["trajectory"] = np.stack([formula(N, D, salt=k) for k in range(3)], axis=1)
        file["trajectory_buffers"] = np.stack([formula(N, 3, salt=7 + k) for k in range(3)], axis=1)
        steps = np.tile(np.array([0, 10, 20], dtype=np.int64), (N, 1))
        steps[5, 2] = -1
        file["trajectory_steps"] = steps
        facts(file)
        file["networks/selected"] = np.zeros(N, dtype=np.int64)
    # Files that must be refused.
    with start("bad-width.h5", architecture=ARCHITECTURE) as file:
        file["weights"] = formula(N, D + 1)
    with start("bad-nan.h5", architecture=ARCHITECTURE) as file:
        wrong = weights.copy()
        wrong[3, 12 + 1] = np.nan
        file["weights"] = wrong
    with start("bad-version.h5", architecture=ARCHITECTURE) as file:
        file.attrs["version"] = 2
        file["weights"] = weights
    with start("bad-layout.h5", architecture=ARCHITECTURE, layout={"slots": SLOTS[::-1]}) as file:
        file["weights"] = weights
    with start("bad-column.h5", architecture=ARCHITECTURE) as file:
        file["weights"] = weights
        file["networks/seed"] = np.arange(N - 1)
    with start("bad-link.h5", architecture=ARCHITECTURE) as file:
        file["weights"] = h5py.ExternalLink("plain.h5", "/weights")
    with start("bad-empty.h5", architecture=ARCHITECTURE) as file:
        file.create_dataset("weights", shape=(10**9, D), dtype="f4", chunks=(10**5, D))
    with start("bad-filter.h5", architecture=ARCHITECTURE) as file:
        file.create_dataset("weights", data=weights, chunks=(4, D), compression="lzf")
    # A filter that nobody has without its plug-in: blosc's number in place of that of lzf.
    path = FOLDER / "bad-filter.h5"
    path.write_bytes(path.read_bytes().replace(b"\x00\x7d", b"\x01\x7d", 1))
    with start("bad-external.h5", architecture=ARCHITECTURE) as file:
        file.create_dataset("weights", shape=(N, D), dtype="f4", external=[("/etc/passwd", 0, N * D * 4)])
    with start("bad-virtual.h5", architecture=ARCHITECTURE) as file:
        virtual = h5py.VirtualLayout(shape=(N, D), dtype="f4")
        virtual[:] = h5py.VirtualSource("plain.h5", "weights", shape=(N, D))
        file.create_virtual_dataset("weights", virtual)
    with start("bad-soft.h5", architecture=ARCHITECTURE) as file:
        file["elsewhere"] = weights
        file["weights"] = h5py.SoftLink("/elsewhere")
    with start("bad-type.h5", architecture=ARCHITECTURE) as file:
        file["weights"] = np.zeros((N, D), dtype=[("a", "f4"), ("b", "i4")])
    with start("bad-text.h5", architecture=ARCHITECTURE) as file:
        file["weights"] = weights
        file["networks/tag"] = np.array([b"\xff\xfe"] * N, dtype="S2")
    with h5py.File(FOLDER / "bad-format.h5", "w", libver="earliest") as file:
        file["dataset"] = weights


if __name__ == "__main__":
    main()
