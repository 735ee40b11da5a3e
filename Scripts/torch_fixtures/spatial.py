"""Convolutions, unfold and fold, and pooling."""
import torch.nn.functional as F

from .common import Draw, case

CONV2D = [  # name, input, weight, options
    ("plain", (2, 3, 4, 4), (2, 3, 3, 3), {}),
    ("stride 2, padding 1", (1, 2, 6, 5), (3, 2, 3, 3), {"stride": 2, "padding": 1}),
    ("dilation 2", (1, 2, 6, 6), (2, 2, 2, 2), {"dilation": 2}),
    ("groups 2", (1, 4, 4, 4), (4, 2, 3, 3), {"groups": 2, "padding": 1}),
    ("depthwise", (1, 3, 4, 4), (3, 1, 3, 3), {"groups": 3, "padding": 1}),
    ("uneven kernel, stride and padding", (1, 2, 5, 6), (2, 2, 1, 3), {"stride": [1, 2], "padding": [0, 1]}),
    ("1x1", (2, 3, 3, 3), (4, 3, 1, 1), {}),
    ("5x5 on one channel", (1, 1, 5, 6), (2, 1, 5, 5), {}),
    ("groups, dilation, stride and padding", (2, 4, 7, 6), (6, 2, 3, 2),
     {"groups": 2, "dilation": [2, 1], "stride": [2, 3], "padding": [3, 1]}),
    ("padding beyond the kernel", (1, 2, 2, 3), (1, 2, 1, 2), {"padding": [2, 1]}),
]
CONV1D = [
    ("plain", (2, 3, 6), (4, 3, 3), {}),
    ("stride 2, padding 2, dilation 2", (2, 2, 9), (3, 2, 3), {"stride": 2, "padding": 2, "dilation": 2}),
    ("groups 2", (1, 4, 5), (4, 2, 2), {"groups": 2}),
]
TRANSPOSED = [  # weight is [in, out / groups, k]
    ("plain", (2, 3, 4), (3, 2, 3), {}),
    ("stride 2, padding 1, output padding 1", (2, 2, 4), (2, 3, 3), {"stride": 2, "padding": 1, "output_padding": 1}),
    ("dilation 2", (1, 2, 4), (2, 2, 3), {"dilation": 2}),
    ("groups 2", (1, 4, 3), (4, 2, 3), {"groups": 2, "stride": 3}),
    ("groups, dilation, stride and both paddings", (2, 4, 3), (4, 1, 3),
     {"groups": 2, "dilation": 2, "stride": 3, "padding": 2, "output_padding": 2}),
]
TRANSPOSED2D = [
    ("uneven", (1, 2, 3, 2), (2, 3, 2, 3), {"stride": [2, 3], "padding": [1, 0], "output_padding": [1, 2]}),
    ("groups 2, dilation 2", (2, 4, 2, 3), (4, 2, 2, 2), {"groups": 2, "dilation": 2}),
]
POOLS = [  # name, function, input, options
    ("max 2", F.max_pool2d, (2, 3, 4, 6), {"kernel_size": 2}),
    ("max 3, stride 2, padding 1", F.max_pool2d, (1, 2, 5, 5), {"kernel_size": 3, "stride": 2, "padding": 1}),
    ("max 2, odd size", F.max_pool2d, (1, 2, 5, 5), {"kernel_size": 2}),
    ("average 2", F.avg_pool2d, (2, 3, 4, 6), {"kernel_size": 2}),
    ("average 3, stride 2, padding 1", F.avg_pool2d, (1, 2, 5, 5), {"kernel_size": 3, "stride": 2, "padding": 1}),
    ("adaptive average 1", F.adaptive_avg_pool2d, (2, 3, 4, 4), {"output_size": 1}),
    ("adaptive average 2x3", F.adaptive_avg_pool2d, (1, 2, 5, 7), {"output_size": [2, 3]}),
    ("adaptive max 2x3", F.adaptive_max_pool2d, (1, 2, 5, 7), {"output_size": [2, 3]}),
    ("max uneven with dilation", F.max_pool2d, (2, 2, 7, 6),
     {"kernel_size": [2, 3], "stride": [1, 2], "padding": [1, 1], "dilation": [3, 1]}),
    ("average 3, stride 2, padding 1, not counted", F.avg_pool2d, (1, 2, 5, 5),
     {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False}),
    ("adaptive average 5x4 of fewer", F.adaptive_avg_pool2d, (1, 2, 3, 4), {"output_size": [5, 4]}),
    ("adaptive max 5x4 of fewer", F.adaptive_max_pool2d, (1, 2, 3, 4), {"output_size": [5, 4]}),
    ("line max 3, stride 2, padding 1", F.max_pool1d, (2, 2, 8), {"kernel_size": 3, "stride": 2, "padding": 1}),
    ("line average 2, stride 3", F.avg_pool1d, (2, 2, 8), {"kernel_size": 2, "stride": 3}),
    ("line adaptive max 3", F.adaptive_max_pool1d, (2, 2, 8), {"output_size": 3}),
    ("line adaptive average 3", F.adaptive_avg_pool1d, (2, 2, 8), {"output_size": 3}),
]


def convolutions(kind, function, table):
    for name, shape, weight, options in table:
        title = f"{kind} {name}"
        draw = Draw(title)
        outputs = weight[1] * options.get("groups", 1) if "transpose" in kind else weight[0]
        inputs = {"x": draw.normal(*shape), "weight": draw.normal(*weight, scale=0.5), "bias": draw.normal(outputs)}
        yield case(title, lambda x, weight, bias, o=options: function(x, weight, bias, **o), inputs, options)


def conv():
    cases = [*convolutions("conv2d", F.conv2d, CONV2D), *convolutions("conv1d", F.conv1d, CONV1D),
             *convolutions("conv transpose1d", F.conv_transpose1d, TRANSPOSED),
             *convolutions("conv transpose2d", F.conv_transpose2d, TRANSPOSED2D)]
    draw = Draw("unfold")
    windows = {"kernel_size": 2, "stride": 1, "padding": 1, "dilation": 2}
    cases.append(case("unfold", lambda x: F.unfold(x, **windows), {"x": draw.normal(2, 2, 4, 4)}, windows))
    cases.append(case("fold", lambda x: F.fold(x, (4, 4), **windows), {"x": draw.normal(2, 8, 16)},
                      dict(windows, output_size=[4, 4])))
    return cases


def pool():
    cases = []
    for name, function, shape, options in POOLS:
        inputs = {"x": Draw("pool " + name).normal(*shape)}
        cases.append(case(f"pool {name}", lambda x, f=function, o=options: f(x, **o), inputs, options))
    return cases
