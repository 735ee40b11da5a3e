import Basics
import Networks
import Tensors

/// Training codes plus noise: x_0 = z_i + std eps, i uniform over the members, eps ~ N(0, I).
///
/// With a std of zero, a flow from networks to networks.
public struct PerturbedSource: Source {
    /// The members, [N, K].
    public let members: Tensor
    /// Standard deviation of the noise on every element of a code.
    public let std: Double

    /// K.
    public var dimension: Int { members.shape[1] }
    /// The members.
    public var tensors: [NamedTensor] { [NamedTensor("source_members", members)] }

    /// Describes the source; traps unless members are [N, K] with N > 0 and std >= 0.
    public init(members: Tensor, std: Double) {
        precondition(
            members.rank == 2 && members.shape[0] > 0 && std >= 0, "perturbed source: \(members.shape), std \(std)")
        self.members = members
        self.std = std
    }

    /// Draws codes [count, K].
    public func sample(_ count: Int, _ stream: inout RandomStream) -> Tensor {
        let rows = (0..<count).map { _ in Int32(stream.integer(below: members.shape[0])) }
        return members.gathered(axis: 0, rows) + stream.normal([count, dimension]) * std
    }
}

extension PerturbedSource {
    /// How far from a training network.
    public struct Config: SourceConfig {
        /// Standard deviation of the noise in codes.
        public var std = 0.1

        /// A tenth of a standardised code's spread.
        public init() {}

        /// What can be set.
        public static let keys = [
            ConfigKey("std", .number(atLeast: 0), "Standard deviation of the noise on a training network's codes")
        ]

        /// The networks' codes.
        public func fit(_ weights: Tensor, in space: CodeSpace) throws -> any Source {
            PerturbedSource(members: space.coordinates.encode(weights), std: std)
        }

        /// The members, [N, K].
        public func read(_ tensors: [NamedTensor], in space: CodeSpace) throws -> any Source {
            let dimension = space.coordinates.dimension
            let members = try space.find("source_members", in: tensors) {
                $0.rank == 2 && $0.shape[0] > 0 && $0.shape[1] == dimension
            }
            return PerturbedSource(members: members, std: std)
        }

        /// The kind in a few words.
        public func summary(std: String) -> String { "training networks plus noise" }
    }
}
