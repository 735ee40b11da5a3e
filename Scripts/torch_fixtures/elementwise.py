"""Elementwise operations with broadcasting, and activations with their first and second derivatives."""
import torch
import torch.nn.functional as F

from .common import Draw, case, record, rounded

UNARY = {
    "negate": torch.neg, "exp": torch.exp, "tanh": torch.tanh, "erf": torch.erf, "abs": torch.abs, "square": torch.square,
    "sin": torch.sin, "cos": torch.cos, "sigmoid": torch.sigmoid, "relu": torch.relu, "gelu": F.gelu, "expm1": torch.expm1,
    "power 3": lambda x: x ** 3, "power -2": lambda x: x ** -2, "clamp": lambda x: x.clamp(-0.5, 0.8),
}
UNARY_POSITIVE = {
    "log": torch.log, "sqrt": torch.sqrt, "reciprocal": torch.reciprocal, "rsqrt": torch.rsqrt, "log1p": torch.log1p,
    "power 1.5": lambda x: x ** 1.5, "power -0.5": lambda x: x ** -0.5, "power 2.7": lambda x: x ** 2.7,
}
BINARY = {
    "add": torch.add, "subtract": torch.sub, "multiply": torch.mul, "divide": torch.div,
    "maximum": torch.maximum, "minimum": torch.minimum,
}
SHAPES = [((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 1, 3), (4, 1)), ((3,), (1,)), ((2, 1), (1, 4)), ((2, 3), ())]

ACTIVATIONS = {
    "relu": (F.relu, {}),
    "leaky_relu": (lambda x: F.leaky_relu(x, 0.01), {"slope": 0.01}),
    "leaky_relu 0.2": (lambda x: F.leaky_relu(x, 0.2), {"slope": 0.2}),
    "tanh": (torch.tanh, {}),
    "sigmoid": (torch.sigmoid, {}),
    "gelu exact": (F.gelu, {"approximate": "none"}),
    "gelu tanh": (lambda x: F.gelu(x, approximate="tanh"), {"approximate": "tanh"}),
    "silu": (F.silu, {}),
    "elu": (F.elu, {"alpha": 1.0}),
    "elu 0.5": (lambda x: F.elu(x, 0.5), {"alpha": 0.5}),
    "selu": (F.selu, {}),
    "softplus": (F.softplus, {"beta": 1.0}),
}


def elementwise():
    cases = []
    for name, function in UNARY.items():
        cases.append(case(name, lambda x, f=function: f(x), {"x": Draw(name).normal(2, 3, scale=1.2)}))
    for name, function in UNARY_POSITIVE.items():
        cases.append(case(name, lambda x, f=function: f(x), {"x": Draw(name).uniform(2, 3, low=0.2, high=3)}))
    for name, function in BINARY.items():
        for left, right in SHAPES:
            title = f"{name} {list(left)} {list(right)}"
            draw = Draw(title)
            b = draw.uniform(*right, low=0.5, high=2) if name == "divide" else draw.normal(*right)
            cases.append(case(title, lambda a, b, f=function: f(a, b), {"a": draw.normal(*left), "b": b}))
    draw = Draw("where")
    condition = draw.normal(2, 1, 3)
    cases.append(case("where", lambda condition, a, b: torch.where(condition > 0, a, b),
                      {"condition": condition, "a": draw.normal(4, 1), "b": draw.normal(3)}))
    bounds = torch.tensor([-0.5, 0.8, -0.6, 0.9, 0])
    cases.append(case("clamp on its bounds", lambda x: x.clamp(-0.5, 0.8), {"x": bounds}))
    zero = torch.tensor([0.0])
    for exponent in (0, 1, 2, 3):
        cases.append(case(f"power {exponent} at zero", lambda x, p=exponent: x ** p, {"x": zero}))
    return cases


def activations():
    """On a grid that leaves out the kinks at zero and reaches into the tails; then at the kink and far out."""
    grid = rounded(torch.tensor([-30, -8, -3.2, -1.7, -1, -0.4, -0.05, -0.0001, 0.0001, 0.03, 0.5, 1, 1.6, 3.1, 8, 30]))
    ends = rounded(torch.tensor([-10000, -800, -100, 0, 100, 800, 10000]))
    return activations_on(grid, "") + activations_on(ends, ", at 0 and far out")


def activations_on(grid, suffix):
    cases = []
    for name, (function, options) in ACTIVATIONS.items():
        x = grid.clone().requires_grad_()
        y = function(x)
        first = torch.autograd.grad(y.sum(), x, create_graph=True)[0]
        second = torch.autograd.grad(first.sum(), x)[0] if first.requires_grad else torch.zeros_like(x)
        cotangent = torch.ones_like(grid)
        cases.append(record(name + suffix, {"x": grid, "cotangent": cotangent}, {"output": y, "second_derivative": second},
                            {"x": first}, options))
    return cases
