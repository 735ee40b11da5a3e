import Foundation

@testable import Tensors

/// Attention from its definition, a head after the other.
extension ReferenceBackend {
    func attention(
        _ q: StridedArray, _ k: StridedArray, _ v: StridedArray, bias: StridedArray?, scale: Double, isCausal: Bool
    ) -> [StridedArray] {
        let heads = Heads(q, k, v, bias, scale: scale, isCausal: isCausal)
        let shape = Shape(q.shape.array.dropLast() + [heads.e])
        var values: [Double] = []
        for head in 0..<heads.count {
            for weights in heads.weights(head) {
                for column in 0..<heads.e { values.append(heads.mean(of: column, head, weights)) }
            }
        }
        // The gradients need nothing kept here: their two statistics are found again.
        return [made(values, shape, q), made([], [0], q), made([], [0], q)]
    }

    func attentionGradients(
        _ q: StridedArray, _ k: StridedArray, _ v: StridedArray, bias: StridedArray?, scale: Double, isCausal: Bool,
        saved: [StridedArray], g: StridedArray
    ) -> [StridedArray] {
        let heads = Heads(q, k, v, bias, scale: scale, isCausal: isCausal), cotangents = g.values
        let (t, s, d, e) = (heads.t, heads.s, heads.d, heads.e)
        var (dq, dk, dv) = (heads.q.map { _ in 0.0 }, heads.k.map { _ in 0.0 }, heads.v.map { _ in 0.0 })
        for head in 0..<heads.count {
            for (query, weights) in heads.weights(head).enumerated() {
                let row = head * t + query
                let slopes = (0..<s).map { key in
                    (0..<e).reduce(0) { $0 + cotangents[row * e + $1] * heads.v[(head * s + key) * e + $1] }
                }
                let mean = (0..<s).reduce(0) { $0 + weights[$1] * slopes[$1] }
                for key in 0..<s {
                    let other = head * s + key
                    let inner = weights[key] * (slopes[key] - mean) * scale
                    for place in 0..<d {
                        dq[row * d + place] += inner * heads.k[other * d + place]
                        dk[other * d + place] += inner * heads.q[row * d + place]
                    }
                    for place in 0..<e { dv[other * e + place] += weights[key] * cotangents[row * e + place] }
                }
            }
        }
        return [made(dq, q.shape, q), made(dk, k.shape, k), made(dv, v.shape, v)]
    }
}

/// Queries, keys and values of all heads.
private struct Heads {
    let q, k, v: [Double]
    let bias: [Double]?
    let count, t, s, d, e: Int
    let scale: Double
    let isCausal: Bool

    init(
        _ q: StridedArray, _ k: StridedArray, _ v: StridedArray, _ bias: StridedArray?, scale: Double, isCausal: Bool
    ) {
        let rank = q.shape.count
        (t, s, d, e) = (q.shape[rank - 2], k.shape[rank - 2], q.shape[rank - 1], v.shape[rank - 1])
        count = q.shape.dropLast(2).reduce(1, *)
        let lead = q.shape.array.dropLast(2)
        self.bias = bias?.broadcast(to: Shape(lead + [t, s])).values
        (self.q, self.k, self.v) = (q.values, k.values, v.values)
        (self.scale, self.isCausal) = (scale, isCausal)
    }

    /// The weighted mean of one column of a head's values.
    func mean(of column: Int, _ head: Int, _ weights: [Double]) -> Double {
        var sum = 0.0
        for key in 0..<s { sum += weights[key] * v[(head * s + key) * e + column] }
        return sum
    }

    /// softmax(scale q k' + bias) of one head, a row a query; zeros where a query sees no key.
    func weights(_ head: Int) -> [[Double]] {
        (0..<t).map { query in
            let row = head * t + query
            let scores = (0..<s).map { key in
                let product = (0..<d).reduce(0) { $0 + q[row * d + $1] * k[(head * s + key) * d + $1] }
                let added = bias?[row * s + key] ?? 0
                return isCausal && key > query || added <= Tensor.maskedScore
                    ? -Double.infinity : scale * product + added
            }
            let top = scores.max() ?? 0
            let parts = scores.map { top == -.infinity ? 0 : exp($0 - top) }
            let sum = parts.reduce(0, +)
            return parts.map { sum == 0 ? 0 : $0 / sum }
        }
    }
}
