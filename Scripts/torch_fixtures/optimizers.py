"""Optimizer trajectories from given gradients, and learning rates by schedule.

An optimizer case has inputs "parameters" [D] and "gradients" [steps, D] and the output "trajectory" [steps, D], the
parameters after each step. A schedule case has the output "rates" [steps], the rate used by each step from the first.
"""
import torch
from torch.optim import lr_scheduler as schedules_of

from .common import Draw, record

STEPS, SIZE = 6, 5
OPTIMIZERS = [
    ("sgd", torch.optim.SGD, {"lr": 0.1}),
    ("sgd, momentum", torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}),
    ("sgd, momentum with dampening", torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "dampening": 0.1}),
    ("sgd, nesterov", torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    ("sgd, nesterov, weight decay", torch.optim.SGD, {"lr": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.05}),
    ("sgd, momentum, weight decay", torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.05}),
    ("adam", torch.optim.Adam, {"lr": 0.01, "betas": [0.9, 0.999], "eps": 1e-8}),
    ("adam, weight decay in the gradient", torch.optim.Adam, {"lr": 0.01, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.1}),
    ("adam, large eps", torch.optim.Adam, {"lr": 0.01, "betas": [0.8, 0.95], "eps": 1e-2}),
    ("adamw", torch.optim.AdamW, {"lr": 0.01, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.1}),
    ("adamw of DeepWeightFlow", torch.optim.AdamW, {"lr": 5e-4, "betas": [0.9, 0.95], "eps": 1e-8, "weight_decay": 1e-5}),
]


def drive(parameters, gradients, build, before=None, after=None):
    """The parameters after each step of an optimizer fed with given gradients."""
    p = parameters.clone().requires_grad_()
    optimizer, schedule = build([p])
    trajectory = []
    for gradient in gradients:
        p.grad = gradient.clone()
        if before:
            before(p)
        optimizer.step()
        if schedule:
            schedule.step()
        trajectory.append(after(p.detach()) if after else p.detach().clone())
    return torch.stack(trajectory)


def optimizer_case(name, build, options, **hooks):
    draw = Draw(name)
    inputs = {"parameters": draw.normal(SIZE), "gradients": draw.normal(STEPS, SIZE)}
    return record(name, inputs, {"trajectory": drive(*inputs.values(), build, **hooks)}, options=options)


def optimizers():
    cases = [optimizer_case(name, lambda p, k=kind, o=options: (k(p, **o), None), options)
             for name, kind, options in OPTIMIZERS]
    base = {"lr": 0.1}
    cases.append(optimizer_case("sgd, gradients clipped to norm 1", lambda p: (torch.optim.SGD(p, **base), None),
                                dict(base, clip_norm=1.0), before=lambda p: torch.nn.utils.clip_grad_norm_([p], 1.0)))
    cases.append(optimizer_case("sgd, gradients clipped to value 0.5", lambda p: (torch.optim.SGD(p, **base), None),
                                dict(base, clip_value=0.5), before=lambda p: torch.nn.utils.clip_grad_value_([p], 0.5)))
    clipped = {"lr": 0.05, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.1}
    cases.append(optimizer_case("adamw, gradients clipped to norm 1", lambda p: (torch.optim.AdamW(p, **clipped), None),
                                dict(clipped, clip_norm=1.0), before=lambda p: torch.nn.utils.clip_grad_norm_([p], 1.0)))
    adamw = {"lr": 0.05, "betas": [0.9, 0.95], "eps": 1e-8, "weight_decay": 0.01}

    def with_cosine(p):
        optimizer = torch.optim.AdamW(p, **adamw)
        return optimizer, schedules_of.CosineAnnealingLR(optimizer, STEPS, eta_min=1e-3)

    cases.append(optimizer_case("adamw under a cosine schedule", with_cosine, dict(adamw, steps=STEPS, eta_min=1e-3)))
    average = {}

    def averaged(p):
        average["value"] = p.clone() if not average else 0.8 * average["value"] + 0.2 * p
        return average["value"].clone()

    cases.append(optimizer_case("sgd, exponential moving average", lambda p: (torch.optim.SGD(p, **base), None),
                                dict(base, ema_decay=0.8, ema_start="the parameters after the first step"), after=averaged))
    return cases


def warmup_cosine(optimizer, steps, warmup, eta_min):
    """A linear rise from lr / warmup to lr over `warmup` steps, then a cosine over the rest."""
    rise = schedules_of.LinearLR(optimizer, 1 / warmup, 1.0, warmup - 1)
    fall = schedules_of.CosineAnnealingLR(optimizer, steps - warmup + 1, eta_min)
    return schedules_of.SequentialLR(optimizer, [rise, fall], [warmup - 1])


SCHEDULES = [  # name, steps, options, schedule of (optimizer, options)
    ("cosine", 20, {"lr": 5e-4, "steps": 20, "eta_min": 1e-6}, lambda o, k: schedules_of.CosineAnnealingLR(o, k["steps"], k["eta_min"])),
    ("cosine to zero", 10, {"lr": 0.1, "steps": 10, "eta_min": 0.0}, lambda o, k: schedules_of.CosineAnnealingLR(o, k["steps"], k["eta_min"])),
    ("linear warm-up", 10, {"lr": 0.1, "start_factor": 0.2, "warmup": 5}, lambda o, k: schedules_of.LinearLR(o, k["start_factor"], 1.0, k["warmup"])),
    ("warm-up then cosine", 20, {"lr": 0.1, "steps": 20, "warmup": 5, "eta_min": 1e-3},
     lambda o, k: warmup_cosine(o, k["steps"], k["warmup"], k["eta_min"])),
    ("one-cycle", 20, {"max_lr": 0.1, "steps": 20, "pct_start": 0.3, "div_factor": 25.0, "final_div_factor": 1e4, "anneal": "cos"},
     lambda o, k: schedules_of.OneCycleLR(o, k["max_lr"], k["steps"], cycle_momentum=False)),
    ("one-cycle, linear", 20, {"max_lr": 0.1, "steps": 20, "pct_start": 0.25, "div_factor": 10.0, "final_div_factor": 100.0, "anneal": "linear"},
     lambda o, k: schedules_of.OneCycleLR(o, k["max_lr"], k["steps"], pct_start=k["pct_start"], div_factor=k["div_factor"],
                                          final_div_factor=k["final_div_factor"], anneal_strategy="linear", cycle_momentum=False)),
    ("one-cycle, three phases", 20, {"max_lr": 0.1, "steps": 20, "pct_start": 0.3, "div_factor": 25.0, "final_div_factor": 1e4, "anneal": "cos"},
     lambda o, k: schedules_of.OneCycleLR(o, k["max_lr"], k["steps"], three_phase=True, cycle_momentum=False)),
    ("one-cycle, odd number of steps", 7, {"max_lr": 0.1, "steps": 7, "pct_start": 0.3, "div_factor": 25.0, "final_div_factor": 1e4, "anneal": "cos"},
     lambda o, k: schedules_of.OneCycleLR(o, k["max_lr"], k["steps"], cycle_momentum=False)),
    ("constant", 3, {"lr": 0.1}, lambda o, k: schedules_of.ConstantLR(o, 1.0)),
    ("multi-step", 12, {"lr": 1.0, "milestones": [3, 7], "gamma": 0.1}, lambda o, k: schedules_of.MultiStepLR(o, k["milestones"], k["gamma"])),
    ("multi-step, milestone at the start", 6, {"lr": 1.0, "milestones": [1, 2, 4], "gamma": 0.5}, lambda o, k: schedules_of.MultiStepLR(o, k["milestones"], k["gamma"])),
]


def schedules():
    cases = []
    for name, steps, options, build in SCHEDULES:
        p = torch.zeros(1, requires_grad=True)
        optimizer = torch.optim.SGD([p], lr=options.get("lr", 1.0))
        schedule, rates = build(optimizer, options), []
        for _ in range(steps):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
        cases.append(record(name, {}, {"rates": torch.tensor(rates)}, options=options))
    return cases
