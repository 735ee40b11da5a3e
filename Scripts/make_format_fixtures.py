#!/usr/bin/env python3
"""Writes small files of the formats that `weightspace zoo import` reads, and what their reference readers say of them.

Usage: $WEIGHTSPACE_PEERS Scripts/make_format_fixtures.py   (a Python with numpy, h5py and torch; else python3)

Every file is written by the format's own library (safetensors by hand, after its specification) and read again by it;
what it says goes to expected.json, numbers rounded to single precision. Equal inputs give equal files.
"""
import csv
import gzip
import io
import json
import pathlib
import struct
import zipfile

import h5py
import numpy as np
import torch
import torch.nn.utils.prune

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "formats"
WIDTHS = [4, 3, 2]
D = 4 * 3 + 3 + 3 * 2 + 2


def numbers(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape).astype("<f4")


def described(arrays):
    return [{"name": n, "shape": list(a.shape), "data": np.asarray(a, "<f4").reshape(-1).astype(float).tolist()}
            for n, a in arrays]


def mlp(seed):
    """The tensors of an MLP 4-3-2 under PyTorch's names."""
    shapes = {"layers.0.weight": (3, 4), "layers.0.bias": (3,), "layers.1.weight": (2, 3), "layers.1.bias": (2,)}
    return {name: numbers((seed, i), *shape) for i, (name, shape) in enumerate(shapes.items())}


def flat(tensors):
    return np.concatenate([t.reshape(-1) for t in tensors.values()])


# --- HDF5: matrices -------------------------------------------------------------------------------------------------

def write_flat(expected):
    weights = np.stack([flat(mlp(i)) for i in range(5)])
    kinds = {
        "flat-plain.h5": dict(data=weights),
        "flat-filters.h5": dict(data=weights, chunks=(2, 7), compression="gzip", shuffle=True, fletcher32=True),
        "flat-gzip.h5": dict(data=weights, chunks=(3, D), compression="gzip"),
        "flat-shuffle.h5": dict(data=weights, chunks=(1, 5), shuffle=True),
        "flat-fletcher.h5": dict(data=weights, chunks=(4, 4), fletcher32=True),
        "flat-double-big.h5": dict(data=weights.astype(">f8") + 1e-9),
        "flat-single-big.h5": dict(data=weights.astype(">f4")),
        "flat-half.h5": dict(data=weights.astype("<f2")),
        "flat-lzf.h5": dict(data=np.round(weights, 1), chunks=(2, 9), compression="lzf", shuffle=True),
        "flat-lzf-long.h5": dict(data=np.repeat(weights, 40, axis=1), chunks=(5, D * 40), compression="lzf"),
        "flat-scale-offset.h5": dict(data=weights, chunks=(2, D), scaleoffset=4),
    }
    for name, options in kinds.items():
        with h5py.File(FOLDER / name, "w", libver="earliest") as file:
            file.create_dataset("dataset", **options)
        with h5py.File(FOLDER / name) as file:
            expected[name] = [described([("/dataset", row)]) for row in file["dataset"][:].astype("<f4")]
    # Midpoints, subnormal numbers and the largest one: libhdf5 rounds some of them wrongly.
    edges = [1 + 2**-24, 1 + 2**-24 + 2**-50, 1 + 3 * 2**-24, 1e-46, 7e-46, 7.1e-46, 3.4028235e38, 1e-40, -1.1e-41]
    with h5py.File(FOLDER / "flat-double-edge.h5", "w", libver="earliest") as file:
        file.create_dataset("dataset", data=np.array([edges, edges[::-1]], ">f8"))
    with h5py.File(FOLDER / "flat-two.h5", "w", libver="earliest") as file:
        file["first"], file["second"] = weights[:2], weights[2:]
    expected["flat-two.h5"] = [described([("/second", row)]) for row in weights[2:]]


# --- Keras ----------------------------------------------------------------------------------------------------------

class SmallCNN(torch.nn.Module):
    """Convolution, normalisation, a dense layer on 2 channels of 3 x 4 (so that flattening matters), a dense layer."""

    def __init__(self):
        super().__init__()
        self.conv2d = torch.nn.Conv2d(1, 2, (3, 2))
        self.batch_normalization = torch.nn.BatchNorm2d(2, eps=1e-3)
        self.dense = torch.nn.Linear(2 * 3 * 4, 3)
        self.dense_1 = torch.nn.Linear(3, 2)
        with torch.no_grad():
            for i, t in enumerate([*self.parameters(), self.batch_normalization.running_mean]):
                t.copy_(torch.from_numpy(numbers((7, i), *t.shape)))
            self.batch_normalization.running_var.copy_(torch.from_numpy(numbers((7, 99), 2) ** 2 + 0.5))

    def forward(self, x):
        h = self.batch_normalization(self.conv2d(x))
        return self.dense_1(self.dense(h.flatten(1)))


def tensorflow_variables(net):
    """The network's tensors as TensorFlow keeps them."""
    s = {k: v.numpy() for k, v in net.state_dict().items()}
    dense = s["dense.weight"].reshape(3, 2, 3, 4).transpose(2, 3, 1, 0).reshape(24, 3)  # [h, w, c] by out
    return {
        "conv2d": {"kernel": s["conv2d.weight"].transpose(2, 3, 1, 0), "bias": s["conv2d.bias"]},
        "batch_normalization": {
            "gamma": s["batch_normalization.weight"], "beta": s["batch_normalization.bias"],
            "moving_mean": s["batch_normalization.running_mean"],
            "moving_variance": s["batch_normalization.running_var"]},
        "flatten": {},
        "dense": {"kernel": dense, "bias": s["dense.bias"]},
        "dense_1": {"kernel": s["dense_1.weight"].T, "bias": s["dense_1.bias"]},
    }


def check_meaning(net, variables):
    """TensorFlow's own arithmetic on its variables gives the network's outputs: the conversion is the right one."""
    x = numbers(8, 5, 1, 5, 5)
    v, image = variables, x.transpose(0, 2, 3, 1)
    h = np.zeros((5, 3, 4, 2), "f8")
    for i in range(3):
        for j in range(2):
            h += image[:, i:i + 3, j:j + 4, :] @ v["conv2d"]["kernel"][i, j]
    h += v["conv2d"]["bias"]
    norm = v["batch_normalization"]
    h = (h - norm["moving_mean"]) / np.sqrt(norm["moving_variance"] + 1e-3) * norm["gamma"] + norm["beta"]
    h = h.reshape(5, -1) @ v["dense"]["kernel"] + v["dense"]["bias"]
    y = h @ v["dense_1"]["kernel"] + v["dense_1"]["bias"]
    assert np.allclose(y, net.eval()(torch.from_numpy(x)).detach().numpy(), atol=1e-5)


def write_keras(expected):
    net = SmallCNN()
    variables = tensorflow_variables(net)
    check_meaning(net, variables)
    tensors = [(k, v.numpy()) for k, v in net.state_dict().items() if not k.endswith("num_batches_tracked")]

    def layers(group, texts, suffix, **options):
        group.attrs["layer_names"] = texts(list(variables))
        for layer, values in variables.items():
            below = group.create_group(layer)
            below.attrs["weight_names"] = texts([f"{layer}/{name}{suffix}" for name in values])
            for name, value in values.items():
                below.create_dataset(f"{layer}/{name}{suffix}", data=value, **options)

    fixed = lambda names: np.array([n.encode() for n in names]) if names else np.zeros(0)
    variable = lambda names: np.array(names, dtype=h5py.string_dtype())
    with h5py.File(FOLDER / "keras2-model.h5", "w") as file:
        file.attrs["keras_version"], file.attrs["backend"] = "2.15.0", "tensorflow"
        file.attrs["model_config"] = json.dumps({"config": {"data_format": "channels_last"}})
        layers(file.create_group("model_weights"), fixed, ":0", compression="gzip", shuffle=True)
        file.create_group("optimizer_weights")["iterations:0"] = np.int64(7)
    with h5py.File(FOLDER / "keras2-weights.h5", "w") as file:
        layers(file, variable, ":0", fletcher32=True)
    with h5py.File(FOLDER / "keras3-legacy.h5", "w") as file:
        layers(file.create_group("model_weights"), fixed, "")
    with h5py.File(FOLDER / "keras3.weights.h5", "w") as file:
        for layer, values in variables.items():
            group = file.create_group(f"layers/{layer}/vars")
            for i, value in enumerate(values.values()):
                group[str(i)] = value
        file.create_group("optimizer/vars")["0"] = np.int64(7)
    for name in ("keras2-model.h5", "keras2-weights.h5", "keras3-legacy.h5", "keras3.weights.h5"):
        expected[name] = [described(tensors)]
    write_keras_archives(expected, variables, tensors)


def opaque(value):
    """bfloat16 as Keras writes it by h5py, which knows no such type: two bytes without a meaning."""
    bits = (np.asarray(value, "<f4").view("<u4") >> 16).astype("<u2")
    return np.frombuffer(bits.tobytes(), dtype="V2").reshape(value.shape)


def keras_archive(name, model, groups, store):
    """A .keras file: the model's configuration, and `groups` (path below layers, layer's name, variables)."""
    weights = io.BytesIO()
    with h5py.File(weights, "w") as file:
        for path, layer, values in groups:
            vars = file.create_group(f"layers/{path}/vars")
            vars.attrs["name"] = layer
            for i, value in enumerate(values.values()):
                vars.create_dataset(str(i), data=store(value))
                if store is opaque:
                    vars[str(i)].attrs["dtype"] = "bfloat16"
    with zipfile.ZipFile(FOLDER / name, "w") as archive:
        for file, content in [("metadata.json", "{}"), ("config.json", json.dumps(model)),
                              ("model.weights.h5", weights.getvalue())]:
            archive.writestr(zipfile.ZipInfo(file), content)


def keras_model(name, layers):
    return {"class_name": "Sequential", "config": {"name": name, "layers": layers}}


def keras_layer(kind, name):
    return {"class_name": kind, "config": {"name": name, "data_format": "channels_last"}}


def write_keras_archives(expected, variables, tensors):
    # Layers whose groups are called by their class sort in another order than they stand in the model.
    v = variables
    model = keras_model("net", [
        keras_layer("Conv2D", "first"), keras_layer("BatchNormalization", "norm"), keras_layer("Flatten", "flat"),
        keras_layer("Dense", "hidden"), keras_layer("Dense", "last")])
    groups = [("conv2d", "first", v["conv2d"]), ("batch_normalization", "norm", v["batch_normalization"]),
              ("flatten", "flat", {}), ("dense", "hidden", v["dense"]), ("dense_1", "last", v["dense_1"])]
    keras_archive("keras3.keras", model, groups, lambda value: value)
    expected["keras3.keras"] = [described(tensors)]
    # A model between two layers, all square; in bfloat16.
    weights = [numbers((9, i), 3, 3) for i in range(4)]
    rounded = [(w.view("<u4") & 0xFFFF0000).view("<f4") for w in weights]
    inner = keras_model("inner", [keras_layer("Dense", "a"), keras_layer("Dense", "b")])
    model = keras_model("outer", [keras_layer("Dense", "start"), inner, keras_layer("Dense", "end")])
    kernels = [{"kernel": w} for w in weights]
    groups = [("dense", "start", kernels[0]), ("sequential/layers/dense", "a", kernels[1]),
              ("sequential/layers/dense_1", "b", kernels[2]), ("dense_1", "end", kernels[3])]
    keras_archive("keras3-nested.keras", model, groups, opaque)
    names = ["dense", "sequential.dense", "sequential.dense_1", "dense_1"]
    expected["keras3-nested.keras"] = [
        described([(f"{name}.weight", w.T) for name, w in zip(names, rounded)])]


# --- safetensors ----------------------------------------------------------------------------------------------------

def safetensors(tensors, metadata=None):
    """The format's bytes: length, JSON header, numbers; tensors as (name, type, array or bytes, shape)."""
    header, body = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, kind, data, shape in tensors:
        data = data if isinstance(data, bytes) else np.ascontiguousarray(data).tobytes()
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + body


def write_safetensors(expected):
    x = numbers(11, 3, 2)
    whole = np.array([[-100, -1, 0], [1, 7, 127]])
    kinds = [("F64", x.astype("<f8") * np.pi), ("F32", x), ("F16", x.astype("<f2")),
             ("I64", whole.astype("<i8")), ("I32", whole.astype("<i4")), ("I16", whole.astype("<i2")),
             ("I8", whole.astype("i1")), ("U8", np.abs(whole).astype("u1")), ("BOOL", whole > 0)]
    tensors = [(f"a.{kind}", kind, value, value.shape) for kind, value in kinds]
    half = torch.from_numpy(x).to(torch.bfloat16)
    tensors.append(("a.BF16", "BF16", half.view(torch.int16).numpy(), x.shape))
    tensors += [("empty", "F32", b"", (0, 3)), ("scalar", "F32", np.float32(2.5), ())]
    (FOLDER / "types.safetensors").write_bytes(safetensors(tensors, {"format": "pt", "note": "all types"}))
    values = [(n, half.float().numpy() if k == "BF16" else np.asarray(v, "f8")) for n, k, v, s in tensors[:10]]
    expected["types.safetensors"] = [described(values + [("empty", np.zeros((0, 3))), ("scalar", np.array(2.5))])]
    for seed in range(2):
        for epoch in range(seed, 3):
            folder = FOLDER / "runs"
            folder.mkdir(exist_ok=True)
            net = mlp((seed, epoch))
            # The order of the reference library: by name.
            data = safetensors([(n, "F32", net[n], net[n].shape) for n in sorted(net)], {"test_accuracy": "0.25"})
            (folder / f"seed{seed}_epoch{epoch}.safetensors").write_bytes(data)
            expected[f"runs/seed{seed}_epoch{epoch}.safetensors"] = [described([(n, net[n]) for n in sorted(net)])]
    (FOLDER / "runs" / "notes.txt").write_text("not a network\n")


# --- NumPy ----------------------------------------------------------------------------------------------------------

def as_stored(tensors):
    """Arrays as safetensors' own writer stands them: the widest types first, then by name."""
    codes = {"float32": "F32", "int64": "I64", "bool": "BOOL"}
    kinds = [(name, codes[str(np.asarray(a).dtype)], np.asarray(a), np.asarray(a).shape) for name, a in tensors.items()]
    return sorted(kinds, key=lambda t: (-t[2].dtype.itemsize, t[0]))


def write_stored(expected):
    """Weights in parts, as PyTorch's hooks and parametrizations store them, averages beside them, and shared tensors."""
    net = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Linear(3, 3), torch.nn.Linear(3, 3), torch.nn.Linear(3, 2))
    with torch.no_grad():
        for i, t in enumerate(net.parameters()):
            t.copy_(torch.from_numpy(numbers((11, i), *t.shape)))
    torch.manual_seed(0)
    torch.nn.utils.parametrizations.weight_norm(net[0])
    torch.nn.utils.weight_norm(net[1], dim=1)
    torch.nn.utils.spectral_norm(net[2])
    torch.nn.utils.prune.ln_structured(net[3], "weight", 1, 2, 0)
    net(torch.zeros(1, 4))
    net.eval()(torch.zeros(1, 4))
    stored = {k: v.detach().numpy() for k, v in net.state_dict().items()}
    (FOLDER / "stored-parts.safetensors").write_bytes(safetensors(as_stored(stored)))
    whole = [(f"{i}.{n}", getattr(net[i], n).detach().numpy()) for i in range(4) for n in ("bias", "weight")]
    expected["stored-parts.safetensors"] = [described(whole)]
    own, averages = mlp(12), {f"ema_model.{k}": v for k, v in mlp(13).items()}
    counters = {"initted": np.array(True), "step": np.array(7)}
    both = counters | {f"online_model.{k}": v for k, v in own.items()} | averages
    (FOLDER / "stored-averages.safetensors").write_bytes(safetensors(as_stored(both)))
    expected["stored-averages.safetensors"] = [described(sorted(own.items()))]
    (FOLDER / "stored-shared.safetensors").write_bytes(
        safetensors(as_stored({"a.weight": own["layers.0.weight"]}), {"b.weight": "a.weight"}))
    expected["stored-shared.safetensors"] = [described([(n, own["layers.0.weight"]) for n in ("a.weight", "b.weight")])]


def write_numpy(expected):
    folder = FOLDER / "numpy"
    folder.mkdir(exist_ok=True)
    weights = np.stack([flat(mlp(i)) for i in range(3)])
    kinds = {"single": weights, "double-big": weights.astype(">f8") + 1e-9, "half": weights.astype("<f2"),
             "fortran": np.asfortranarray(weights), "fortran-big": np.asfortranarray(weights.astype(">f4"))}
    for name, array in kinds.items():
        np.save(folder / f"{name}.npy", array)
    for version in (2, 3):
        with open(folder / f"version{version}.npy", "wb") as file:
            np.lib.format.write_array(file, weights, version=(version, 0))
    for path in sorted(folder.glob("*.npy")):
        rows = np.load(path).astype("<f4")
        expected[f"numpy/{path.name}"] = [described([("weights", row)]) for row in rows]
    net = {n: t for n, t in mlp(3).items()}
    net["layers.0.weight"] = np.asfortranarray(net["layers.0.weight"])
    for name, save in (("stored", np.savez), ("deflated", np.savez_compressed)):
        save(folder / f"{name}.npz", **net)
        with np.load(folder / f"{name}.npz") as file:
            expected[f"numpy/{name}.npz"] = [described([(n, file[n]) for n in file.files])]


def write_small_cnn(expected):
    """Unterthiner et al.'s layout: TensorFlow's variables by name, rows by model and step, not in order."""
    folder = FOLDER / "small-cnn"
    folder.mkdir(exist_ok=True)
    shapes = [("sequential/conv2d/bias:0", (2,)), ("sequential/conv2d/kernel:0", (3, 3, 1, 2)),
              ("sequential/dense/bias:0", (3,)), ("sequential/dense/kernel:0", (2, 3))]
    width = sum(int(np.prod(s)) for _, s in shapes)
    rows = [("m/b", 0), ("m/a", 86), ("m/b", 86), ("m/a", 0), ("m/a", 20)]
    weights = numbers(21, len(rows), width)
    np.save(folder / "weights.npy", weights)
    with open(folder / "layout.csv", "w", newline="") as file:
        out, start = csv.writer(file, lineterminator="\n"), 0
        out.writerow(["varname", "start_idx", "end_idx", "shape"])
        for name, shape in shapes:
            out.writerow([name, start, start + int(np.prod(shape)), str(shape)])
            start += int(np.prod(shape))
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(["", "modeldir", "step", "test_accuracy", "config.activation"])
    for i, (model, step) in enumerate(rows):
        out.writerow([i, model, step, "" if i == 4 else i / 8, "relu" if model == "m/a" else "tanh"])
    with gzip.GzipFile(folder / "metrics.csv.gz", "wb", mtime=0) as file:
        file.write(text.getvalue().encode())
    networks = []
    for index in (0, 2, 3, 4, 1):  # m/b comes first; its steps, then those of m/a
        parts, start = {}, 0
        for name, shape in shapes:
            parts[name] = weights[index][start:start + int(np.prod(shape))].reshape(shape)
            start += int(np.prod(shape))
        networks.append(described([
            ("sequential.conv2d.bias", parts[shapes[0][0]]),
            ("sequential.conv2d.weight", parts[shapes[1][0]].transpose(3, 2, 0, 1)),
            ("sequential.dense.bias", parts[shapes[2][0]]), ("sequential.dense.weight", parts[shapes[3][0]].T)]))
    expected["small-cnn"] = networks


# --- Ray Tune -------------------------------------------------------------------------------------------------------

def write_ray(expected):
    """Two runs of 3 and 2 checkpoints, one that failed before its first."""
    networks = []
    for trial, steps in (("NN_tune_trainable_2", [1, 5, 10]), ("NN_tune_trainable_10", [1, 5])):
        folder = FOLDER / "ray" / trial
        folder.mkdir(parents=True, exist_ok=True)
        seed = len(steps)
        params = {"seed": seed, "model::type": "MLP", "optim::lr": 3e-4, "dropout": None, "flags": [1, 2],
                  "train_loop_config": {"width": 3}}
        (folder / "params.json").write_text(json.dumps(params, indent=2))
        lines = [json.dumps({"training_iteration": step, "test_acc": step / 16, "train_loss": float("nan"),
                             "hostname": "x", "config": params}) for step in range(0, 11)]
        (folder / "result.json").write_text("\n".join(lines) + "\n")
        for step in steps:
            net = mlp((seed, step))
            path = folder / f"checkpoint_{step:06d}" / "checkpoints"
            path.parent.mkdir(exist_ok=True)
            wrapped = {f"module.{n}": torch.from_numpy(t) for n, t in net.items()}
            torch.save(wrapped, path)
            (path.parent / "optimizer").write_bytes(b"not read")
            networks.append(described(list(net.items())))
    failed = FOLDER / "ray" / "NN_tune_trainable_3"
    failed.mkdir(exist_ok=True)
    (failed / "params.json").write_text("{}")
    expected["ray"] = networks


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    expected = {}
    for write in (write_flat, write_keras, write_safetensors, write_stored, write_numpy, write_small_cnn, write_ray):
        write(expected)
    (FOLDER / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
