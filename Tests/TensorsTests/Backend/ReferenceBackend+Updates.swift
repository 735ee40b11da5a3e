@testable import Tensors

/// In-place updates and the eigensolver, from their definitions.
extension ReferenceBackend {
    func scale(_ target: StridedArray, by factor: Double, adding x: StridedArray, times weight: Double) {
        target.write(Swift.zip(target.values, x.values).map { factor * $0 + weight * $1 })
    }

    func stepAdamW(
        _ parameters: StridedArray, firstMoment: StridedArray, secondMoment: StridedArray,
        along gradient: [SlotGradient], _ step: AdamWStep
    ) {
        let flat = whole(gradient, like: parameters)
        var (p, m, v) = (parameters.values, firstMoment.values, secondMoment.values)
        for (place, g) in flat.enumerated() {
            p[place] -= step.rate * step.decay * p[place]
            m[place] = step.beta1 * m[place] + (1 - step.beta1) * g
            v[place] = step.beta2 * v[place] + (1 - step.beta2) * g * g
            let deviation = (v[place] / step.correction2).squareRoot() + step.epsilon
            p[place] -= step.rate / step.correction1 * m[place] / deviation
        }
        parameters.write(p)
        firstMoment.write(m)
        secondMoment.write(v)
    }

    /// The gradient of all slots as one flat list.
    private func whole(_ gradient: [SlotGradient], like flat: StridedArray) -> [Double] {
        let length = flat.shape[flat.shape.count - 1]
        var result = [Double](repeating: 0, count: flat.count)
        for part in gradient {
            let values: [Double]
            switch part.value {
            case .zero: continue
            case .dense(let g): values = g.values
            case .product(let g, let x): values = matmul(g.matrix(transposed: true), x, bias: nil).values
            }
            let size = part.slot.shape.elementCount
            for (index, value) in values.enumerated() {
                result[index / size * length + part.slot.offset + index % size] = value
            }
        }
        return result
    }

    /// Jacobi's rotations, one pair of rows after the other, until nothing is left beside the diagonal.
    func symmetricEigen(_ matrix: StridedArray) -> (values: [Double], vectors: StridedArray)? {
        let n = matrix.shape[0]
        var a = matrix.values
        var vectors = (0..<(n * n)).map { $0 / max(n, 1) == $0 % max(n, 1) ? 1.0 : 0 }
        for _ in 0..<60 {
            for p in 0..<n {
                for q in (p + 1)..<max(n, p + 1) where a[p * n + q] != 0 {
                    let theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q])
                    let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
                    let cosine = 1 / (t * t + 1).squareRoot(), sine = t / (t * t + 1).squareRoot()
                    func rotate(_ list: inout [Double], _ i: Int, _ j: Int) {
                        (list[i], list[j]) = (cosine * list[i] - sine * list[j], sine * list[i] + cosine * list[j])
                    }
                    for k in 0..<n { rotate(&a, k * n + p, k * n + q) }
                    for k in 0..<n { rotate(&a, p * n + k, q * n + k) }
                    for k in 0..<n { rotate(&vectors, p * n + k, q * n + k) }
                }
            }
        }
        let order = (0..<n).sorted { a[$0 * n + $0] < a[$1 * n + $1] }
        let rows = order.flatMap { Array(vectors[($0 * n)..<(($0 + 1) * n)]) }
        return (order.map { a[$0 * n + $0] }, made(rows, [n, n], matrix))
    }
}
