import Tensors

extension Loss {
    /// Mean over samples of KL(t || q) = sum_c t_c (log t_c - log q_c).
    ///
    /// - logProbabilities: log q, [..., B, C] (of logits: `logits.logSoftmax()`); targets: probabilities t, [..., B, C]
    ///   or [B, C], terms with t = 0 being 0; returns [...]. PyTorch's kl_div with reduction "batchmean".
    public static func klDivergence(_ logProbabilities: Tensor, targets: Tensor) -> Tensor {
        let absent = targets.isEqual(to: .zeros([], precision: targets.precision))
        return meanOfSums(targets * (log(targets, except: absent) - logProbabilities))
    }

    /// The same with targets given as log t: PyTorch's `log_target=True`.
    public static func klDivergence(_ logProbabilities: Tensor, logTargets: Tensor) -> Tensor {
        meanOfSums(logTargets.exp() * (logTargets - logProbabilities))
    }

    /// Mean over samples of KL(N(mean, diag e^logVariance) || N(0, I)) = -1/2 sum_d (1 + l_d - m_d^2 - e^l_d).
    ///
    /// - mean, logVariance: [..., B, D]; returns [...]. Reference: Kingma & Welling, 2014, appendix B.
    public static func klDivergenceFromStandardNormal(mean: Tensor, logVariance: Tensor) -> Tensor {
        meanOfSums((mean.square() + logVariance.exp() - logVariance).scaled(by: 0.5, plus: -0.5))
    }
}
