#!/usr/bin/env python3
"""Checks safetensors files against PyTorch: those that `weightspace zoo export` wrote, and silero-vad's.

Usage: $WEIGHTSPACE_PEERS Scripts/check_safetensors.py load FOLDER    files of MLPs beside inputs.json and outputs.json
       $WEIGHTSPACE_PEERS Scripts/check_safetensors.py fetch FOLDER   silero-vad's network (MIT) from PyPI
then:  WEIGHTSPACE_SILERO=FOLDER Scripts/test --filter Silero

`load` builds each file's network in PyTorch, loads it with strict=True and prints the largest difference of its outputs
from ours; status 1 where it is above 1e-5. `fetch` writes the file and what PyTorch reads from it, as one digest a
tensor; nothing of it is part of this repository, and FOLDER must not lie in the checkout.
"""
import hashlib
import json
import pathlib
import struct
import subprocess
import sys
import zipfile

import numpy as np
import torch

SILERO = "silero-vad==6.2.3", "7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8"
TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4"}


def tensors(path):
    """The tensors of a file: by the format's own library where it is installed, else after its specification."""
    try:
        from safetensors.torch import load_file
        return load_file(path)
    except ImportError:
        data = pathlib.Path(path).read_bytes()
        length = struct.unpack("<Q", data[:8])[0]
        header = json.loads(data[8:8 + length])
        header.pop("__metadata__", None)
        body = data[8 + length:]
        return {name: torch.from_numpy(np.frombuffer(body[slice(*entry["data_offsets"])], TYPES[entry["dtype"]])
                                       .reshape(entry["shape"]).copy()) for name, entry in header.items()}


class MLP(torch.nn.Module):
    def __init__(self, widths):
        super().__init__()
        self.layers = torch.nn.ModuleList(torch.nn.Linear(a, b) for a, b in zip(widths, widths[1:]))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)


def load(folder):
    inputs = torch.tensor(json.loads((folder / "inputs.json").read_text()))
    outputs = json.loads((folder / "outputs.json").read_text())
    files = sorted(folder.glob("*.safetensors"))
    assert len(files) == len(outputs) > 0, f"{len(files)} files for {len(outputs)} outputs"
    worst = 0.0
    for path, ours in zip(files, outputs):
        state = tensors(path)
        weights = [t for name, t in state.items() if name.endswith("weight")]
        network = MLP([weights[0].shape[1]] + [w.shape[0] for w in weights])
        network.load_state_dict(state, strict=True)
        with torch.no_grad():
            worst = max(worst, (network(inputs) - torch.tensor(ours)).abs().max().item())
    print(json.dumps({"networks": len(files), "largest_difference": worst}))
    return 0 if worst <= 1e-5 else 1


def fetch(folder):
    package, digest = SILERO
    wheels = folder / "wheels"
    if not list(wheels.glob("silero_vad*.whl")):
        words = ["pip", "download", "--no-deps", "-q", "-d", str(wheels), package]
        subprocess.run([sys.executable, "-m", *words], check=True)
    wheel = next(wheels.glob("silero_vad*.whl"))
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != digest:
        sys.exit(f"{wheel}: expected SHA-256 {digest}, found {found}")
    path = folder / "silero_vad_16k.safetensors"
    with zipfile.ZipFile(wheel) as archive:
        path.write_bytes(archive.read("silero_vad/data/silero_vad_16k.safetensors"))
    facts = [{"name": name, "shape": list(t.shape), "sha256": hashlib.sha256(t.float().numpy().tobytes()).hexdigest()}
             for name, t in tensors(path).items()]
    (folder / "silero_vad_16k.json").write_text(json.dumps(facts) + "\n")
    print(f"{path}: {len(facts)} tensors, {sum(t.numel() for t in tensors(path).values())} numbers")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("load", "fetch"):
        sys.exit(__doc__)
    target = pathlib.Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    sys.exit({"load": load, "fetch": fetch}[sys.argv[1]](target))
