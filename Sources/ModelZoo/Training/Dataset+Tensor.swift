import Tensors

extension Dataset {
    /// The inputs as a tensor [n, features]; a copy, so keep it.
    public var tensor: Tensor { Tensor(inputs, shape: [count, featureCount]) }
}
