#!/usr/bin/env python3
"""Write Tests/Fixtures/torch/*.json: PyTorch's values for operations, layers, losses, optimizers and schedules.

usage: make_torch_fixtures.py [--out DIR] [FAMILY ...]        (in the environment of Scripts/setup-peers)

Each file holds one family:

    {"format": "weightspace-torch-fixtures", "version": 1, "torch": "2.15.0", "family": "linear", "cases": [CASE, ...]}

and each case has the same six keys:

    {"name":      "linear with bias",
     "dtype":     "float64",
     "inputs":    {"x": {"shape": [2, 3], "data": [...]}, ...},     arguments, parameters, labels (whole numbers)
     "outputs":   {"output": {"shape": [...], "data": [...]}, ...},
     "gradients": {"x": {...}, ...},                                with respect to the inputs of the same names
     "options":   {"stride": 2, ...}}                               everything that is not a tensor

Data are in row-major order. All values were computed in float64. Inputs are rounded to four decimals before use, so
the numbers in the file are exactly those that PyTorch saw; results are written with 12 significant digits.

Gradients are those of the output itself where it is a scalar, else of sum(output * cotangent), with the input
"cotangent". Parameters have PyTorch's shapes and names; a "flat" parameter vector holds the slots in the order of
options.slots (name and shape), each in row-major order.
"""
import argparse
import pathlib
import sys

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from torch_fixtures import FAMILIES  # noqa: E402
from torch_fixtures.common import write_family  # noqa: E402


def main():
    default = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "torch"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=default)
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=" ".join(FAMILIES))
    arguments = parser.parse_args()
    unknown = set(arguments.families) - set(FAMILIES)
    if unknown:
        parser.error(f"no such family: {', '.join(sorted(unknown))}; there are {', '.join(FAMILIES)}")
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    arguments.out.mkdir(parents=True, exist_ok=True)
    total = 0
    for family in arguments.families or FAMILIES:
        path = arguments.out / f"{family}.json"
        count = write_family(path, family, FAMILIES[family]())
        total += path.stat().st_size
        print(f"{path.name:24} {count:4} cases {path.stat().st_size:8} bytes")
    print(f"{total} bytes")


if __name__ == "__main__":
    main()
