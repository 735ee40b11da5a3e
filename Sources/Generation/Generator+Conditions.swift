import Basics
import Tensors

extension Generator {
    /// What can be asked of it; nil where nothing can.
    public var conditions: ConditionFacts? { conditional?.encoder.facts }

    /// The net with its encoder, whether or not it is bound to a condition.
    private var conditional: ConditionalNet? {
        let own = (net as? AutoguidedNet)?.base ?? net
        return own as? ConditionalNet ?? (own as? GuidedNet)?.net
    }

    /// The generator of networks that meet a condition: v = v_u + g (v_c - v_u), g = 1 the conditional velocity and g = 0
    /// the unconditional (`GuidedNet`); away from what an earlier step would say of the same condition, where the generator
    /// was autoguided. An ordinary generator, for all that takes one.
    ///
    /// - guidance: g; nil is that of the description (`sampling.guidance`).
    ///
    /// Throws `DataError` where the generator has no conditions, where the condition asks for what it has not learned
    /// (`ConditionFacts.check`), and for a guidance that is not finite.
    public func asked(_ condition: Condition, guidance: Double? = nil) throws -> Generator {
        guard let conditional else {
            throw DataError(
                .malformed, path: "condition", problem: "the generator has no conditions",
                hint: "its run was trained with conditions of kind none; generate without one")
        }
        try conditional.encoder.facts.check(condition)
        let scale = guidance ?? self.guidance
        guard scale.isFinite else {
            throw DataError(.malformed, path: "guidance", expected: "a finite number", found: "\(scale)")
        }
        func bound(_ weights: Tensor) -> GuidedNet {
            GuidedNet(conditional, weights, asking: condition, guidance: scale)
        }
        let own = bound(parameters)
        let guided = (net as? AutoguidedNet).map {
            AutoguidedNet(own, early: $0.early, weight: $0.weight, younger: bound($0.early))
        }
        return Generator(
            coordinates: coordinates, net: guided ?? own, parameters: parameters, source: source, sampler: sampler,
            guidance: scale)
    }

    /// Samples `range` of a seed that meet a condition: codes [count, K] and weights [count, D]; sample i depends on
    /// (seed, i) and the condition alone, and starts where the unconditional sample i does. Throws where `asked` does.
    public func sample(
        _ range: Range<Int>, seed: UInt64, condition: Condition, guidance: Double? = nil
    ) throws -> (codes: Tensor, weights: Tensor) {
        try asked(condition, guidance: guidance).sample(range, seed: seed)
    }
}
