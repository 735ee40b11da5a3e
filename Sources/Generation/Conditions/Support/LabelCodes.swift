import Tensors

/// Fixed codes of C labels, the corners of a regular simplex: equal norm 1, pairwise inner product -1 / (C - 1), in
/// C - 1 dimensions.
///
/// Column c of sqrt(C / (C - 1)) H, H the Helmert matrix without its first row, [C - 1, C]: H H' = I, H 1 = 0.
/// Any permutation of the labels is a rotation or reflection of the codes.
///
/// Source: Fifty et al., Context-aware meta-learning, 2024 (equal length and maximally equiangular set, of 256
/// dimensions there; fewer than C - 1 are impossible and more say nothing).
enum LabelCodes {
    /// The codes, [C, C - 1]; traps for fewer than two labels.
    static func codes(_ count: Int) -> Tensor {
        precondition(count >= 2, "label codes: \(count) labels")
        let scale = (Double(count) / Double(count - 1)).squareRoot()
        var values = [Double](repeating: 0, count: count * (count - 1))
        for row in 1..<count {
            let norm = scale / (Double(row) * Double(row + 1)).squareRoot()
            for label in 0...row { values[label * (count - 1) + row - 1] = label < row ? norm : -Double(row) * norm }
        }
        return Tensor(values, shape: [count, count - 1])
    }
}
