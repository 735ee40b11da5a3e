import Tensors

/// How many networks and rows pass a network at a time, so that what lies between layers stays small.
struct PassSizes: Sendable {
    private let layout: ParameterLayout
    /// Networks in one pass; results do not depend on it.
    let networks: Int
    /// Rows in one pass.
    let rows: Int

    init(_ layout: ParameterLayout) {
        self.layout = layout
        let hasMaps = layout.slots.contains { $0.shape.count >= 4 }
        (networks, rows) = hasMaps ? (4, 128) : (10, 2000)
    }

    /// Ranges of rows, of equal size where there are several.
    func rows(of count: Int) -> [Range<Int>] {
        let parts = max(1, (count + rows - 1) / rows)
        return (0..<parts).map { ($0 * count / parts)..<(($0 + 1) * count / parts) }
    }

    /// What a closure gives for each network, in order; it sees some networks at a time, with their buffers.
    func map<Item>(
        _ population: Tensor, _ buffers: Tensor?, _ body: (_ parameters: Parameters, _ buffers: Tensor?) -> [Item]
    ) -> [Item] {
        let count = population.shape[0]
        return stride(from: 0, to: count, by: networks).flatMap { first in
            let range = first..<min(count, first + networks)
            return body(
                Parameters(layout: layout, flat: population.sliced(axis: 0, range)),
                buffers?.sliced(axis: 0, range))
        }
    }
}
