"""What a network of a checkpoint is, as the tests compare it: used by the scripts that write expectations."""
import hashlib

import torch


def network(tensors, facts):
    """Names, shapes, types and SHA-256 of row-major little-endian bytes, in order; and the facts."""
    return {"tensors": [tensor(name, value) for name, value in tensors.items()], "facts": facts}


def tensor(name, value):
    data = value.detach().cpu().contiguous().flatten().view(torch.uint8) if value.numel() else torch.empty(0)
    return {"name": name, "shape": list(value.shape), "type": str(value.dtype).removeprefix("torch."),
            "sha256": hashlib.sha256(data.numpy().tobytes()).hexdigest()}
