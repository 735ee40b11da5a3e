import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Numbers that do not depend on the order of units")
struct NetworkSignatureTests {
    private static let configs: [MLP.Config] = [
        .init(widths: [5, 7, 3]), .init(widths: [6, 9, 8, 4], norm: .batch),
        .init(widths: [4, 6, 6, 5, 2], bias: false, norm: .layer),
    ]

    private static func network(_ layout: ParameterLayout, _ seed: UInt64) -> [Float] {
        var stream = RandomStream(seed: seed, purpose: "test.signatures")
        return stream.normal([layout.count]).floats
    }

    private static func moving(_ layout: ParameterLayout, _ seed: UInt64) -> SymmetryElement {
        var generator = SplitMix(seed: seed, index: 3)
        return .random(layout, permutation: { generator.permutation($0) }, scale: nil)
    }

    private static func differ(_ first: [Float], _ second: [Float]) -> Double {
        relativeDifference(first.map(Double.init), second.map(Double.init))
    }

    @Test("Moving units moves their numbers with them and leaves the signature", arguments: configs)
    func moved(_ config: MLP.Config) {
        let layout = MLP(config).layout
        let (signature, invariants) = (
            NetworkSignature(layout: layout), UnitInvariants(layout: layout, product: .plain)
        )
        for seed in 0..<5 as Range<UInt64> {
            let row = Self.network(layout, seed)
            let element = Self.moving(layout, seed)
            let copy = element.apply(to: row, layout: layout)
            let (own, other) = (signature(row), signature(copy))
            #expect(own.count == signature.count && own == signature(row))
            #expect(copy != row && Self.differ(own, other) < 1e-3)
            let (before, after) = (invariants.features(of: row), invariants.features(of: copy))
            for (group, permutation) in element.permutations.enumerated() {
                let width = UnitInvariants.width
                let units = permutation.flatMap { before[group][($0 * width)..<(($0 + 1) * width)] }
                #expect(Self.differ(units, after[group]) < 1e-3, "unit i of the copy was unit p(i)")
            }
        }
    }

    @Test("Columns have mean 0 and deviation 1 over a group's units", arguments: configs)
    func standardized(_ config: MLP.Config) {
        let layout = MLP(config).layout
        let features = UnitInvariants(layout: layout, product: .plain).features(of: Self.network(layout, 11))
        #expect(features.map(\.count) == layout.groups.map { $0.size * UnitInvariants.width })
        for (values, size) in zip(features, layout.groups.map(\.size)) {
            for column in 0..<UnitInvariants.width {
                let entries = (0..<size).map { Double(values[$0 * UnitInvariants.width + column]) }
                let mean = entries.reduce(0, +) / Double(size)
                let square = entries.reduce(0) { $0 + $1 * $1 } / Double(size)
                #expect(abs(mean) < 1e-5 && abs(square - 1) < 1e-4)
            }
        }
    }

    @Test("Other networks have other signatures, near ones near ones; units that are all alike have none to tell")
    func distances() {
        let layout = MLP(Self.configs[0]).layout
        let signature = NetworkSignature(layout: layout)
        let (row, other) = (Self.network(layout, 1), Self.network(layout, 2))
        let near = zip(row, other).map { $0 + 1e-5 * $1 }
        #expect(Self.differ(signature(row), signature(other)) > 0.05)
        #expect(Self.differ(signature(row), signature(near)) < 0.01)
        let alike = [Float](repeating: 0.5, count: layout.count)
        #expect(signature(alike).allSatisfy { abs($0) < 1e-3 })
        #expect(signature([Float](repeating: 0, count: layout.count)).allSatisfy { $0 == 0 })
    }
}
