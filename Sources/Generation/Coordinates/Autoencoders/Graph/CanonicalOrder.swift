import Basics
import Networks
import Tensors

/// An order of units that does not depend on the one in which a network came: that which brings it nearest to a reference
/// network (`WeightMatching`, Git Re-Basin's weight matching; a local optimum where a network has several hidden layers).
///
/// Units are moved and never flipped.
struct CanonicalOrder {
    private let matching: WeightMatching

    /// Orders networks of a layout as the reference [D]. Throws `DataError` where that is not finite.
    init(reference: [Float], layout: ParameterLayout) throws {
        matching = try WeightMatching(reference: reference, layout: layout, options: .init(signs: false))
    }

    /// The networks [N, D], each in its canonical order. Throws `DataError` where one is not finite.
    func callAsFunction(_ rows: Tensor) throws -> Tensor {
        let count = rows.shape[0], width = matching.layout.count
        guard count > 0 else { return rows }
        let values = rows.floats
        let ordered = parallelMap(count) { index in
            Result {
                let row = Array(values[(index * width)..<((index + 1) * width)])
                return try matching.align(row).element.apply(to: row, layout: matching.layout)
            }
        }
        return Tensor(try ordered.flatMap { try $0.get() }, shape: [count, width])
    }
}
