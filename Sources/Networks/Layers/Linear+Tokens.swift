import Tensors

/// x W' + b for every token of a sequence, as one tall product a network.
///
/// - x: [..., T, in] beside weight [out, in]; [B, T, in] (shared) or [P, B, T, in] beside a population's [P, out, in].
/// - bias: [out] or [P, out]; returns [..., T, out], with P in front for a population.
func linearOfTokens(_ x: Tensor, weight: Tensor, bias: Tensor) -> Tensor {
    let lead = x.shape.array.dropLast(), population = weight.rank == 3 ? [weight.shape[0]] : []
    precondition(
        weight.rank <= 3 && (weight.rank == 2 || lead.count == 2 || (lead.count == 3 && lead[0] == population[0])),
        "linear: tokens \(x.shape), weight \(weight.shape)")
    let batch = lead.count == 3 && weight.rank == 3 ? Array(lead.dropFirst()) : Array(lead)
    let own = lead.count == batch.count ? [] : population
    let rows = x.reshaped(Shape(own + [batch.reduce(1, *), x.shape[x.rank - 1]]))
    let result = linear(rows, weight: weight, bias: bias)
    return result.reshaped(Shape(population + batch + [weight.shape[weight.rank - 2]]))
}

extension Linear {
    /// The same for every token of a sequence, as one tall product a network.
    ///
    /// - x: [..., T, in] for one network; [B, T, in] (shared) or [P, B, T, in] for a population.
    public func tokens(_ parameters: Parameters, _ x: Tensor) -> Tensor {
        linearOfTokens(x, weight: parameters[weight], bias: offsets(parameters))
    }
}
