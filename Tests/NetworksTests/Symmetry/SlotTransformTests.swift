import Tensors
import Testing

@testable import Networks

@Suite struct SlotTransformTests {
    /// Every index of a shape, in row-major order.
    private func indices(_ shape: [Int]) -> [[Int]] {
        shape.reduce([[]]) { partial, extent in partial.flatMap { head in (0..<extent).map { head + [$0] } } }
    }

    private func flat(_ index: [Int], _ shape: [Int]) -> Int {
        zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }
    }

    /// The definition, index by index.
    private func expected(
        _ values: [Float], _ slot: Slot, _ element: SymmetryElement?, first: Int?, skipping: Bool
    ) -> [Float] {
        var order = Array(slot.shape.indices)
        if let first {
            order.remove(at: first)
            order.insert(first, at: 0)
        }
        return indices(order.map { slot.shape[$0] }).map { outer in
            var source = Array(repeating: 0, count: slot.shape.count)
            var factor = 1.0
            for (place, axis) in order.enumerated() {
                source[axis] = outer[place]
                guard let element, let group = slot.axes[axis], !(skipping && axis == first) else { continue }
                source[axis] = element.permutations[group][outer[place]]
                let scale = element.scales[group]?[outer[place]] ?? 1
                factor *= slot.actions[axis].side == .incoming ? scale : 1 / scale
            }
            return Float(Double(values[flat(source, slot.shape)]) * factor)
        }
    }

    @Test(
        arguments: [
            ([7], [0]), ([7, 5], [0, 1]), ([5, 7], [1, nil]), ([3, 7], [nil, 0]), ([7, 5, 3], [0, 1, nil]),
            ([7, 5, 2, 3], [0, 1, nil, nil]), ([2, 5, 3, 7], [nil, 1, nil, 0]), ([7, 7], [0, 0]), ([70, 90], [2, 3]),
        ] as [([Int], [Int?])]) func matchesTheDefinition(_ shape: [Int], _ axes: [Int?])
    {
        var generator = SplitMix(seed: 1, index: UInt64(shape.count))
        let sizes = [7, 5, 70, 90]
        let permutations = sizes.map { generator.permutation($0) }
        // Powers of two, so that products of factors are exact in any order.
        let scales: [[Double]?] = sizes.map { size in
            (0..<size).map { _ in [-2, 0.5, 1, 4][generator.integer(below: 4)] }
        }
        let elements: [SymmetryElement?] = [
            nil, SymmetryElement(permutations: permutations),
            SymmetryElement(permutations: permutations, scales: scales),
        ]
        for role in [Slot.Role.weight, .embedding] where role == .weight || shape.count == 2 {
            let slot = Slot(name: "slot", offset: 3, shape: shape, role: role, axes: axes)
            let values = (0..<slot.count).map { _ in Float(generator.integer(below: 1000)) }
            for element in elements {
                for first in [nil] + shape.indices.map(Optional.some) {
                    for skipping in [false, true] {
                        let transform = SlotTransform(slot, element, first: first, skippingFirst: skipping)
                        let found = WeightMatching.transformed(transform, [0, 0, 0] + values, 3)
                        #expect(found == expected(values, slot, element, first: first, skipping: skipping))
                    }
                }
            }
        }
    }

    @Test("some units along one axis: their entries of the whole", arguments: [[7, 5], [7, 5, 2], [5, 7]])
    func keepsSomeUnits(_ shape: [Int]) {
        var generator = SplitMix(seed: 4, index: UInt64(shape[0]))
        let groups = shape.prefix(2).map { $0 == 7 ? 0 : 1 } + shape.dropFirst(2).map { _ in nil }
        let scales: [[Double]?] = [7, 5].map { size in (0..<size).map { _ in generator.next() & 1 == 0 ? 2 : -1 } }
        let element = SymmetryElement(permutations: [7, 5].map { generator.permutation($0) }, scales: scales)
        let slot = Slot(name: "slot", offset: 0, shape: shape, role: .weight, axes: groups)
        let values = (0..<slot.count).map { _ in Float(generator.integer(below: 1000)) }
        for first in [0, 1] {
            let other = 1 - first, rest = slot.count / shape[0] / shape[1]
            let whole = WeightMatching.transformed(SlotTransform(slot, element, first: first), values, 0)
            for units in [[], [2], [0, 3, 4], Array(0..<shape[other])] {
                let some = SlotTransform(slot, element, first: first, keeping: (other, units))
                let expected = (0..<shape[first]).flatMap { row in
                    units.flatMap { unit in
                        (0..<rest).map { whole[(row * shape[other] + unit) * rest + $0] }
                    }
                }
                #expect(some.count == expected.count && WeightMatching.transformed(some, values, 0) == expected)
            }
        }
    }

    @Test func aScalarSlotIsCopied() {
        let slot = Slot(name: "temperature", offset: 0, shape: [], role: .scale)
        #expect(WeightMatching.transformed(SlotTransform(slot, nil), [42], 0) == [42])
    }

    @Test("A slot large enough for the pool: the definition, and the same sum at any number of threads")
    func large() {
        let (rows, columns) = (300, 256)
        var generator = SplitMix(seed: 2, index: 0)
        let permutations = [generator.permutation(rows), generator.permutation(columns)]
        let slot = Slot(name: "slot", offset: 0, shape: [rows, columns], role: .weight, axes: [0, 1])
        let values = (0..<slot.count).map { _ in Float(generator.integer(below: 1000)) / 7 }
        let reference = (0..<slot.count).map { _ in Float(generator.integer(below: 1000)) / 3 }
        let transform = SlotTransform(slot, SymmetryElement(permutations: permutations))
        let (first, second) = (permutations[0], permutations[1])
        let expected = (0..<slot.count).map { values[first[$0 / columns] * columns + second[$0 % columns]] }
        let threads = Threads.count
        defer { Threads.count = threads }
        var sums: [Double] = []
        for count in [1, 2, 4] {
            Threads.count = count
            #expect(WeightMatching.transformed(transform, values, 0) == expected)
            values.withUnsafeBufferPointer { values in
                reference.withUnsafeBufferPointer { reference in
                    guard let values = values.baseAddress, let reference = reference.baseAddress else { return }
                    sums.append(transform.agreement(values, with: reference))
                }
            }
        }
        let plain = zip(expected, reference).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        #expect(Set(sums).count == 1 && abs(sums[0] / plain - 1) < 1e-12)
    }
}
