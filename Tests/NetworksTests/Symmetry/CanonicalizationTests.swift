import Testing

@testable import Networks

@Suite struct CanonicalizationTests {
    @Test(arguments: [PlainNetwork.Activation.relu, .tanh]) func aDisguisedReferenceIsRecognised(
        _ activation: PlainNetwork.Activation
    ) throws {
        let network = PlainNetwork([10, 16, 12, 4], activation)
        var generator = SplitMix(seed: 1, index: 0)
        let reference = network.random(&generator)
        let frame = try Canonicalization(reference: reference, layout: network.layout)
        let disguised = network.symmetry(&generator, scaled: true).apply(to: reference, layout: network.layout)
        let found = try frame.canonical(disguised)
        #expect(found.distanceBefore > 1 && found.distanceNormalized > 1)
        #expect(found.distanceAfter < 1e-5)
        #expect(found.scalesConverged && found.alignment.converged)
        let moved = found.element.apply(to: disguised, layout: network.layout)
        #expect(zip(moved, found.row).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test func functionsStayAndDistancesShrink() throws {
        let network = PlainNetwork([8, 20, 20, 3])
        var generator = SplitMix(seed: 2, index: 0)
        let frame = try Canonicalization(reference: network.random(&generator), layout: network.layout)
        let rows = (0..<4).map { _ in network.random(&generator) }
        let results = try frame.canonical(rows)
        for (row, result) in zip(rows, results) {
            #expect(network.difference(row, result.row) < 1e-5)
            #expect(result.distanceAfter < result.distanceNormalized)
            #expect(result.alignment.objective > result.alignment.objectives[0])
        }
    }

    @Test func deadUnitsAreNamedByTheirNewPlace() throws {
        let network = PlainNetwork([4, 6, 2])
        var generator = SplitMix(seed: 3, index: 0)
        let frame = try Canonicalization(reference: network.random(&generator), layout: network.layout)
        var row = network.random(&generator)
        for output in 0..<2 { row[network.layout.slots[2].offset + output * 6 + 5] = 0 }
        let result = try frame.canonical(row)
        let unit = try #require(result.deadUnits[0].first)
        #expect(result.deadUnits[0].count == 1 && result.alignment.element.permutations[0][unit] == 5)
        #expect((0..<4).allSatisfy { result.row[unit * 4 + $0] == 0 })
        #expect(network.difference(row, result.row) < 1e-5)
    }

    @Test func failuresNameTheNetwork() throws {
        let network = PlainNetwork([4, 6, 2])
        var generator = SplitMix(seed: 4, index: 0)
        let reference = network.random(&generator)
        let frame = try Canonicalization(reference: reference, layout: network.layout)
        var broken = reference
        broken[0] = .infinity
        let failure = #expect(throws: DataError.self) { try frame.canonical([reference, broken]) }
        #expect(failure?.path == "network 1")
    }
}
