import Tensors

/// An affine layer y = x W' + b that holds no weights: it knows where they lie.
public struct Linear: Sendable {
    /// [out, in].
    public let weight: Slot
    /// [out], or nil for a layer without.
    public let bias: Slot?

    /// Declares `name.weight` and, unless `bias` is false, `name.bias`.
    ///
    /// `inputGroup` and `outputGroup` name the symmetry groups of the axes; each unit of the inputs' group may be a
    /// block of `inputBlock` features (a flattened channel). `isNormalized` says that a normalisation layer follows,
    /// which undoes scales of the outputs.
    public init(
        _ name: String, in inputs: Int, out outputs: Int, bias hasBias: Bool = true,
        layout: inout ParameterLayout.Builder, inputGroup: Int? = nil, outputGroup: Int? = nil, inputBlock: Int = 1,
        isNormalized: Bool = false
    ) {
        let own = GroupAction(isNormalized ? .unscaled : .incoming)
        weight = layout.addSlot(
            "\(name).weight", shape: [outputs, inputs], role: .weight, axes: [outputGroup, inputGroup],
            actions: [0: own, 1: GroupAction(.outgoing, block: inputBlock)])
        bias =
            hasBias
            ? layout.addSlot("\(name).bias", shape: [outputs], role: .bias, axes: [outputGroup], actions: [0: own])
            : nil
    }

    /// The bias, or zeros in its place: [out], or [P, out] for a population with a bias.
    public func offsets(_ parameters: Parameters) -> Tensor {
        bias.map { parameters[$0] } ?? .zeros([weight.shape[0]], precision: parameters.flat.precision)
    }

    /// - x: [B, in] shared, or [P, B, in]; returns [B, out], or [P, B, out] for a population.
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor) -> Tensor {
        parameters.note(x, of: weight)
        return linear(x, weight: parameters[weight], bias: offsets(parameters))
    }

    /// The same in a pass, whose observer sees it.
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        let output = self(parameters, x)
        pass.observer?.layer(weight, input: x, output: output)
        return output
    }
}

/// x W' + b for every token of a sequence, as one tall product a network.
///
/// - x: [..., T, in] for a weight [out, in]; [B, T, in] (shared) or [P, B, T, in] for a population's [P, out, in].
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
        parameters.note(x, of: weight)
        return linearOfTokens(x, weight: parameters[weight], bias: offsets(parameters))
    }
}
