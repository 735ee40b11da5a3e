"""Losses: means over the batch unless options say otherwise."""
import torch
import torch.nn.functional as F

from .common import Draw, case, rounded


def nt_xent(z, temperature):
    """Normalised temperature-scaled cross-entropy: rows i and i + n of z [2n, d] are the two views of one sample."""
    z = F.normalize(z, dim=-1)
    similarity = z @ z.T / temperature
    similarity = similarity.masked_fill(torch.eye(len(z), dtype=torch.bool), float("-inf"))
    partner = torch.arange(len(z)).roll(len(z) // 2)
    return F.cross_entropy(similarity, partner)


def classification():
    draw = Draw("cross-entropy")
    logits, labels = draw.normal(4, 3, scale=2), torch.tensor([2, 0, 1, 1])
    soft = rounded(draw.normal(4, 3).softmax(-1))
    hard = {"input": logits, "target": labels}
    cases = [case(f"cross-entropy {name}", lambda input, target, o=o: F.cross_entropy(input, target, **o), inputs, o)
             for name, inputs, o in (
                 ("labels", hard, {}), ("label smoothing", hard, {"label_smoothing": 0.1}),
                 ("sum", hard, {"reduction": "sum"}), ("each sample", hard, {"reduction": "none"}),
                 ("soft targets", {"input": logits, "target": soft}, {}),
                 ("large logits", {"input": rounded(logits * 200), "target": labels}, {}))]
    return cases


def regression():
    draw = Draw("regression")
    pair = {"input": draw.normal(3, 4), "target": draw.normal(3, 4)}
    binary = {"input": draw.normal(3, 4, scale=3), "target": rounded(draw.uniform(3, 4).round())}
    probabilities = {"input": draw.uniform(3, 4, low=0.05, high=0.95), "target": draw.uniform(3, 4)}
    gaussian = {**pair, "var": draw.uniform(3, 4, low=0.2, high=2)}
    logs = {"input": rounded(draw.normal(3, 4).log_softmax(-1)), "target": rounded(draw.normal(3, 4).softmax(-1))}
    return [
        case("mse", F.mse_loss, pair), case("mae", F.l1_loss, pair),
        case("bce with logits", F.binary_cross_entropy_with_logits, binary),
        case("bce of probabilities", F.binary_cross_entropy, probabilities),
        case("gaussian nll", lambda input, target, var: F.gaussian_nll_loss(input, target, var), gaussian,
             {"full": False, "eps": 1e-6}),
        case("gaussian nll full", lambda input, target, var: F.gaussian_nll_loss(input, target, var, full=True), gaussian,
             {"full": True, "eps": 1e-6}),
        case("kl divergence", lambda input, target: F.kl_div(input, target, reduction="batchmean"), logs,
             {"input": "log probabilities", "target": "probabilities", "reduction": "batchmean"}),
    ]


def losses():
    contrastive = [case(f"nt-xent {t}", lambda z, t=t: nt_xent(z, t), {"z": Draw("nt-xent").normal(6, 4)}, {"temperature": t})
                   for t in (0.1, 0.5)]
    return classification() + regression() + contrastive
