import Basics
import Networks
import Tensors

/// Which start belongs to which code of a minibatch. Every start and every code is used exactly once.
///
/// Source: Tong et al., Improving and generalizing flow-based generative models with minibatch optimal transport, 2023
/// (OT-CFM, SB-CFM). Their code draws pairs from the plan with replacement; a matching loses no sample and lets
/// conditions stay with their codes.
public enum Coupling: ConfigChoice {
    /// As they were drawn.
    case independent
    /// The matching of least total squared distance, exact (`LinearAssignment`).
    case optimalTransport
    /// A random matching whose pairs have exactly the probabilities of an entropic transport plan.
    case sinkhorn(Sinkhorn)

    /// The row of `starts` [B, K] that belongs to each row of `codes` [B, K].
    ///
    /// - groups: a label a row, such as its condition; starts are exchanged only within a label. nil: one group.
    public func matching(
        _ starts: Tensor, to codes: Tensor, groups: [Int]? = nil, _ stream: inout RandomStream
    ) -> [Int32] {
        let count = codes.shape[0]
        precondition(
            starts.rank == 2 && starts.shape == codes.shape && (groups ?? []).count == (groups == nil ? 0 : count),
            "coupling: starts \(starts.shape), codes \(codes.shape), \(String(describing: groups?.count)) labels")
        var order = (0..<count).map { Int32($0) }
        if self == .independent { return order }
        for rows in Self.members(groups ?? Array(repeating: 0, count: count)) {
            let (from, to) = (starts.gathered(axis: 0, rows), codes.gathered(axis: 0, rows))
            for (row, partner) in zip(rows, partners(Self.squaredDistances(to, from), &stream)) {
                order[Int(row)] = rows[partner]
            }
        }
        return order
    }

    /// The column of each row of costs [n, n].
    private func partners(_ cost: Tensor, _ stream: inout RandomStream) -> [Int] {
        let count = cost.shape[0]
        switch self {
        case .independent: return Array(0..<count)
        case .optimalTransport: return LinearAssignment.solve(cost.doubles, count: count)
        case .sinkhorn(let sinkhorn): return DependentRounding.matching(sinkhorn.plan(cost).matrix, &stream)
        }
    }

    /// Rows of each label, labels in the order in which they appear.
    private static func members(_ labels: [Int]) -> [[Int32]] {
        var place: [Int: Int] = [:]
        var rows: [[Int32]] = []
        for (row, label) in labels.enumerated() {
            if let index = place[label] {
                rows[index].append(Int32(row))
            } else {
                place[label] = rows.count
                rows.append([Int32(row)])
            }
        }
        return rows
    }

    /// |a_i - b_j|^2, [n, m] in double precision, of rows a [n, K] and b [m, K].
    static func squaredDistances(_ a: Tensor, _ b: Tensor) -> Tensor {
        // A common shift leaves distances alone and keeps the cancellation small.
        let (a, b) = (a.converted(to: .double), b.converted(to: .double))
        let center = a.mean(axes: [0], keepingDims: true)
        let (p, q) = (a - center, b - center)
        let squares = p.square().sum(axes: [1], keepingDims: true) + q.square().sum(axes: [1]).reshaped([1, -1])
        return (squares - matmul(p, q, transposeB: true) * 2).relu()
    }
}

extension Coupling {
    /// The kinds of `coupling:`, independent first.
    public static let standard: ConfigKinds<Coupling> = [
        ConfigKind(
            "independent", NoSettings.self, "starts and codes as they were drawn", { _ in .independent },
            settings: { $0 == .independent ? NoSettings() : nil }),
        ConfigKind(
            "optimal-transport", NoSettings.self, "the minibatch's matching of least squared distance",
            { _ in .optimalTransport }, settings: { $0 == .optimalTransport ? NoSettings() : nil }),
        ConfigKind(
            "sinkhorn", Sinkhorn.self, "a random matching after the minibatch's entropic transport plan",
            Coupling.sinkhorn
        ) {
            guard case .sinkhorn(let sinkhorn) = $0 else { return nil }
            return sinkhorn
        },
    ]

    /// The coupling of the ends of a path: what an entropic plan leaves open follows from it.
    public func along(_ path: Path) -> Coupling {
        switch self {
        case .independent, .optimalTransport: self
        case .sinkhorn(let sinkhorn): .sinkhorn(sinkhorn.along(path))
        }
    }
}
