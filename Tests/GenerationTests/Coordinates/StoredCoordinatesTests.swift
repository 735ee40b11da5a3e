import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Generation

@Suite("Coordinates that can be stored")
struct StoredCoordinatesTests {
    /// Two layers of 3 and 2 weights and a running variance of 4.
    static let layout: ParameterLayout = {
        var builder = ParameterLayout.Builder()
        _ = builder.addSlot("a.weight", shape: [3, 1], role: .weight)
        _ = builder.addSlot("norm.running_var", shape: [4], role: .scale)
        _ = builder.addSlot("b.weight", shape: [1, 2], role: .weight)
        return builder.layout()
    }()

    /// Networks of that layout whose variances spread over four orders of magnitude.
    static func rows(_ count: Int, seed: UInt64 = 1) -> Tensor {
        var stream = RandomStream(seed: seed, purpose: "rows")
        return .concatenate(
            [
                stream.normal([count, 3]) * 5 + 2, (stream.normal([count, 4]) * 2).exp() + 0.01,
                stream.normal([count, 2]) * 0.01 - 1,
            ], axis: 1)
    }

    @Test("slots get mean 0 and variance 1, and come back", arguments: [true, false])
    func slots(_ logs: Bool) throws {
        var config = SlotStandardizedCoordinates.Config()
        config.logVariances = logs
        let rows = Self.rows(40)
        let coordinates = try #require(
            SlotStandardizedCoordinates(fitting: rows, layout: Self.layout, config: config))
        let codes = coordinates.encode(rows)
        for slot in Self.layout.slots {
            let moments = Moments(codes.sliced(axis: 1, slot.range).doubles)
            let n = Double(moments.count)
            #expect(abs(moments.mean) < 1e-4 && abs(moments.variance * (n - 1) / n - 1) < 1e-3, "\(slot.name)")
        }
        for slot in Self.layout.slots {
            let back = coordinates.decode(codes).sliced(axis: 1, slot.range)
            #expect(relativeDifference(back, rows.sliced(axis: 1, slot.range)) < 1e-4, "\(slot.name)")
        }
        #expect(coordinates.dimension == 9 && coordinates.parameterCount == 9)
    }

    /// u = log(v / (0.95 m) + 0.05); with all v equal to m the code is 0 and v comes back.
    @Test("running variances go through p-diff's logarithm, and never come back below 0.001")
    func variances() throws {
        let rows = Self.rows(30)
        let coordinates = try #require(SlotStandardizedCoordinates(fitting: rows, layout: Self.layout))
        let range = 3..<7
        let v = rows.sliced(axis: 1, range).converted(to: .double)
        let u = (v / (v.mean().scalar * 0.95) + 0.05).log()
        let mean = u.mean().scalar
        let expected = (u - mean) / (u - mean).square().mean().scalar.squareRoot()
        let codes = coordinates.encode(rows)
        #expect(relativeDifference(codes.sliced(axis: 1, range).converted(to: .double), expected) < 1e-5)
        let low = coordinates.decode(.full([1, 9], -50))
        #expect(low.sliced(axis: 1, range).floats.allSatisfy { $0 == 1e-3 })
        #expect(coordinates.encode(.full([1, 9], -1)).isFinite, "a variance below zero counts as zero")
    }

    @Test("elements get mean 0 and variance 1; those that hardly vary keep small codes")
    func elements() throws {
        var stream = RandomStream(seed: 1, purpose: "rows")
        let rows = stream.normal([50, 3]) * Tensor([4, 1, 1e-9] as [Float], shape: [3]) + 7
        let coordinates = try #require(StandardizedCoordinates(fitting: rows))
        let codes = coordinates.encode(rows)
        for column in 0..<2 {
            let moments = Moments(codes.selected(axis: 1, column).doubles)
            #expect(abs(moments.mean) < 1e-5 && abs(moments.variance * 49 / 50 - 1) < 1e-4)
        }
        #expect(codes.selected(axis: 1, 2).abs().max().scalar < 1e-3, "floored at 0.004")
        #expect(relativeDifference(coordinates.decode(codes), rows) < 1e-6)
        let still = try #require(StandardizedCoordinates(fitting: .full([4, 2], 3)))
        #expect(still.std.floats == [1, 1] && still.encode(.full([1, 2], 3)).floats == [0, 0])
    }

    @Test("what is not finite is not fitted")
    func notFinite() {
        let rows = Self.rows(3) * Tensor([1, 1, .nan, 1, 1, 1, 1, 1, 1] as [Float], shape: [9])
        #expect(SlotStandardizedCoordinates(fitting: rows, layout: Self.layout) == nil)
        #expect(StandardizedCoordinates(fitting: rows) == nil)
    }

    @Test("means are the same whatever the width of the blocks")
    func columns() {
        let rows = normalDoubles([3, 9000]).converted(to: .single)
        let means = ColumnMeans.of(rows)
        #expect(relativeDifference(means, rows.converted(to: .double).mean(axes: [0]).doubles) < 1e-14)
    }

    @Test("a chain encodes in order and decodes in reverse, and names its tensors by part")
    func chain() throws {
        let rows = Self.rows(12)
        let slots = try #require(SlotStandardizedCoordinates(fitting: rows, layout: Self.layout))
        let pca = try #require(PrincipalCoordinates(fitting: slots.encode(rows), components: 5))
        let chain = ChainedCoordinates([slots, pca, RawCoordinates(parameterCount: 5)])
        #expect(chain.parameterCount == 9 && chain.dimension == 5)
        #expect(chain.encode(rows).bits == pca.encode(slots.encode(rows)).bits)
        let codes = normalDoubles([2, 5]).converted(to: .single)
        #expect(chain.decode(codes).bits == slots.decode(pca.decode(codes)).bits)
        let expected = [
            "0/mean", "0/std", "0/variance", "1/mean", "1/components", "1/variances", "1/captured_variance",
        ]
        #expect(chain.tensors.map(\.name) == expected)
        let again = try PrincipalCoordinates(tensors: ChainedCoordinates.tensors(ofPart: 1, in: chain.tensors))
        #expect(again.encode(rows).bits == pca.encode(rows).bits)
    }

    @Test("what was recorded gives the same bytes")
    func storage() throws {
        let rows = Self.rows(12)
        let slots = try #require(SlotStandardizedCoordinates(fitting: rows, layout: Self.layout))
        let elements = try #require(StandardizedCoordinates(fitting: rows))
        let pca = try #require(PrincipalCoordinates(fitting: rows, components: 4))
        let pairs: [(any StoredCoordinates, any StoredCoordinates)] = [
            (slots, try SlotStandardizedCoordinates(layout: Self.layout, tensors: slots.tensors)),
            (elements, try StandardizedCoordinates(tensors: elements.tensors)),
            (pca, try PrincipalCoordinates(tensors: pca.tensors)),
        ]
        for (fitted, read) in pairs {
            let codes = fitted.encode(rows)
            #expect(read.encode(rows).bits == codes.bits && read.decode(codes).bits == fitted.decode(codes).bits)
        }
        #expect(RawCoordinates(parameterCount: 3).tensors.isEmpty)
    }

    @Test("foreign numbers are refused with the tensor's name")
    func refusals() throws {
        let slots = try #require(SlotStandardizedCoordinates(fitting: Self.rows(5), layout: Self.layout))
        func changed(_ name: String, _ value: Tensor?) -> [NamedTensor] {
            slots.tensors.compactMap { $0.name == name ? value.map { NamedTensor(name, $0) } : $0 }
        }
        let wrong: [(String, Tensor?)] = [
            ("std", nil), ("std", .zeros([3])), ("std", .ones([2])), ("mean", .full([3], .nan)),
            ("variance", .full([3], -1)),
        ]
        for (name, value) in wrong {
            let error = #expect(throws: DataError.self) {
                try SlotStandardizedCoordinates(layout: Self.layout, tensors: changed(name, value))
            }
            #expect(error?.description.contains(name) == true)
        }
        #expect(throws: DataError.self) { try PrincipalCoordinates(tensors: []) }
        #expect(throws: DataError.self) { try StandardizedCoordinates(tensors: [NamedTensor("mean", .zeros([2]))]) }
    }
}
