"""Linear, normalisation, embedding and attention layers."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.func import functional_call

from .common import Draw, case


def through(module):
    """The module as a function of its parameters (dots as PyTorch writes them) and x."""
    return lambda x, **parameters: functional_call(module, parameters, (x,))


def linear():
    cases = []
    for name, bias, shape in (("with bias", True, (4, 3)), ("without bias", False, (4, 3)), ("three axes", True, (2, 4, 3))):
        draw = Draw("linear " + name)
        layer = nn.Linear(3, 2, bias=bias)
        cases.append(case(f"linear {name}", through(layer), {"x": draw.normal(*shape), **draw.like(layer)}))
    draw = Draw("linear population")
    inputs = {"x": draw.normal(2, 4, 3), "weight": draw.normal(2, 5, 3), "bias": draw.normal(2, 5)}
    cases.append(case("linear population", lambda x, weight, bias: x @ weight.mT + bias[:, None], inputs, {"P": 2}))
    shared = dict(inputs, x=draw.normal(4, 3))
    cases.append(case("linear population, shared inputs", lambda x, weight, bias: x @ weight.mT + bias[:, None], shared, {"P": 2}))
    return cases


def layernorm():
    cases = []
    for name, shape, affine, eps in (("affine", (3, 6), True, 1e-5), ("plain", (3, 6), False, 1e-5),
                                     ("large eps", (2, 3, 4), True, 1e-2)):
        draw = Draw("layernorm " + name)
        layer = nn.LayerNorm(shape[-1], eps=eps, elementwise_affine=affine)
        inputs = {"x": draw.normal(*shape, scale=2, shift=0.5), **draw.like(layer)}
        cases.append(case(f"layernorm {name}", through(layer), inputs, {"eps": eps}))
    draw = Draw("layernorm gelu")
    inputs = {"x": draw.normal(4, 8), "weight": draw.normal(8, shift=1, scale=0.2), "bias": draw.normal(8)}
    cases.append(case("layernorm then gelu", lambda x, weight, bias: F.gelu(F.layer_norm(x, (8,), weight, bias)), inputs,
                      {"eps": 1e-5}))
    return cases


def batchnorm_training(x, weight, bias, running_mean, running_var, momentum):
    mean, variance = running_mean.detach().clone(), running_var.detach().clone()
    output = F.batch_norm(x, mean, variance, weight, bias, training=True, momentum=momentum)
    return {"output": output, "running_mean": mean, "running_var": variance}


def norm():
    cases = []
    for shape in ((5, 3), (2, 3, 2, 2)):
        draw = Draw(f"batchnorm {shape}")
        inputs = {"x": draw.normal(*shape, scale=2), "weight": draw.normal(3, shift=1, scale=0.3), "bias": draw.normal(3),
                  "running_mean": draw.normal(3), "running_var": draw.uniform(3, low=0.5, high=2)}
        title = f"batchnorm{'2d' if len(shape) == 4 else '1d'}"
        cases.append(case(f"{title} training", lambda momentum=0.1, **k: batchnorm_training(momentum=momentum, **k), inputs,
                          {"eps": 1e-5, "momentum": 0.1, "training": True}))
        cases.append(case(f"{title} evaluation", lambda x, weight, bias, running_mean, running_var: F.batch_norm(
            x, running_mean.detach(), running_var.detach(), weight, bias), inputs, {"eps": 1e-5, "training": False}))
    draw = Draw("batchnorm1d with an axis of time")
    inputs = {"x": draw.normal(2, 3, 4, scale=2), "weight": draw.normal(3, shift=1, scale=0.3), "bias": draw.normal(3),
              "running_mean": draw.normal(3), "running_var": draw.uniform(3, low=0.5, high=2)}
    cases.append(case("batchnorm1d of sequences training, momentum 0.3", lambda **k: batchnorm_training(momentum=0.3, **k),
                      inputs, {"eps": 1e-5, "momentum": 0.3, "training": True}))
    for groups in (1, 2, 4):
        draw = Draw(f"groupnorm {groups}")
        inputs = {"x": draw.normal(2, 4, 2, 3, scale=2), "weight": draw.normal(4, shift=1, scale=0.3), "bias": draw.normal(4)}
        cases.append(case(f"groupnorm {groups} groups", lambda x, weight, bias, g=groups: F.group_norm(x, g, weight, bias),
                          inputs, {"groups": groups, "eps": 1e-5}))
    return cases


def embedding():
    draw = Draw("embedding")
    weight = draw.normal(5, 3)
    return [
        case("embedding one axis", F.embedding, {"input": torch.tensor([4, 0, 2]), "weight": weight}),
        case("embedding repeated indices", F.embedding, {"input": torch.tensor([[1, 1, 3], [3, 1, 0]]), "weight": weight}),
    ]


def attention_case(name, width, heads, tokens, batch, mask):
    draw = Draw(name)
    layer = nn.MultiheadAttention(width, heads, batch_first=True)
    inputs = {"x": draw.normal(batch, tokens, width), **draw.like(layer)}

    def compute(x, **parameters):
        output, weights = functional_call(layer, parameters, (x, x, x), {"attn_mask": mask, "average_attn_weights": False})
        return {"output": output, "attention": weights}

    return case(name, compute, inputs, {"heads": heads, "causal": mask is not None})


def masked_attention_cases():
    """Masks say which keys take part (1 or 0), or are added to the scores."""
    cases = []
    draw = Draw("scaled dot product masks")
    inputs = {k: draw.normal(2, 2, 3, 4) for k in ("query", "key", "value")}
    inputs["mask"] = draw.normal(2, 1, 3, 3, scale=2)
    cases.append(case("scaled dot product, additive mask", lambda query, key, value, mask: F.scaled_dot_product_attention(
        query, key, value, attn_mask=mask), inputs, {"mask": "additive"}))
    inputs["mask"] = torch.tensor([[1, 0, 1], [0, 0, 0], [1, 1, 1]])  # the second query has no key left
    cases.append(case("scaled dot product, keeping mask", lambda query, key, value, mask: F.scaled_dot_product_attention(
        query, key, value, attn_mask=mask.bool(), scale=0.3), inputs, {"mask": "keeping", "scale": 0.3}))
    draw = Draw("padded self-attention")
    layer = nn.MultiheadAttention(6, 2, batch_first=True)
    inputs = {"x": draw.normal(2, 4, 6), **draw.like(layer), "mask": torch.tensor([[1, 1, 1, 0], [1, 1, 0, 0]])}
    cases.append(case("self-attention, padded keys", lambda x, mask, **parameters: functional_call(
        layer, parameters, (x, x, x), {"key_padding_mask": mask == 0})[0], inputs, {"heads": 2, "mask": "padding"}))
    draw = Draw("cross-attention")
    inputs = {"x": draw.normal(2, 3, 6), "memory": draw.normal(2, 5, 6), **draw.like(layer)}
    cases.append(case("cross-attention", lambda x, memory, **parameters: functional_call(
        layer, parameters, (x, memory, memory))[0], inputs, {"heads": 2}))
    return cases


def encoder_block_cases():
    cases = []
    for activation, first in (("relu", False), ("relu", True), ("gelu", False)):
        name = f"encoder block, norm {'first' if first else 'last'}, {activation}"
        draw = Draw(name)
        block = nn.TransformerEncoderLayer(6, 3, 10, 0.0, activation, batch_first=True, norm_first=first, layer_norm_eps=1e-4)
        inputs = {"x": draw.normal(2, 4, 6), **draw.like(block)}
        cases.append(case(name, through(block), inputs, {"heads": 3, "hidden": 10, "normFirst": first, "eps": 1e-4}))
    draw = Draw("causal encoder block")
    block = nn.TransformerEncoderLayer(4, 2, 8, 0.0, "gelu", batch_first=True, norm_first=True)
    hidden = torch.triu(torch.ones(5, 5, dtype=torch.bool), 1)
    inputs = {"x": draw.normal(1, 5, 4), **draw.like(block)}
    cases.append(case("encoder block, causal", lambda x, **parameters: functional_call(
        block, parameters, (x,), {"src_mask": hidden}), inputs,
        {"heads": 2, "hidden": 8, "normFirst": True, "eps": 1e-5, "causal": True, "activation": "gelu"}))
    return cases


def attention():
    causal = torch.triu(torch.ones(4, 4, dtype=torch.bool), 1)
    cases = [
        attention_case("self-attention", 6, 2, 3, 2, None),
        attention_case("self-attention, one head", 4, 1, 3, 1, None),
        attention_case("self-attention, causal", 6, 3, 4, 2, causal),
    ]
    draw = Draw("scaled dot product")
    inputs = {k: draw.normal(2, 2, 4, 3) for k in ("query", "key", "value")}
    cases.append(case("scaled dot product", F.scaled_dot_product_attention, inputs, {"causal": False}))
    cases.append(case("scaled dot product, causal", lambda query, key, value: F.scaled_dot_product_attention(
        query, key, value, is_causal=True), inputs, {"causal": True}))
    crossed = dict(inputs, key=draw.normal(2, 2, 5, 3), value=draw.normal(2, 2, 5, 3))
    cases.append(case("scaled dot product, five keys", F.scaled_dot_product_attention, crossed, {"causal": False}))
    draw = Draw("encoder block")
    block = nn.TransformerEncoderLayer(4, 2, 8, 0.0, "gelu", batch_first=True, norm_first=True)
    cases.append(case("encoder block, norm first, gelu", through(block), {"x": draw.normal(2, 3, 4), **draw.like(block)},
                      {"heads": 2, "hidden": 8, "normFirst": True, "eps": 1e-5}))
    return cases + masked_attention_cases() + encoder_block_cases()
