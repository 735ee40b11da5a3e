import Basics
import Tensors

/// A tensor with the name that a checkpoint knows it by.
public struct NamedTensor: Sendable {
    /// The name, unique among its neighbours.
    public let name: String
    /// The numbers.
    public let value: Tensor

    /// Names a tensor.
    public init(_ name: String, _ value: Tensor) {
        self.name = name
        self.value = value
    }
}

extension [NamedTensor] {
    /// These tensors in the order of `expected`; throws unless names, shapes and precisions are the same.
    func inOrder(of expected: [NamedTensor]) throws -> [Tensor] {
        func text(_ list: [NamedTensor]) -> String {
            list.map { "\($0.name) \($0.value.shape) \($0.value.precision)" }.joined(separator: ", ")
        }
        let found = expected.compactMap { wanted in
            first { $0.name == wanted.name && $0.value.shape == wanted.value.shape }?.value
        }
        guard count == expected.count, found.count == count,
            zip(found, expected).allSatisfy({ $0.precision == $1.value.precision })
        else {
            throw DataError(
                .malformed, path: "optimizer", expected: expected.isEmpty ? "no state" : text(expected),
                found: isEmpty ? "no state" : text(self), hint: "was it recorded with other settings?")
        }
        return found
    }
}
