"""Reductions, data movement and matrix products."""
import torch
import torch.nn.functional as F

from .common import Draw, case


def reductions():
    kinds = {
        "sum": lambda x, dim, keep: x.sum(dim, keepdim=keep), "mean": lambda x, dim, keep: x.mean(dim, keepdim=keep),
        "max": lambda x, dim, keep: x.amax(dim, keepdim=keep), "min": lambda x, dim, keep: x.amin(dim, keepdim=keep),
        "logsumexp": lambda x, dim, keep: x.logsumexp(dim, keepdim=keep),
        "variance": lambda x, dim, keep: x.var(dim, correction=0, keepdim=keep),
    }
    cases = []
    for kind, function in kinds.items():
        for axes, keep in (((0,), False), ((2,), True), ((0, 2), False), ((0, 1, 2), False)):
            name = f"{kind} {list(axes)}{' keeping dimensions' if keep else ''}"
            cases.append(case(name, lambda x, f=function, a=axes, k=keep: f(x, a, k), {"x": Draw(name).normal(2, 3, 4)},
                              {"axes": list(axes), "keepingDims": keep}))
    for kind, function in (("softmax", F.softmax), ("log_softmax", F.log_softmax)):
        cases.append(case(kind, lambda x, f=function: f(x, -1), {"x": Draw(kind).normal(3, 5, scale=3)}, {"axis": -1}))
    x = Draw("softmax axis 0").normal(3, 5, scale=3)
    cases.append(case("softmax axis 0", lambda x: F.softmax(x, 0), {"x": x}, {"axis": 0}))
    x = Draw("variance with correction [1]").normal(2, 3, 4)
    cases.append(case("variance with correction [1]", lambda x: x.var(1), {"x": x},
                      {"axes": [1], "keepingDims": False, "correction": 1}))
    ties = torch.tensor([[1, 3, 3], [3, 2, 3], [-1, 0, -1]]).double()
    for kind in ("max", "min"):
        for axes in ((0,), (0, 1)):
            cases.append(case(f"{kind} with ties {list(axes)}", lambda x, f=kinds[kind], a=axes: f(x, a, False),
                              {"x": ties}, {"axes": list(axes), "keepingDims": False}))
    x = Draw("argmax").normal(4, 5)
    cases.append(case("argmax", lambda x: x.argmax(-1), {"x": x}, {"axis": -1}, differentiate=False))
    return cases


def movement():
    def scatter_add(x, index, source):
        return x.index_add(1, index, source)

    draw = Draw("movement")
    x = draw.normal(2, 3, 4)
    repeated = torch.tensor([2, 0, 2, 1, 2])
    return [
        case("reshape", lambda x: x.reshape(4, 6), {"x": x}, {"shape": [4, 6]}),
        case("permute", lambda x: x.permute(2, 0, 1), {"x": x}, {"order": [2, 0, 1]}),
        case("transpose then reshape", lambda x: x.transpose(1, 2).reshape(2, 12), {"x": x}, {"shape": [2, 12]}),
        case("slice", lambda x: x[:, 1:3], {"x": x}, {"axis": 1, "range": [1, 3]}),
        case("slice with step", lambda x: x[:, :, ::2], {"x": x}, {"axis": 2, "step": 2}),
        case("pad", lambda x: F.pad(x, (1, 2, 0, 1)), {"x": x}, {"before": [0, 0, 1], "after": [0, 1, 2]}),
        case("concatenate", lambda a, b: torch.cat([a, b], 1), {"a": x, "b": draw.normal(2, 2, 4)}, {"axis": 1}),
        case("broadcast", lambda x: x.expand(2, 3, 4), {"x": draw.normal(3, 1)}, {"shape": [2, 3, 4]}),
        case("gather", lambda x, index: x.index_select(1, index), {"x": x, "index": repeated}, {"axis": 1}),
        case("scatter add", scatter_add, {"x": x, "index": repeated, "source": draw.normal(2, 5, 4)}, {"axis": 1}),
        case("cumulative sum", lambda x: x.cumsum(1), {"x": x}, {"axis": 1}),
    ] + windows()


def windows():
    """Patches as columns and back: [B, C, H, W] <-> [B, C kh kw, L]."""
    cases = []
    for kernel, stride, padding, dilation in (
        ((2, 2), (1, 1), (0, 0), (1, 1)), ((3, 2), (2, 1), (1, 0), (1, 1)), ((2, 3), (2, 3), (1, 2), (2, 1)),
        ((4, 5), (1, 1), (0, 0), (1, 1)),
    ):
        options = {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation, "extents": (4, 5)}
        arguments = {"dilation": dilation, "padding": padding, "stride": stride}
        name = " ".join(map(str, kernel + stride + padding + dilation))
        x = Draw(f"unfold {name}").normal(2, 2, 4, 5)
        cases.append(case(f"unfold {name}", lambda x, k=kernel, a=arguments: F.unfold(x, k, **a), {"x": x}, options))
        columns = Draw(f"fold {name}").normal(*F.unfold(x, kernel, **arguments).shape)
        cases.append(case(f"fold {name}", lambda x, k=kernel, a=arguments: F.fold(x, (4, 5), k, **a), {"x": columns},
                          options))
    return cases


def products():
    shapes = [((3, 4), (4, 2)), ((2, 3, 4), (2, 4, 2)), ((2, 3, 4), (4, 2)), ((2, 1, 3, 4), (1, 2, 4, 2)), ((1, 4), (4, 1))]
    cases = []
    for left, right in shapes:
        name = f"matmul {list(left)} {list(right)}"
        draw = Draw(name)
        cases.append(case(name, lambda a, b: a @ b, {"a": draw.normal(*left), "b": draw.normal(*right)}))
    draw = Draw("transposed products")
    cases.append(case("matmul transposed left", lambda a, b: a.mT @ b,
                      {"a": draw.normal(2, 4, 3), "b": draw.normal(2, 4, 2)}, {"transposeA": True, "transposeB": False}))
    cases.append(case("matmul transposed right", lambda a, b: a @ b.mT,
                      {"a": draw.normal(2, 3, 4), "b": draw.normal(2, 2, 4)}, {"transposeA": False, "transposeB": True}))
    cases.append(case("matmul both transposed", lambda a, b: a.mT @ b.mT,
                      {"a": draw.normal(4, 3), "b": draw.normal(2, 4)}, {"transposeA": True, "transposeB": True}))
    return cases
