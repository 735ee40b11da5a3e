#!/usr/bin/env python3
"""Writes the numbers that the tests of shift detection are compared with: SciPy's, scikit-learn's, statsmodels' and closed forms.

Usage: python3 -m venv .venv && .venv/bin/pip install scipy scikit-learn statsmodels && .venv/bin/python Scripts/make_shift_fixtures.py [FOLDER]

FOLDER is Tests/Fixtures/shift unless told. Each file holds cases: inputs, and what the reference reader says of them.
Where a convention is a choice (ties, corrections, bandwidths) the case names it. With nannyml installed too, its CBPE is
written to nannyml.json; otherwise that file is left as it is. Equal versions give equal files.
"""
import itertools
import json
import math
import os
import pathlib
import sys

import numpy as np
import scipy
import scipy.optimize
import scipy.spatial.distance as distance
import scipy.stats as stats

HOUSE = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "shift"


def plain(value):
    """As JSON holds it: whole numbers stay whole, others keep all their digits."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return value.item()
    return value


def write(folder, name, content, **versions):
    content = {"made_with": {"numpy": np.__version__, "scipy": scipy.__version__, **versions}, **content}
    text = json.dumps(plain(content), indent=1, allow_nan=False)
    (folder / name).write_text(text + "\n")


def draws(seed, n, shift=0.0, scale=1.0, digits=4):
    """Normal numbers of few digits, so that a text file holds them exactly."""
    return np.round(np.random.default_rng(seed).normal(shift, scale, n), digits)


def enumerated(pool, n, statistic):
    """The exact p-value of the first n of pool among all subsets of its size: the share that is as large, itself included."""
    seen, rows, total, above = statistic(np.arange(n)), range(len(pool)), 0, 0
    for chosen in itertools.combinations(rows, n):
        total += 1
        above += statistic(np.array(chosen)) >= seen - 1e-12
    return {"statistic": seen, "subsets": total, "as_large": above, "p": above / total}


def ks_distance(x, y):
    at = np.concatenate([x, y])
    return float(np.max(np.abs(np.searchsorted(np.sort(x), at, "right") / len(x) - np.searchsorted(np.sort(y), at, "right") / len(y))))


# Two samples of one column ---------------------------------------------------------------------------------------------

def pairs():
    yield "equal sizes", draws(1, 8), draws(2, 8, 1.0)
    yield "unequal sizes", draws(3, 7), draws(4, 12, 0.8)
    yield "sizes with a common factor", draws(5, 10), draws(6, 15, -0.5, 1.5)
    yield "far apart", draws(7, 6), draws(8, 9, 9.0)
    yield "one against many", draws(9, 1), draws(10, 20)
    yield "the same rows", draws(11, 9), draws(11, 9)
    yield "ties within and across", np.array([0, 1, 1, 2, 2, 2, 3, 5.0]), np.array([1, 2, 3, 3, 4, 4, 5, 5, 5, 6.0])
    yield "binary", np.array([0, 0, 0, 1, 1, 0, 0.0]), np.array([1, 1, 0, 1, 1, 1, 0, 1, 1.0])
    yield "all identical", np.full(5, 2.0), np.full(7, 2.0)
    yield "a sample of 20 and a reference of 100", draws(12, 20, 0.6), draws(13, 100)
    yield "a sample of 50 and a reference of 149", draws(14, 50, 0.3, 1.2), draws(15, 149)


def two_samples():
    cases = []
    for name, x, y in pairs():
        case = {"name": name, "x": x, "y": y, "ties": len(np.unique(np.concatenate([x, y]))) < len(x) + len(y)}
        for side in ("two-sided", "less", "greater"):
            exact = stats.ks_2samp(x, y, alternative=side, method="exact")
            case[f"ks_exact_{side}"] = {"statistic": exact.statistic, "p": exact.pvalue}
        asymptotic = stats.ks_2samp(x, y, method="asymp")
        case["ks_asymptotic"] = {"statistic": asymptotic.statistic, "p": asymptotic.pvalue}
        if math.comb(len(x) + len(y), len(x)) <= 50_000:
            pool = np.concatenate([x, y])
            case["ks_permutation"] = enumerated(
                pool, len(x), lambda rows: ks_distance(pool[rows], np.delete(pool, rows)))
            if len(x) > 1:
                two = stats.mannwhitneyu(x, y, method=stats.PermutationMethod(n_resamples=np.inf))
                case["mann_whitney_permutation"] = {"u": two.statistic, "p": two.pvalue}
        for side in ("two-sided", "less", "greater"):
            if not case["ties"]:
                exact = stats.mannwhitneyu(x, y, alternative=side, method="exact")
                case[f"mann_whitney_exact_{side}"] = {"u": exact.statistic, "p": exact.pvalue}
            if len(np.unique(np.concatenate([x, y]))) > 1:
                normal = stats.mannwhitneyu(x, y, alternative=side, method="asymptotic")
                case[f"mann_whitney_normal_{side}"] = {"u": normal.statistic, "p": normal.pvalue}
        case["energy_distance"] = stats.energy_distance(x, y)
        between, within_x, within_y = (np.abs(a[:, None] - b).mean() for a, b in ((x, y), (x, x), (y, y)))
        case["energy_statistic"] = 2 * between - within_x - within_y
        case["wasserstein_distance"] = stats.wasserstein_distance(x, y)
        cases.append(case)
    u, v = np.array([0.0, 1, 3]), np.array([5.0, 6, 8, 8])
    a, b = np.array([3.0, 1, 2]), np.array([1.0, 1, 4, 2])
    weighted = {"x": u, "y": v, "x_weights": a, "y_weights": b,
                "energy_distance": stats.energy_distance(u, v, a, b),
                "wasserstein_distance": stats.wasserstein_distance(u, v, a, b)}
    return {"conventions": {
        "ks": "statistic is the largest gap of the right-continuous distribution functions; 'exact' counts lattice paths as if "
              "nothing were tied (conservative with ties: compare ks_permutation, which is exact given the ties); the "
              "alternatives are SciPy's: 'less' is the statistic max(G - F), F of x",
        "mann_whitney": "u is x's; two-sided exact p is twice the smaller tail, at most 1; the normal one has the tie "
                        "correction and the continuity correction of 1/2; SciPy gives no exact p with ties",
        "energy": "energy_distance is the square root of energy_statistic = 2 E|X-Y| - E|X-X'| - E|Y-Y'| over all pairs",
        "permutation": "all subsets, the observed one among them: p = as_large / subsets"},
        "cases": cases, "weighted": weighted}


# Counts ----------------------------------------------------------------------------------------------------------------

def counts():
    tables = [[[12, 5], [7, 9]], [[10, 10, 20], [20, 20, 20]], [[3, 1, 0], [30, 22, 9]], [[10, 0], [60, 40]],
              [[30, 12, 5], [14, 20, 9], [8, 8, 8]]]
    cases = []
    for table in tables:
        case = {"table": table}
        for corrected in (False, True):
            found = stats.chi2_contingency(table, correction=corrected)
            case["corrected" if corrected else "plain"] = {
                "statistic": found.statistic, "p": found.pvalue, "degrees": found.dof}
            case["expected"] = found.expected_freq
        cases.append(case)
    fits = []
    for seen, expected in (([16, 18, 16, 14, 12, 12], None), ([16, 18, 16, 14, 12, 12], [16, 16, 16, 16, 16, 8]),
                           ([7, 13], [12, 8]), ([50, 0, 0], [40, 6, 4])):
        found = stats.chisquare(seen, expected)
        fits.append({"observed": seen, "expected": expected or [sum(seen) / len(seen)] * len(seen),
                     "statistic": found.statistic, "p": found.pvalue, "degrees": len(seen) - 1})
    tails = [{"x": x, "degrees": k, "p": stats.chi2.sf(x, k)} for x, k in
             ((0.0, 1), (0.01, 1), (3.841458820694124, 1), (10, 1), (2, 3), (40, 10), (0.5, 10), (700, 2))]
    classes = {"note": "a class that neither sample has is no column: it is dropped, degrees counted over what is left",
               "table": [[9, 0, 6], [31, 0, 4]], "dropped": [[9, 6], [31, 4]],
               "statistic": stats.chi2_contingency([[9, 6], [31, 4]], correction=False).statistic,
               "p": stats.chi2_contingency([[9, 6], [31, 4]], correction=False).pvalue, "degrees": 1}
    fisher = [{"table": t, "two_sided": stats.fisher_exact(t).pvalue,
               "greater": stats.fisher_exact(t, "greater").pvalue} for t in ([[12, 5], [7, 9]], [[10, 0], [60, 40]])]
    return {"tables": cases, "fits": fits, "chi_square_tails": tails, "empty_class": classes, "fisher": fisher}


# Distances of clouds ---------------------------------------------------------------------------------------------------

def kernel_mean(m1, s1, m2, s2, bandwidth):
    """E exp(-|X - Y|^2 / (2 bandwidth^2)) of independent normal X and Y."""
    d, total = len(m1), np.asarray(s1) + np.asarray(s2)
    gap = np.asarray(m1) - np.asarray(m2)
    return float(np.linalg.det(np.eye(d) + total / bandwidth**2) ** -0.5
                 * np.exp(-0.5 * gap @ np.linalg.solve(total + bandwidth**2 * np.eye(d), gap)))


def gaussians():
    one, two = [[1.0]], [[1.0, 0.0], [0.0, 1.0]]
    for m1, s1, m2, s2, bandwidth in (
            ([0.0], one, [0.0], one, 1.0), ([0.0], one, [1.0], one, 1.0), ([0.0], one, [0.0], [[4.0]], 2.0),
            ([0.0, 0.0], two, [1.0, -1.0], two, 1.5), ([0.0, 0.5], [[2.0, 0.6], [0.6, 1.0]], [1.0, 0.0], two, 0.7)):
        xx, yy, xy = (kernel_mean(*p, bandwidth) for p in ((m1, s1, m1, s1), (m2, s2, m2, s2), (m1, s1, m2, s2)))
        yield {"mean_x": m1, "covariance_x": s1, "mean_y": m2, "covariance_y": s2, "bandwidth": bandwidth,
               "kernel_xx": xx, "kernel_yy": yy, "kernel_xy": xy, "mmd_squared": xx + yy - 2 * xy}


def clouds():
    cases = []
    for seed, n, m, d, shift in ((21, 6, 9, 1, 1.0), (22, 10, 14, 3, 0.7), (23, 20, 40, 9, 0.4)):
        x, y = draws(seed, (n, d), shift, digits=3), draws((seed, 1), (m, d), digits=3)
        pool = np.concatenate([x, y])
        far = distance.pdist(pool)
        bandwidth = float(np.median(far))
        k = np.exp(-distance.squareform(far) ** 2 / (2 * bandwidth**2))
        kx, ky, kxy = k[:n, :n], k[n:, n:], k[:n, n:]
        r = distance.squareform(far)
        cases.append({
            "x": x, "y": y, "median_distance": bandwidth,
            "mmd_squared_biased": kx.mean() + ky.mean() - 2 * kxy.mean(),
            "mmd_squared_unbiased": (kx.sum() - n) / (n * (n - 1)) + (ky.sum() - m) / (m * (m - 1)) - 2 * kxy.mean(),
            "energy_statistic": 2 * r[:n, n:].mean() - r[:n, :n].mean() - r[n:, n:].mean(),
            "wasserstein_1": stats.wasserstein_distance_nd(x, y)})
    return {"conventions": {
        "kernel": "exp(-|x - y|^2 / (2 bandwidth^2))",
        "bandwidth": "the median Euclidean distance over the n(n-1)/2 pairs of different rows of x and y pooled",
        "biased": "means over all pairs, the diagonal included; 'unbiased' leaves the diagonals out",
        "energy_statistic": "over all pairs, diagonals included (they are 0)"},
        "gaussians": list(gaussians()), "samples": cases}


# Many p-values ---------------------------------------------------------------------------------------------------------

def holm(p):
    order, m, out, running = np.argsort(p, kind="stable"), len(p), np.zeros(len(p)), 0.0
    for rank, i in enumerate(order):
        running = max(running, (m - rank) * p[i])
        out[i] = min(running, 1.0)
    return out


def many():
    from statsmodels.stats.multitest import multipletests
    cases = []
    for p in ([0.01, 0.02, 0.03, 0.04, 0.05], [0.0001, 0.6, 0.012, 0.03, 0.03, 0.9, 0.004], [0.04], [1.0, 1.0], [0.5, 0.0, 0.2],
              np.round(np.random.default_rng(31).beta(0.5, 2, 9), 5)):
        p = np.asarray(p, float)
        ours = {"holm": holm(p), "benjamini_hochberg": stats.false_discovery_control(p, method="bh"),
                "benjamini_yekutieli": stats.false_discovery_control(p, method="by"), "bonferroni": np.minimum(1, len(p) * p)}
        for name, other in (("holm", "holm"), ("benjamini_hochberg", "fdr_bh"), ("benjamini_yekutieli", "fdr_by")):
            assert np.allclose(ours[name], multipletests(p, method=other)[1], atol=1e-12), name
        cases.append({"p": p, **ours})
    return {"cases": cases}


# Permutations of rows --------------------------------------------------------------------------------------------------

def permutations():
    """Scores of Q and of P; the statistic is the mean over Q of ranks, of scores, or the KS distance to the rest."""
    cases = []
    for q, p in (([0.9, 0.8, 0.7], [0.1, 0.2, 0.75, 0.3, 0.4, 0.5, 0.6]), ([1, 1, 0], [0, 0, 1, 0, 0, 0, 1]),
                 ([0.5, 0.5, 0.5], [0.5] * 6), ([0.2, 0.9, 0.4, 0.6], [0.1, 0.3, 0.5, 0.7, 0.8, 0.15, 0.25, 0.35])):
        pool = np.array(list(q) + list(p), float)
        n = len(q)
        cases.append({
            "q": q, "p": p, "mean": enumerated(pool, n, lambda rows: pool[rows].mean()),
            "ks": enumerated(pool, n, lambda rows: ks_distance(pool[rows], np.delete(pool, rows))),
            "largest": enumerated(pool, n, lambda rows: pool[rows].max())})
    # Of 0/1 scores the law of the count is hypergeometric: no enumeration needed.
    closed = []
    for ones_q, n_q, ones_p, n_p in ((8, 10, 20, 90), (3, 10, 20, 90), (0, 10, 20, 90), (25, 50, 30, 152)):
        law = stats.hypergeom(n_q + n_p, ones_q + ones_p, n_q)
        closed.append({"ones_q": ones_q, "rows_q": n_q, "ones_p": ones_p, "rows_p": n_p, "p": law.sf(ones_q - 1)})
    sampled = [{"as_large": k, "permutations": n, "p": (k + 1) / (n + 1)} for k, n in ((0, 999), (49, 999), (999, 999), (0, 19))]
    return {"enumerated": cases, "binary": closed, "sampled": sampled}


# Accuracy without labels -----------------------------------------------------------------------------------------------

def isotonic():
    from sklearn.isotonic import IsotonicRegression
    cases = []
    for name, x, y, w in (
            ("pools", [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [0, 1, 0, 0, 1, 1], None),
            ("ties in x are averaged first", [0.2, 0.2, 0.5, 0.5, 0.5, 0.9], [1, 0, 0, 1, 1, 1], None),
            ("all decreasing", [0.1, 0.4, 0.8], [1, 0.5, 0], None),
            ("weights", [0.1, 0.3, 0.6, 0.7], [0, 1, 0, 1], [1, 3, 1, 2]),
            ("unsorted, one label only", [0.9, 0.2, 0.4], [1, 1, 1], None),
            ("thirty rows", np.round(np.random.default_rng(41).uniform(size=30), 2),
             np.random.default_rng(42).integers(0, 2, 30), None)):
        fit = IsotonicRegression(out_of_bounds="clip", increasing=True, y_min=0, y_max=1).fit(x, y, sample_weight=w)
        at = [0.0, 0.15, 0.2, 0.33, 0.5, 0.77, 1.0]
        cases.append({"name": name, "x": x, "y": y, "weights": w, "fitted": fit.predict(x), "knots_x": fit.X_thresholds_,
                      "knots_y": fit.y_thresholds_, "at": at, "values": fit.predict(at)})
    return {"conventions": "least squares, increasing; rows of equal x become one row of their weighted mean; linear between "
                           "knots, constant beyond the outermost", "cases": cases}


def atc(confidence, right, new):
    """Average thresholded confidence: the threshold leaves as many reference rows below it as were wrong."""
    order, wrong = np.sort(confidence), int(len(right) - np.sum(right))
    threshold = order[wrong] if wrong < len(order) else np.inf
    return {"wrong": wrong, "threshold": threshold if np.isfinite(threshold) else None,
            "reference_at_or_above": float(np.mean(confidence >= threshold)), "estimate": float(np.mean(new >= threshold))}


def saerens(posterior, prior, rounds=1000):
    """The EM of Saerens, Latinne and Decaestecker (2002) for new class frequencies."""
    posterior, prior = np.asarray(posterior, float), np.asarray(prior, float)
    new = prior.copy()
    for _ in range(rounds):
        moved = posterior * (new / prior)
        moved /= moved.sum(1, keepdims=True)
        new = moved.mean(0)
    return new, moved


def dis2_bound(n_s, n_t, delta):
    return math.sqrt((n_s + 4 * n_t) * math.log(1 / delta) / (2 * n_s * n_t))


def cot(source_marginal, softmax):
    """EMD of one-hot predictions at the source's class frequencies and the softmax rows, cost |p - e|_1 / 2; 1 - it."""
    softmax = np.asarray(softmax)
    n, c = softmax.shape
    cost = 1 - softmax          # |p - e_y|_1 / 2 = 1 - p_y
    rows = np.kron(np.eye(n), np.ones(c))
    columns = np.kron(np.ones(n), np.eye(c))
    found = scipy.optimize.linprog(cost.ravel(), A_eq=np.vstack([rows, columns]),
                                   b_eq=np.concatenate([np.full(n, 1 / n), source_marginal]), method="highs")
    return float(found.fun)


def estimators():
    cases = {}
    p, y = np.array([0.9, 0.8, 0.3, 0.6]), np.array([1, 1, 0, 1])
    tp, fp = np.sum(np.where(y == 1, p, 0)), np.sum(np.where(y == 1, 1 - p, 0))
    fn, tn = np.sum(np.where(y == 0, p, 0)), np.sum(np.where(y == 0, 1 - p, 0))
    cases["cbpe"] = [{"calibrated": p, "predicted": y, "accuracy": np.where(y == 1, p, 1 - p).mean(), "tp": tp, "fp": fp,
                      "fn": fn, "tn": tn, "f1": 2 * tp / (2 * tp + fp + fn), "precision": tp / (tp + fp),
                      "recall": tp / (tp + fn), "specificity": tn / (tn + fp)}]
    # Three classes: the calibrated probability of the class that is predicted.
    rows = np.array([[0.7, 0.2, 0.1], [0.1, 0.5, 0.4], [0.3, 0.3, 0.4], [0.05, 0.05, 0.9]])
    cases["cbpe"].append({"calibrated": rows, "predicted": rows.argmax(1), "accuracy": rows.max(1).mean()})
    # Where the calibrated probability crosses 1/2 and the prediction does not: the estimate is below 1/2 for that row.
    cases["cbpe"].append({"calibrated": [0.45, 0.2, 0.7], "predicted": [1, 0, 1], "accuracy": (0.45 + 0.8 + 0.7) / 3})
    cases["average_confidence"] = [{"probabilities": rows, "estimate": rows.max(1).mean()}]
    found = []
    for confidence, right, new in (
            ([0.55, 0.6, 0.7, 0.8, 0.9], [0, 1, 0, 1, 1], [0.5, 0.65, 0.7, 0.71, 0.95, 0.99]),
            ([0.6, 0.6, 0.6, 0.9, 0.9], [0, 1, 1, 1, 1], [0.6, 0.6, 0.9, 0.5]),      # ties at the threshold
            ([0.6, 0.7, 0.8], [1, 1, 1], [0.5, 0.65, 0.9]),                         # none wrong
            ([0.6, 0.7, 0.8], [0, 0, 0], [0.5, 0.65, 0.9])):                        # all wrong
        found.append({"confidence": confidence, "right": right, "new": new,
                      **atc(np.array(confidence), np.array(right), np.array(new))})
    cases["atc"] = {"convention": "threshold = the sorted reference confidence number (count of wrong), counted from 0, so that "
                                  "rows >= it are right; none of them when all are wrong (null). With ties at the threshold the "
                                  "reference itself is not matched: reference_at_or_above says by how much", "cases": found}
    posterior = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.1, 0.9], [0.6, 0.4], [0.25, 0.75]])
    new, moved = saerens(posterior, [0.54, 0.46])
    cases["em_prior"] = [{"posterior": posterior, "prior": [0.54, 0.46], "new_prior": new, "moved": moved}]
    three = np.random.default_rng(51).dirichlet([1, 1, 1], 8).round(3)
    three[:, 2] = (1 - three[:, 0] - three[:, 1]).round(3)
    new, moved = saerens(three, [0.5, 0.3, 0.2], 20000)
    cases["em_prior"].append({"posterior": three, "prior": [0.5, 0.3, 0.2], "new_prior": new, "moved": moved})
    joint = np.array([[0.45, 0.10], [0.09, 0.36]])          # rows: predicted, columns: true
    target = np.array([0.3, 0.7])
    weights = np.linalg.solve(joint, target)
    cases["bbse"] = [{"joint_predicted_true": joint, "predicted_frequencies": target, "weights": weights,
                      "new_prior": weights * joint.sum(0)}]
    cases["dis2"] = [{"n_source": a, "n_target": b, "delta": d, "epsilon": dis2_bound(a, b, d)}
                     for a, b, d in ((120, 50, 0.01), (152, 20, 0.01), (1000, 1000, 0.05))]
    cases["cot"] = [{"source_marginal": m, "softmax": s, "distance": cot(m, s), "accuracy": 1 - cot(m, s)} for m, s in (
        ([0.5, 0.5], [[0.9, 0.1], [0.2, 0.8]]), ([0.5, 0.5], [[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.4, 0.6]]),
        ([0.5, 0.25, 0.25], rows.tolist()))]
    cases["disagreement"] = [{"first": [0, 1, 1, 0, 1], "second": [0, 1, 0, 0, 0], "estimate": 0.6}]
    return cases


def expected(probability, predicted, calibrated):
    """Accuracy, balanced accuracy and AUC if every row were positive with its calibrated probability."""
    a, b = calibrated, 1 - calibrated
    wins = (probability[:, None] > probability) + 0.5 * (probability[:, None] == probability)
    np.fill_diagonal(wins, 0)
    pairs = np.outer(a, b)
    np.fill_diagonal(pairs, 0)
    return {"accuracy": np.where(predicted == 1, a, b).mean(),
            "balanced_accuracy": (a[predicted == 1].sum() / a.sum() + b[predicted == 0].sum() / b.sum()) / 2,
            "auc": (wins * pairs).sum() / pairs.sum()}


def harm():
    """A logistic calibration of two numbers, fitted on the reference; what it says of a batch; the energy test of outputs."""
    from sklearn.linear_model import LogisticRegression
    cases = []
    for seed, n, m in ((71, 40, 12), (72, 60, 20)):
        rng = np.random.default_rng(seed)
        p = np.round(rng.beta(0.7, 0.8, n), 3).clip(0.001, 0.999)
        y = (rng.uniform(size=n) < 0.2 + 0.6 * p).astype(int)
        q = np.round(rng.beta(1.5, 1, m), 3).clip(0.001, 0.999)
        logit = np.log(p / (1 - p))
        fit = LogisticRegression(C=1.0, tol=1e-13, max_iter=10000, solver="newton-cg").fit(logit[:, None], y)
        slope, offset = float(fit.coef_[0, 0]), float(fit.intercept_[0])
        calibrated = [1 / (1 + np.exp(-slope * np.log(v / (1 - v)) - offset)) for v in (p, q)]
        right = (p >= 0.5) == y
        order = np.concatenate([logit, np.log(q / (1 - q))])
        between, within_p, within_q = (np.abs(a[:, None] - b).mean() for a, b in
                                       ((order[:n], order[n:]), (order[:n], order[:n]), (order[n:], order[n:])))
        cases.append({"reference": {"proba": p, "y": y}, "sample": q, "slope": slope, "offset": offset,
                      "calibrated_sample": calibrated[1],
                      "reference_realised": {"accuracy": right.mean(), "balanced_accuracy":
                                             (right[y == 1].mean() + right[y == 0].mean()) / 2,
                                             "auc": expected(p, p >= 0.5, y.astype(float))["auc"]},
                      "reference_expected": expected(p, (p >= 0.5).astype(int), calibrated[0]),
                      "sample_expected": expected(q, (q >= 0.5).astype(int), calibrated[1]),
                      "energy_statistic_of_logits": 2 * between - within_p - within_q})
    return {"conventions": {
        "calibration": "logistic in logit(proba), slope penalised by slope^2 / 2 added to the summed log loss, offset free",
        "balanced_accuracy": "expected true positives over expected positives, and so for negatives; their mean",
        "auc": "expected share of (positive, negative) pairs of different rows in order, ties half"}, "cases": cases}


def nannyml(folder):
    os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"       # it reports home otherwise
    try:
        import nannyml as reader
        import pandas
    except ImportError:
        print("nannyml is not installed: nannyml.json left as it is")
        return
    rng = np.random.default_rng(61)
    n, m = 300, 200
    x = rng.normal(size=n + m) + np.r_[np.zeros(n), np.full(m, 0.7)]
    y = (rng.uniform(size=n + m) < 1 / (1 + np.exp(-1.5 * x))).astype(int)
    proba = np.round(1 / (1 + np.exp(-2.5 * x + 0.5)), 4)           # over-confident and shifted: calibration has work to do
    frame = pandas.DataFrame({"y": y, "predicted": (proba >= 0.5).astype(int), "proba": proba})
    cases = []
    for size in (50, 100):
        estimator = reader.CBPE(problem_type="classification_binary", y_true="y", y_pred="predicted", y_pred_proba="proba",
                                metrics=["accuracy", "f1", "roc_auc"], chunk_size=size)
        estimator.fit(frame[:n])
        found = estimator.estimate(frame[n:].drop(columns="y")).filter(period="analysis").to_df()
        cases.append({"chunk_size": size, **{k: [float(v) for v in found[(k, "value")]] for k in ("accuracy", "f1", "roc_auc")},
                      "sampling_error": [float(v) for v in found[("accuracy", "sampling_error")]],
                      "thresholds": {k: [float(v) for v in found[("accuracy", k)]]
                                     for k in ("upper_threshold", "lower_threshold")}})
        calibrated = estimator.calibrator.calibrate(frame["proba"][n:].to_numpy()) if estimator.needs_calibration else None
        cases[-1]["needs_calibration"] = bool(estimator.needs_calibration)
        cases[-1]["calibrated"] = None if calibrated is None else np.asarray(calibrated, float)
    write(folder, "nannyml.json", {
        "reference": {"y": y[:n], "proba": proba[:n]}, "analysis": {"y": y[n:], "proba": proba[n:]}, "threshold": 0.5,
        "cases": cases}, nannyml=reader.__version__)


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HOUSE
    folder.mkdir(parents=True, exist_ok=True)
    if "--nannyml-only" not in sys.argv:
        import sklearn
        import statsmodels
        write(folder, "two_samples.json", two_samples())
        write(folder, "counts.json", counts())
        write(folder, "clouds.json", clouds())
        write(folder, "many.json", many(), statsmodels=statsmodels.__version__)
        write(folder, "permutations.json", permutations())
        write(folder, "isotonic.json", isotonic(), sklearn=sklearn.__version__)
        write(folder, "estimators.json", estimators())
        write(folder, "harm.json", harm(), sklearn=sklearn.__version__)
    nannyml(folder)


if __name__ == "__main__":
    main()
