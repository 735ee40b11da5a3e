import Tensors

/// Networks to be judged together: the zoo, held-out ones, generated ones, or a baseline.
struct Population {
    /// As in `Summary.Row.what`.
    let what: String
    /// The same for people.
    let label: String
    /// Weights, [P, D], as the networks will be used.
    let weights: Tensor
    /// The networks' own running statistics, [P, bufferCount]; nil where there are none, or where they are to be
    /// recomputed.
    var buffers: Tensor?
    /// Codes, [P, K], where the population was made in code space.
    var codes: Tensor?
    /// Networks that could not be kept because a number was not finite: they count as never right.
    var notFinite = 0
}
