"""The case builder and the file writer that every family shares."""
import json

import torch


class Draw:
    """Random inputs of one case, fixed by its name: adding a case elsewhere changes no other."""

    def __init__(self, name):
        self.generator = torch.Generator().manual_seed(sum((i + 1) * byte for i, byte in enumerate(name.encode())))

    def normal(self, *shape, scale=1.0, shift=0.0):
        return rounded(torch.randn(shape, generator=self.generator, dtype=torch.float64) * scale + shift)

    def uniform(self, *shape, low=0.0, high=1.0):
        return rounded(torch.rand(shape, generator=self.generator, dtype=torch.float64) * (high - low) + low)

    def integers(self, high, *shape):
        return torch.randint(0, high, shape, generator=self.generator)

    def like(self, module, scale=0.5):
        """Normal parameters for a module, by name; the module itself is left alone."""
        return {name: self.normal(*p.shape, scale=scale) for name, p in module.named_parameters()}


def rounded(tensor):
    """The tensor on a grid of 1e-4, so that a short decimal number is the exact input."""
    return (tensor.to(torch.float64) * 1e4).round() / 1e4


def encode(tensor):
    """A tensor as its shape and its values: 12 significant digits, whole numbers without a point."""
    tensor = tensor.detach()
    values = tensor.reshape(-1).tolist()
    if tensor.is_floating_point():
        values = [float(f"{v:.12g}") for v in values]
        values = [int(v) if v.is_integer() and abs(v) < 1e15 else v for v in values]
    return {"shape": list(tensor.shape), "data": values}


def case(name, compute, inputs, options=None, differentiate=True):
    """Run `compute(**inputs)`, a tensor or a dictionary with "output" first, and record values and gradients."""
    held = {k: v.clone().requires_grad_(differentiate and v.is_floating_point()) for k, v in inputs.items()}
    outputs = compute(**held)
    if not isinstance(outputs, dict):
        outputs = {"output": outputs}
    gradients = {}
    first = next(iter(outputs.values()))
    if differentiate and first.requires_grad:
        if first.ndim:
            inputs = dict(inputs, cotangent=Draw(name + " cotangent").normal(*first.shape))
            first = (first * inputs["cotangent"]).sum()
        leaves = {k: v for k, v in held.items() if v.requires_grad}
        found = torch.autograd.grad(first, list(leaves.values()), allow_unused=True)
        gradients = {k: g for k, g in zip(leaves, found) if g is not None}
    return record(name, inputs, outputs, gradients, options)


def record(name, inputs, outputs, gradients=None, options=None):
    """A case from values that are already computed."""
    encoded = ({k: encode(v) for k, v in group.items()} for group in (inputs, outputs, gradients or {}))
    return dict(zip(("name", "dtype", "inputs", "outputs", "gradients", "options"),
                    (name, "float64", *encoded, options or {})))


def flat(parameters):
    """Named parameters as one vector, and the slots that say where each one lies."""
    slots = [{"name": name, "shape": list(p.shape)} for name, p in parameters.items()]
    return torch.cat([p.reshape(-1) for p in parameters.values()]), slots


def unflat(vector, slots):
    """The inverse of `flat`, as views that gradients pass through."""
    result, start = {}, 0
    for slot in slots:
        size = torch.Size(slot["shape"]).numel()
        result[slot["name"]] = vector[start:start + size].reshape(slot["shape"])
        start += size
    return result


def write_family(path, family, cases):
    """Write one file, a case a line; says how many."""
    names = [c["name"] for c in cases]
    assert len(set(names)) == len(names), f"{family}: case names repeat"
    head = {"format": "weightspace-torch-fixtures", "version": 1, "torch": torch.__version__.split("+")[0], "family": family}
    lines = ",\n".join(json.dumps(c, separators=(",", ":"), allow_nan=False) for c in cases)
    path.write_text(json.dumps(head)[:-1] + ', "cases": [\n' + lines + "\n]}\n")
    return len(cases)
