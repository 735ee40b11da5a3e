import Testing

@testable import Basics
@testable import Networks

@Suite struct WeightMatchingTests {
    private func rises(_ values: [Double]) -> Bool { zip(values, values.dropFirst()).allSatisfy { $0 <= $1 } }

    @Test(arguments: [[8, 12, 10, 3], [5, 9, 4], [4, 6, 6, 6, 6, 2]]) func permutedCopyIsRecovered(
        _ widths: [Int]
    ) throws {
        let network = PlainNetwork(widths)
        var generator = SplitMix(seed: 1, index: UInt64(widths.count))
        let reference = network.random(&generator)
        let element = network.symmetry(&generator, scaled: false)
        let copy = element.apply(to: reference, layout: network.layout)
        let options = WeightMatching.Options(restarts: 20)
        let found = try WeightMatching.align(copy, to: reference, layout: network.layout, options: options)
        #expect(found.converged)
        #expect(found.element.permutations == element.inverse.permutations)
        #expect(found.element.apply(to: copy, layout: network.layout) == reference)
    }

    @Test func flippedCopyIsRecovered() throws {
        let network = PlainNetwork([12, 16, 14, 5], .tanh)
        var generator = SplitMix(seed: 2, index: 0)
        let reference = network.random(&generator)
        let element = network.symmetry(&generator, scaled: true)
        let copy = element.apply(to: reference, layout: network.layout)
        let found = try WeightMatching.align(copy, to: reference, layout: network.layout)
        #expect(found.element.apply(to: copy, layout: network.layout) == reference)
        let unsigned = try WeightMatching.align(
            copy, to: reference, layout: network.layout, options: .init(signs: false))
        #expect(unsigned.element.scales.allSatisfy { $0 == nil })
        #expect(unsigned.objective < found.objective)
    }

    @Test(arguments: [PlainNetwork.Activation.relu, .tanh]) func objectiveNeverFalls(
        _ activation: PlainNetwork.Activation
    ) throws {
        let network = PlainNetwork([10, 24, 20, 4], activation)
        var generator = SplitMix(seed: 3, index: 0)
        let reference = network.random(&generator)
        let matching = try WeightMatching(reference: reference, layout: network.layout)
        for _ in 0..<10 {
            let row = network.random(&generator)
            let found = try matching.align(row)
            #expect(found.converged && found.objectives.count == found.sweeps + 1)
            #expect(rises(found.objectives) && found.objective > found.objectives[0])
            let moved = found.element.apply(to: row, layout: network.layout)
            #expect(network.difference(row, moved) < 1e-9)
            let exact = zip(moved, reference).reduce(0) { $0 + Double($1.0) * Double($1.1) }
            #expect(abs(exact - found.objective) < 1e-9 * abs(exact))
            let again = try matching.align(moved)
            #expect(again.element.isIdentity && again.objectives.count == again.sweeps + 1)
        }
    }

    /// At a fixed point no exchange of two units of a group can raise the objective.
    @Test func noExchangeImproves() throws {
        let network = PlainNetwork([6, 9, 8, 3])
        var generator = SplitMix(seed: 4, index: 0)
        let reference = network.random(&generator)
        let row = network.random(&generator)
        let found = try WeightMatching.align(row, to: reference, layout: network.layout)
        for group in 0..<2 {
            for first in 0..<8 {
                for second in 0..<first {
                    var permutations = found.element.permutations
                    permutations[group].swapAt(first, second)
                    let moved = SymmetryElement(permutations: permutations).apply(to: row, layout: network.layout)
                    let value = zip(moved, reference).reduce(0) { $0 + Double($1.0) * Double($1.1) }
                    #expect(value <= found.objective + 1e-5)
                }
            }
        }
    }

    @Test func restartsNeverLose() throws {
        let network = PlainNetwork([6, 12, 12, 3])
        var generator = SplitMix(seed: 5, index: 0)
        let reference = network.random(&generator)
        var gained = 0
        for _ in 0..<8 {
            let row = network.random(&generator)
            let once = try WeightMatching.align(row, to: reference, layout: network.layout)
            let more = try WeightMatching.align(
                row, to: reference, layout: network.layout, options: .init(restarts: 8))
            #expect(more.objective >= once.objective)
            if more.objective > once.objective { gained += 1 }
            #expect((more.start == 0) == (more == once))
        }
        #expect(gained > 0)
    }

    @Test func ranksFourTwoAndOneOnASharedStream() throws {
        var builder = ParameterLayout.Builder()
        let stream = builder.addGroup("stream", size: 10, scaling: .none)
        let inner = builder.addGroup("inner", size: 8, scaling: .none)
        _ = builder.addSlot("stem.weight", shape: [10, 3, 3, 3], role: .weight, axes: [stream, nil, nil, nil])
        _ = builder.addSlot("a.weight", shape: [8, 10, 3, 3], role: .weight, axes: [inner, stream, nil, nil])
        _ = builder.addSlot("a.norm", shape: [8], role: .scale, axes: [inner])
        _ = builder.addSlot("b.weight", shape: [10, 8, 1, 1], role: .weight, axes: [stream, inner, nil, nil])
        _ = builder.addSlot("mix.weight", shape: [10, 10], role: .weight, axes: [stream, stream])
        _ = builder.addSlot("head.weight", shape: [4, 10], role: .weight, axes: [nil, stream])
        let layout = builder.layout()
        var generator = SplitMix(seed: 6, index: 0)
        let reference = (0..<layout.count).map { _ in Float(generator.normal()) }
        let element = SymmetryElement.random(layout, permutation: { generator.permutation($0) })
        let copy = element.apply(to: reference, layout: layout)
        let found = try WeightMatching.align(copy, to: reference, layout: layout)
        #expect(found.element == element.inverse)
        let other = (0..<layout.count).map { _ in Float(generator.normal()) }
        let apart = try WeightMatching.align(other, to: reference, layout: layout)
        #expect(apart.converged && rises(apart.objectives))
    }

    @Test func capAndEmptyLayouts() throws {
        let network = PlainNetwork([6, 12, 12, 3])
        var generator = SplitMix(seed: 7, index: 0)
        let (reference, row) = (network.random(&generator), network.random(&generator))
        let capped = try WeightMatching.align(
            row, to: reference, layout: network.layout, options: .init(maximumSweeps: 0))
        #expect(!capped.converged && capped.sweeps == 0 && capped.objectives.count == 1)
        let plain = PlainNetwork([3, 2])
        let ones = [Float](repeating: 1, count: 8)
        let found = try WeightMatching.align([1, 2, 3, 4, 5, 6, 7, 8], to: ones, layout: plain.layout)
        #expect(found.converged && found.objective == 36)
        let zero = try WeightMatching.align(
            [Float](repeating: 0, count: reference.count), to: reference, layout: network.layout)
        #expect(zero.converged && zero.objective == 0)
    }

    @Test func orderOfSweepsIsAPureFunction() throws {
        let network = PlainNetwork([2, 2, 2, 2, 2, 2, 2])
        var generator = SplitMix(seed: 8, index: 0)
        let row = network.random(&generator)
        let first = try WeightMatching(reference: row, layout: network.layout)
        let second = try WeightMatching(reference: row, layout: network.layout, options: .init(seed: 1))
        let orders = (0..<20).map { first.order(sweep: $0) }
        #expect(orders == (0..<20).map { first.order(sweep: $0) })
        #expect(orders != (0..<20).map { second.order(sweep: $0) })
        #expect(Set(orders).count > 5 && orders.allSatisfy { $0.sorted() == [0, 1, 2, 3, 4] })
    }

    @Test func badWeightsAreRefused() throws {
        let network = PlainNetwork([3, 4, 2])
        var generator = SplitMix(seed: 9, index: 0)
        let reference = network.random(&generator)
        let matching = try WeightMatching(reference: reference, layout: network.layout)
        var broken = reference
        broken[13] = .nan
        let failure = #expect(throws: DataError.self) { try matching.align(broken, path: "zoo.h5 network 3") }
        #expect(failure?.kind == .malformed && failure?.path == "zoo.h5 network 3")
        #expect(failure?.found.contains("layers.0.bias") == true)
        #expect(throws: DataError.self) { try matching.align([1, 2]) }
        let huge = reference.map { $0 * 1e30 }
        #expect(throws: DataError.self) { try WeightMatching.align(huge, to: huge, layout: network.layout) }
    }

    @Test(arguments: [(1, 1, 1), (4, 8, 8), (7, 300, 13), (33, 5, 9), (3, 0, 2)]) func plainProduct(
        _ m: Int, _ k: Int, _ n: Int
    ) {
        var generator = SplitMix(seed: 10, index: UInt64(m))
        let a = (0..<m * k).map { _ in Float(generator.integer(below: 9)) - 4 }
        let b = (0..<n * k).map { _ in Float(generator.integer(below: 9)) - 4 }
        var c = (0..<m * n).map { Float($0) }
        let start = c
        c.withUnsafeMutableBufferPointer { c in
            a.withUnsafeBufferPointer { a in
                b.withUnsafeBufferPointer { b in
                    guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
                    MatrixProduct.plain(a, b, m, k, n, c)
                }
            }
        }
        for row in 0..<m {
            for column in 0..<n {
                let sum = (0..<k).reduce(Float(0)) { $0 + a[row * k + $1] * b[column * k + $1] }
                #expect(c[row * n + column] == start[row * n + column] + sum)
            }
        }
    }
}
