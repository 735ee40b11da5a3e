import Foundation
import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Parameter layouts")
struct ParameterLayoutTests {
    private static func decoded(_ json: String) throws -> ParameterLayout {
        try JSONDecoder().decode(ParameterLayout.self, from: Data(json.utf8))
    }

    private static func slot(_ name: String, _ offset: Int, _ shape: String, role: String = "weight") -> String {
        #"{"name":"\#(name)","offset":\#(offset),"shape":\#(shape),"role":"\#(role)"}"#
    }

    @Test("the file's form, exactly")
    func fileForm() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let layout = MLP(.init(widths: [3, 2])).layout
        let text = String(decoding: try encoder.encode(layout), as: UTF8.self)
        #expect(
            text == #"{"buffers":[],"slots":[{"name":"layers.0.weight","offset":0,"role":"weight","shape":[2,3]},"#
                + #"{"name":"layers.0.bias","offset":6,"role":"bias","shape":[2]}]}"#)
    }

    @Test("writing and reading give the same slots and buffers")
    func roundTrip() throws {
        let layout = ParameterLayout(
            slots: [
                Slot(name: "a", offset: 0, shape: [2, 3], role: .weight),
                Slot(name: "b", offset: 6, shape: [], role: .scale),
            ],
            buffers: [Slot(name: "running_mean", offset: 0, shape: [4], role: .shift)])
        let again = try JSONDecoder().decode(ParameterLayout.self, from: JSONEncoder().encode(layout))
        #expect(again == layout && again.count == 7 && again.bufferCount == 4)
        let mlp = MLP(.init(widths: [5, 4, 3])).layout
        let read = try JSONDecoder().decode(ParameterLayout.self, from: JSONEncoder().encode(mlp))
        #expect(read.matches(mlp) && mlp.matches(read) && read.groups.isEmpty)
        #expect(!read.matches(MLP(.init(widths: [5, 3, 3])).layout) && !read.matches(layout))
    }

    @Test("files without buffers, with further keys, with every role")
    func lenience() throws {
        let roles = ["weight", "bias", "scale", "shift", "embedding"]
        let slots = roles.enumerated().map { Self.slot($1, $0 * 6, "[2,3]", role: $1) }.joined(separator: ",")
        let layout = try Self.decoded("{\"slots\":[\(slots)],\"note\":1}")
        #expect(layout.count == 30 && layout.slots.map(\.role.rawValue) == roles && layout.buffers.isEmpty)
        #expect(layout.slot(named: "shift")?.range == 18..<24 && layout.slot(named: "none") == nil)
    }

    @Test(
        "gaps, overlaps, impossible extents and unknown roles are refused",
        arguments: [
            "[\(slot("a", 0, "[2]")),\(slot("b", 3, "[2]"))]", "[\(slot("a", 0, "[2]")),\(slot("b", 1, "[2]"))]",
            "[\(slot("a", 1, "[2]"))]", "[\(slot("a", -1, "[2]"))]", "[\(slot("a", 0, "[0]"))]",
            "[\(slot("a", 0, "[-2,-3]"))]",
            "[\(slot("a", 0, "[4294967296,4294967296]"))]", "[\(slot("a", 0, "[9223372036854775807,2]"))]",
            "[\(slot("a", 0, "[1099511627777]"))]", "[\(slot("a", 0, "[2.5]"))]",
            "[\(slot("a", 0, "[2]", role: "magic"))]",
            "[\(slot("a", 0, "[99999999999999999999]"))]", "[{\"name\":\"a\",\"offset\":0,\"shape\":[2]}]", "{}",
        ])
    func refusals(_ slots: String) {
        #expect(throws: DecodingError.self) { try Self.decoded("{\"slots\":\(slots)}") }
        #expect(throws: DecodingError.self) { try Self.decoded("{\"slots\":[],\"buffers\":\(slots)}") }
    }

    @Test("a layout that contradicts itself ends the process")
    func traps() async {
        await #expect(processExitsWith: .failure) {
            _ = ParameterLayout(slots: [Slot(name: "a", offset: 1, shape: [2], role: .bias)])
        }
        await #expect(processExitsWith: .failure) {
            _ = ParameterLayout(slots: [Slot(name: "a", offset: 0, shape: [2], role: .bias, axes: [0])])
        }
        await #expect(processExitsWith: .failure) {
            _ = Parameters(layout: MLP(.init(widths: [3, 2])).layout, flat: .zeros([7]))
        }
    }

    @Test("a slot of the parameters is its piece of the flat vector, for one network and for many")
    func parameters() {
        let layout = MLP(.init(widths: [3, 4, 2])).layout
        let flat = normalDoubles([5, layout.count])
        let all = Parameters(layout: layout, flat: flat)
        let one = Parameters(layout: layout, flat: flat.selected(axis: 0, 3))
        for slot in layout.slots {
            #expect(all[slot].shape == Shape([5] + slot.shape) && one[slot].shape == Shape(slot.shape))
            #expect(one[slot].doubles == Array(flat.doubles[slot.range.shifted(by: 3 * layout.count)]))
            #expect(all[slot].selected(axis: 0, 3).doubles == one[slot].doubles)
        }
        #expect(all.populationCount == 5 && one.populationCount == nil)
    }
}

extension Range<Int> {
    fileprivate func shifted(by distance: Int) -> Range<Int> { (lowerBound + distance)..<(upperBound + distance) }
}
