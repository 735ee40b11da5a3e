"""Diffusions' noise levels by their published formulas, and SciPy's adaptive Dormand-Prince integrations."""
import numpy as np
import torch
from scipy.integrate import solve_ivp

from .common import record


def discrete(name, betas, options):
    """Cumulative products of 1 - beta at a few steps, counted from 1."""
    products = torch.cumprod(1 - betas, 0)
    steps = torch.tensor(sorted({1, 2, 3, len(betas) // 4, len(betas) // 2, len(betas) - 1, len(betas)}))
    return record(name, {"steps": steps}, {"products": products[steps - 1]}, options=options)


def cosine_betas(steps, offset=0.008):
    """Nichol and Dhariwal 2021, eq. 17."""
    n = torch.arange(steps + 1, dtype=torch.float64)
    f = torch.cos((n / steps + offset) / (1 + offset) * torch.pi / 2) ** 2
    return torch.clip(1 - f[1:] / f[:-1], max=0.999)


def diffusion():
    cases = []
    for steps, first, last in ((1000, 1e-4, 0.02), (1024, 0.0015, 0.0155), (50, 1e-3, 0.3)):
        betas = torch.linspace(first, last, steps, dtype=torch.float64)
        cases.append(discrete(f"linear {steps}", betas, {"steps": steps, "first": first, "last": last}))
    for steps in (1000, 50):
        cases.append(discrete(f"cosine {steps}", cosine_betas(steps), {"steps": steps}))
    for steps, low, high, rho in ((18, 0.002, 80.0, 7.0), (40, 0.002, 80.0, 7.0), (5, 0.01, 10.0, 3.0)):
        i = torch.arange(steps, dtype=torch.float64)
        sigmas = (high ** (1 / rho) + i / (steps - 1) * (low ** (1 / rho) - high ** (1 / rho))) ** rho
        cases.append(record(f"edm levels {steps}", {}, {"sigmas": torch.cat([sigmas, torch.zeros(1)])},
                            options={"steps": steps, "low": low, "high": high, "rho": rho}))
    # Karras et al. 2022, table 1: skip, out, in of D(x) = skip x + out F(in x).
    sigma = torch.tensor([0.002, 0.1, 0.5, 1.0, 7.0, 80.0], dtype=torch.float64)
    for std in (0.5, 1.3):
        total = sigma ** 2 + std ** 2
        cases.append(record(f"edm preconditioning {std}", {"sigma": sigma}, options={"std": std}, outputs={
            "skip": std ** 2 / total, "out": sigma * std / total.sqrt(), "in": 1 / total.sqrt()}))
    cases.append(record("vp preconditioning", {"sigma": sigma}, {
        "skip": torch.ones_like(sigma), "out": -sigma, "in": 1 / (sigma ** 2 + 1).sqrt()}))
    # Their table 1, VP column: sigma(t) = sqrt(exp(beta_d t^2 / 2 + beta_min t) - 1).
    t = torch.tensor([1e-5, 0.01, 0.3, 0.5, 0.9, 1.0], dtype=torch.float64)
    cases.append(record("vp continuous", {"s": t}, {"sigma": torch.expm1(19.9 * t ** 2 / 2 + 0.1 * t).sqrt()},
                        options={"betaMin": 0.1, "betaMax": 20}))
    return cases


PROBLEMS = {
    "logistic": (lambda t, x: x * (1 - x) * (1 + np.cos(5 * t)), [0.1, 0.5, 1.5], 0.0, 1.0),
    "three bodies": (lambda t, x: 17.0 * three_bodies(x), [0.994, 0, 0, -2.0015851064], 0.0, 0.5),
    "oscillator, backwards": (lambda t, x: np.array([x[1], -40 * x[0]]), [1.0, 0.5], 1.0, -1.0),
}


def three_bodies(y):
    """The restricted three-body problem (Hairer, Norsett, Wanner, II.0.1), whose steps differ by powers of ten."""
    mu = 0.012277471
    near, far = (((y[0] + mu) ** 2 + y[1] ** 2) ** 1.5, ((y[0] - (1 - mu)) ** 2 + y[1] ** 2) ** 1.5)
    return np.array([
        y[2], y[3],
        y[0] + 2 * y[3] - (1 - mu) * (y[0] + mu) / near - mu * (y[0] - (1 - mu)) / far,
        y[1] - 2 * y[2] - (1 - mu) * y[1] / near - mu * y[1] / far])


def integration():
    cases = []
    for name, (velocity, start, t0, t1) in PROBLEMS.items():
        for tolerance in (1e-4, 1e-7, 1e-10):
            found = solve_ivp(velocity, (t0, t1), start, "RK45", rtol=tolerance, atol=tolerance / 10)
            exact = solve_ivp(velocity, (t0, t1), start, "DOP853", rtol=3e-14, atol=1e-14)
            cases.append(record(
                f"{name}, {tolerance:g}", {"start": torch.tensor(start, dtype=torch.float64)},
                {"end": torch.tensor(found.y[:, -1]), "exact": torch.tensor(exact.y[:, -1])},
                options={"problem": name, "tolerance": tolerance, "from": t0, "to": t1, "evaluations": int(found.nfev),
                         "accepted": len(found.t) - 1}))
    return cases
