import Testing

@testable import Networks

@Suite("Group actions")
struct GroupActionTests {
    private static func slot(_ shape: [Int], _ axes: [Int?], _ actions: [Int: GroupAction]) -> Slot {
        Slot(name: "slot", offset: 0, shape: shape, role: .weight, axes: axes, actions: actions)
    }

    private static let element = SymmetryElement(permutations: [[2, 0, 1]], scales: [[2, 0.5, 4]])

    private static func moved(_ slot: Slot, _ element: SymmetryElement?, first: Int? = nil) -> [Float] {
        WeightMatching.transformed(SlotTransform(slot, element, first: first), (0..<slot.count).map { Float($0) }, 0)
    }

    @Test("without a word, axis 0 is computed and the others read; embeddings the other way round")
    func usual() {
        let weight = Slot(name: "w", offset: 0, shape: [2, 3], role: .weight)
        #expect(weight.actions == [GroupAction(.incoming), GroupAction(.outgoing)])
        let table = Slot(name: "e", offset: 0, shape: [2, 3], role: .embedding)
        #expect(table.actions == [GroupAction(.outgoing), GroupAction(.incoming)])
    }

    @Test("blocks move as a whole")
    func blocks() {
        let slot = Self.slot([2, 6], [nil, 0], [1: GroupAction(.outgoing, block: 2)])
        let plain = SymmetryElement(permutations: [[2, 0, 1]])
        #expect(Self.moved(slot, plain) == [4, 5, 0, 1, 2, 3, 10, 11, 6, 7, 8, 9])
        #expect(Self.moved(slot, Self.element) == [2, 2.5, 0, 2, 0.5, 0.75, 5, 5.5, 12, 14, 2, 2.25])
        #expect(Self.moved(slot, plain, first: 1) == [4, 5, 10, 11, 0, 1, 6, 7, 2, 3, 8, 9], "units first")
    }

    @Test("repeats move alike")
    func repeats() {
        let slot = Self.slot([12], [0], [0: GroupAction(.incoming, repeats: 2, block: 2)])
        let plain = SymmetryElement(permutations: [[2, 0, 1]])
        #expect(Self.moved(slot, plain) == [4, 5, 0, 1, 2, 3, 10, 11, 6, 7, 8, 9])
        #expect(Self.moved(slot, Self.element) == [8, 10, 0, 0.5, 8, 12, 20, 22, 3, 3.5, 32, 36])
        #expect(Self.moved(slot, plain, first: 0) == [4, 5, 10, 11, 0, 1, 6, 7, 2, 3, 8, 9])
    }

    @Test("what is not rescaled moves without its factor")
    func unscaled() {
        let slot = Self.slot([3], [0], [0: GroupAction(.unscaled)])
        #expect(Self.moved(slot, Self.element) == [2, 0, 1])
    }

    @Test("a layout refuses an axis that is not a whole number of the group's blocks")
    func traps() async {
        let fits = GroupAction(.outgoing, block: 2)
        #expect(fits.units(in: 6) == 3 && fits.units(in: 5) == nil)
        #expect(GroupAction(.incoming, repeats: .max, block: 2).units(in: 6) == nil)
        await #expect(processExitsWith: .failure) {
            let slot = Slot(
                name: "w", offset: 0, shape: [1, 6], role: .weight, axes: [nil, 0],
                actions: [1: GroupAction(.outgoing, block: 2)])
            _ = ParameterLayout(slots: [slot], groups: [SymmetryGroup(name: "g", size: 6, scaling: .none)])
        }
        await #expect(processExitsWith: .failure) { _ = GroupAction(.incoming, block: 0) }
    }
}
