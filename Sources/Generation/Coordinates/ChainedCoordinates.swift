import Networks
import Tensors

/// Coordinates of coordinates: codes of one part are the weights of the next.
public struct ChainedCoordinates: StoredCoordinates {
    /// The parts, the one that sees the weights first.
    public let parts: [any Coordinates]

    /// Of the last part.
    public var dimension: Int { parts[parts.count - 1].dimension }
    /// Of the first part.
    public var parameterCount: Int { parts[0].parameterCount }

    /// Chains the parts; traps unless there is one and each takes codes of its predecessor's length.
    public init(_ parts: [any Coordinates]) {
        precondition(
            !parts.isEmpty && zip(parts, parts.dropFirst()).allSatisfy { $0.dimension == $1.parameterCount },
            "ChainedCoordinates: \(parts.map { "\($0.parameterCount) to \($0.dimension)" })")
        self.parts = parts
    }

    /// Weights [N, D] to codes [N, K], in order.
    public func encode(_ weights: Tensor) -> Tensor { parts.reduce(weights) { $1.encode($0) } }

    /// Codes [N, K] to weights [N, D], in reverse.
    public func decode(_ codes: Tensor) -> Tensor { parts.reversed().reduce(codes) { $1.decode($0) } }

    /// The tensors of all parts that have any, named `0/...`, `1/...` by part.
    public var tensors: [NamedTensor] {
        parts.enumerated().flatMap { index, part in
            let tensors = (part as? any StoredCoordinates)?.tensors ?? []
            return tensors.map { NamedTensor("\(index)/\($0.name)", $0.value) }
        }
    }

    /// The tensors of one part, under its own names, from recorded ones.
    public static func tensors(ofPart index: Int, in tensors: [NamedTensor]) -> [NamedTensor] {
        let prefix = "\(index)/"
        return tensors.filter { $0.name.hasPrefix(prefix) }.map {
            NamedTensor(String($0.name.dropFirst(prefix.count)), $0.value)
        }
    }
}
