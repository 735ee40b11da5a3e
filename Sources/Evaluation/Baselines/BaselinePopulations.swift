import Tensors

/// Populations made from a zoo's rows by trivial means.
///
/// Member i depends on the zoo, the seed and i alone, not on how many are made or by how many threads.
public struct BaselinePopulations: Sendable {
    /// Aligned training networks, [N, D].
    public let zoo: Tensor
    /// The seed of all draws.
    public let seed: UInt64

    /// Makes baselines from aligned rows [N, D], N >= 1.
    public init(zoo: Tensor, seed: UInt64) {
        precondition(zoo.rank == 2 && zoo.shape[0] >= 1, "BaselinePopulations: zoo \(zoo.shape)")
        self.zoo = zoo.detached
        self.seed = seed
    }

    /// Zoo network i mod N plus sigma times a standard normal vector, [count, D].
    ///
    /// The vectors do not depend on sigma, so that noise levels compare draw by draw.
    public func noise(sigma: Double, count: Int) -> Tensor {
        members(count) { index in
            var stream = stream("noise", index)
            return row(index % zoo.shape[0]) + stream.normal([zoo.shape[1]]) * sigma
        }
    }

    /// Means of k distinct zoo networks, drawn without regard to the other members, [count, D].
    ///
    /// Traps unless 1 <= k <= N.
    public func averages(of k: Int, count: Int) -> Tensor {
        precondition(k >= 1 && k <= zoo.shape[0], "averages: \(k) of \(zoo.shape[0]) networks")
        return members(count) { index in
            var stream = stream("average-\(k)", index)
            let drawn = stream.permutation(zoo.shape[0]).prefix(k)
            let sum = drawn.dropFirst().reduce(row(drawn[0])) { $0 + row($1) }
            return sum / Double(k)
        }
    }

    /// The zoo networks at `indices`, [indices.count, D].
    public func retrieved(_ indices: [Int]) -> Tensor { zoo.gathered(axis: 0, indices.map(Int32.init)) }

    func stream(_ purpose: String, _ index: Int) -> RandomStream {
        RandomStream(seed: seed, purpose: "baseline.\(purpose)", index: UInt64(index))
    }

    private func row(_ index: Int) -> Tensor { zoo.selected(axis: 0, index) }

    private func members(_ count: Int, _ member: (Int) -> Tensor) -> Tensor {
        Self.stack((0..<count).map(member), width: zoo.shape[1])
    }

    /// Vectors [width] as rows [n, width].
    static func stack(_ rows: [Tensor], width: Int) -> Tensor {
        guard !rows.isEmpty else { return .zeros([0, width]) }
        return .concatenate(rows.map { $0.reshaped([1, width]) }, axis: 0)
    }
}
