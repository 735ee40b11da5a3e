import Networks
import Tensors
import Testing

@testable import Evaluation

@Suite("Copies of deep networks in the symmetry frame")
struct SymmetryFrameCopyTests {
    static let architectures: [(Architecture, Int)] = [
        (.mlp(.init(widths: [20, 16, 12, 8, 3], activation: .leakyReLU(slope: 0.2), norm: .batch)), 24),
        (.mlp(.init(widths: [20, 16, 12, 8, 3], activation: .tanh, norm: .layer)), 12),
        (.mlp(.init(widths: [20, 16, 16, 16, 16, 3])), 12), (.resnet(.init(depth: 20, width: 4)), 4),
    ]

    private static func zoo(_ layout: ParameterLayout, _ count: Int) -> Tensor {
        var stream = RandomStream(seed: 1, purpose: "test.copies")
        let fresh = Initialization.pytorch.population(layout, seeds: (0..<count).map { UInt64($0) })
        return fresh + stream.normal([count, layout.count]) * 0.1
    }

    /// Units in another order; scaled by positive numbers, or flipped, where that changes no function.
    private static func copies(_ zoo: Tensor, _ layout: ParameterLayout) -> Tensor {
        var stream = RandomStream(seed: 2, purpose: "test.copies")
        let rows = (0..<zoo.shape[0]).map { row in
            let element = SymmetryElement.random(
                layout, permutation: { stream.permutation($0) },
                scale: { _ in stream.integer(below: 2) == 0 ? -1 : 1.25 })
            return element.apply(to: zoo.selected(axis: 0, row).floats, layout: layout)
        }
        return Tensor(Array(rows.joined()), shape: zoo.shape)
    }

    @Test("exact copies lie at distance 0 without hints, near-copies at the noise's length", arguments: 0..<4)
    func copies(_ index: Int) throws {
        let (architecture, count) = Self.architectures[index]
        let layout = architecture.layout
        let zoo = Self.zoo(layout, count)
        let frame = try SymmetryFrame(reference: zoo.selected(axis: 0, 0).floats, layout: layout)
        let placed = try frame.place(zoo)
        let within = frame.distances(within: placed).nearestToRows()
        let own = within.map(\.distance).reduce(0, +) / Double(count)
        let copies = Self.copies(zoo, layout)
        for (row, neighbour) in frame.distances(from: try frame.place(copies), to: placed).nearestToRows().enumerated()
        {
            #expect(neighbour.index == row && neighbour.distance < 1e-3 * own)
        }
        var stream = RandomStream(seed: 3, purpose: "test.copies")
        let noise = stream.normal(copies.shape) * 0.005
        let near = frame.distances(from: try frame.place(copies + noise), to: placed).nearestToRows()
        #expect(near.enumerated().filter { $1.index == $0 && $1.distance < 0.5 * own }.count == count)
    }

    @Test("networks trained apart are measured as before: no pair is taken for a copy")
    func others() throws {
        let layout = Architecture.mlp(.init(widths: [12, 24, 24, 5])).layout
        let zoo = Self.zoo(layout, 10)
        let frame = try SymmetryFrame(reference: zoo.selected(axis: 0, 0).floats, layout: layout)
        let placed = try frame.place(zoo)
        let plain = PlacedNetworks(normal: placed.normal, matched: placed.matched)
        let (with, without) = (frame.distances(within: placed), frame.distances(within: plain))
        for row in 0..<10 {
            for column in 0..<10 where row != column {
                #expect(with.squared(row, column) == without.squared(row, column))
            }
        }
    }
}
