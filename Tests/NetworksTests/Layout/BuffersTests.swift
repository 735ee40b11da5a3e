import Foundation
import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Buffers")
struct BuffersTests {
    private static let layout: ParameterLayout = {
        var builder = ParameterLayout.Builder()
        _ = builder.addSlot("weight", shape: [4], role: .weight)
        _ = builder.addBuffer("mean", shape: [2], role: .shift)
        _ = builder.addBuffer("variance", shape: [3], role: .scale)
        return builder.layout()
    }()

    @Test("means start at 0, variances at 1", arguments: [nil, 2])
    func start(_ population: Int?) {
        let buffers = Buffers(Self.layout, population: population)
        let row: [Double] = [0, 0, 1, 1, 1]
        #expect(buffers.flat.shape == (population == nil ? [5] : [2, 5]))
        #expect(buffers.flat.doubles == (population == nil ? row : row + row))
        #expect(buffers.populationCount == population)
    }

    @Test("a slot is its piece of the row, read and written; copies stay what they were")
    func slots() {
        let flat = normalDoubles([3, 5])
        let before = Buffers(layout: Self.layout, flat: flat)
        var after = before
        let slot = Self.layout.buffers[1]
        #expect(before[slot].doubles == flat.sliced(axis: 1, 2..<5).doubles && before.flat.doubles == flat.doubles)
        after[slot] = normalDoubles([3, 3], seed: 9)
        #expect(after.flat.sliced(axis: 1, 2..<5).doubles == normalDoubles([3, 3], seed: 9).doubles)
        #expect(after.flat.sliced(axis: 1, 0..<2).doubles == flat.sliced(axis: 1, 0..<2).doubles)
        #expect(before.flat.doubles == flat.doubles)
    }

    @Test("a layout without buffers has rows of width 0")
    func none() {
        let layout = MLP(.init(widths: [2, 3])).layout
        #expect(Buffers(layout).flat.shape == [0] && Buffers(layout, population: 4).flat.shape == [4, 0])
    }

    @Test("buffers are written and read with the layout, and their groups are checked")
    func layouts() async throws {
        let again = try JSONDecoder().decode(ParameterLayout.self, from: JSONEncoder().encode(Self.layout))
        #expect(again == Self.layout && again.bufferCount == 5)
        await #expect(processExitsWith: .failure) {
            var builder = ParameterLayout.Builder()
            let group = builder.addGroup("units", size: 2, scaling: .none)
            _ = builder.addBuffer("mean", shape: [3], role: .shift, axes: [group])
            _ = builder.layout()
        }
    }

    @Test("a row of another width, a foreign slot and a wrong shape end the process")
    func traps() async {
        await #expect(processExitsWith: .failure) { _ = Buffers(layout: Self.layout, flat: .zeros([4])) }
        await #expect(processExitsWith: .failure) { _ = Buffers(Self.layout)[Self.layout.slots[0]] }
        await #expect(processExitsWith: .failure) {
            var buffers = Buffers(Self.layout)
            buffers[Self.layout.buffers[0]] = .zeros([3])
        }
    }
}
