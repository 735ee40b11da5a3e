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
                 ("soft targets, label smoothing", {"input": logits, "target": soft}, {"label_smoothing": 0.2}),
                 ("large logits", {"input": rounded(logits * 200), "target": labels}, {}))]
    return cases


def regression():
    draw = Draw("regression")
    pair = {"input": draw.normal(3, 4), "target": draw.normal(3, 4)}
    binary = {"input": draw.normal(3, 4, scale=3), "target": rounded(draw.uniform(3, 4).round())}
    probabilities = {"input": draw.uniform(3, 4, low=0.05, high=0.95), "target": draw.uniform(3, 4)}
    gaussian = {**pair, "var": draw.uniform(3, 4, low=0.2, high=2)}
    logs = {"input": rounded(draw.normal(3, 4).log_softmax(-1)), "target": rounded(draw.normal(3, 4).softmax(-1))}
    extreme = {"input": rounded(torch.tensor([[-200, -30, 0, 30, 200]] * 2)),
               "target": rounded(torch.tensor([[0, 0, 0, 0, 0], [1, 1, 1, 1, 1]]))}
    certain = {"input": rounded(torch.tensor([[0, 0, 1, 1, 0.5]])), "target": rounded(torch.tensor([[0, 1, 0, 1, 0.3]]))}
    narrow = {**gaussian, "var": rounded(gaussian["var"] * 0.5)}
    codes = {"mean": draw.normal(3, 4), "logvar": draw.normal(3, 4)}
    return [
        case("bce with logits, at 0 and far out", F.binary_cross_entropy_with_logits, extreme),
        case("bce of certain probabilities", F.binary_cross_entropy, certain, differentiate=False),
        case("gaussian nll, variances below eps",
             lambda input, target, var: F.gaussian_nll_loss(input, target, var, eps=0.5), narrow, {"full": False, "eps": 0.5}),
        case("kl divergence of log targets", lambda input, target: F.kl_div(
            input, target.log_softmax(-1), reduction="batchmean", log_target=True), {"input": logs["input"], "target": draw.normal(3, 4)},
             {"input": "log probabilities", "target": "logits", "reduction": "batchmean"}),
        case("kl divergence of a gaussian code", lambda mean, logvar: torch.distributions.kl_divergence(
            torch.distributions.Normal(mean, (0.5 * logvar).exp()), torch.distributions.Normal(0.0, 1.0)).sum(-1).mean(), codes),
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
