extension AdamW: Optimizer {
    /// Both moments.
    public var state: [NamedTensor] {
        [NamedTensor("first_moment", moments.first), NamedTensor("second_moment", moments.second)]
    }

    /// Goes on from recorded moments after `step` steps.
    public mutating func restore(step: Int, state: [NamedTensor]) throws {
        let found = try state.inOrder(of: self.state)
        self = AdamW(
            step: step, firstMoment: found[0], secondMoment: found[1], betas: betas, epsilon: epsilon, decay: decay)
    }
}
