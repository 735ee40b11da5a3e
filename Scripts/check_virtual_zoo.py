#!/usr/bin/env python3
"""Compares a view of a sharded zoo (zoo export --format virtual-hdf5) with its shards, as h5py reads both.

usage: check_virtual_zoo.py FOLDER VIEW.h5

Every dataset of the view must be the shards' one after the other. Then a shard is set aside, and its rows must read as NaN.
"""
import json
import os
import sys

import h5py
import numpy as np


def main(folder, view):
    index = json.load(open(os.path.join(folder, "index.json")))
    shards = [h5py.File(os.path.join(folder, shard["file"]), "r") for shard in index["shards"]]
    with h5py.File(view, "r") as file:
        assert file.attrs["format"] == "weightspace-virtual-zoo", file.attrs["format"]
        assert file["weights"].is_virtual and file["weights"].shape[0] == index["networks"]
        names = [name for name in file if name != "networks"]
        names += [f"networks/{name}" for name in file.get("networks", [])]
        for name in names:
            start = 0
            for shard in shards:
                rows = shard[name][()]
                assert np.array_equal(file[name][start:start + len(rows)], rows), f"{name} differs from row {start}"
                start += len(rows)
            assert start == len(file[name]), name
    for shard in shards:
        shard.close()
    last = os.path.join(folder, index["shards"][-1]["file"])
    os.rename(last, last + ".aside")
    try:
        with h5py.File(view, "r") as file:
            count = index["shards"][-1]["networks"]
            assert np.isnan(file["weights"][-count:]).all() and not np.isnan(file["weights"][:-count]).any()
    finally:
        os.rename(last + ".aside", last)
    print(f"{view}: {len(names)} datasets of {index['networks']} networks in {len(shards)} shards, as in the shards")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
