import Networks
import TestSupport
import Tensors
import Testing

@testable import Generation

@Suite("Labels, numbers, and several conditions at once")
struct ConditionPartTests {
    private static func seen() throws -> [Condition] {
        let set = try SupportSamples.rows()
        return [
            Condition(label: "a", numbers: ["accuracy": 0.5, "loss": 1], support: set),
            Condition(label: "b", numbers: ["accuracy": 0.9, "loss": 3], support: set),
        ]
    }

    private static func encoder() throws -> SupportSamples.Encoder {
        try SupportSamples.Encoder(SupportSamples.config(), seen())
    }

    @Test("features of several parts are a sum, with a stand-in for each part that is not asked for")
    func additivity() throws {
        let encoder = try Self.encoder(), full = try Self.seen()[0]
        let parts = [
            Condition(label: full.label), Condition(numbers: full.numbers), Condition(support: full.support),
        ]
        let none = encoder(.none).features
        let sum = parts.reduce(none) { $0 + (encoder($1).features - none) }
        #expect(relativeDifference(encoder(full).features, sum) < 1e-12)
        for part in parts { #expect(relativeDifference(encoder(part).features, none) > 1e-3) }
        let missing = encoder.parameters.layout.slots.filter { $0.name.hasSuffix(".missing") }
        let standIns = missing.map { encoder.parameters[$0] }
        #expect(missing.count == 3)
        #expect(relativeDifference(none.reshaped([-1]), standIns[0] + standIns[1] + standIns[2]) < 1e-12)
    }

    @Test("rows do not mix, whatever each is asked for")
    func rows() throws {
        let encoder = try Self.encoder(), full = try Self.seen()
        let all = [full[0], .none, Condition(label: "b"), full[1], Condition(numbers: ["loss": 2])]
        let together = encoder.encoder(encoder.parameters, all).features
        for (row, condition) in all.enumerated() {
            #expect(
                relativeDifference(together.sliced(axis: 0, row..<(row + 1)), encoder(condition).features) < 1e-11)
        }
    }

    @Test("a label is a row of the table")
    func labels() throws {
        let encoder = try Self.encoder()
        let table = try #require(
            encoder.parameters.layout.slots.first { $0.name == "conditions.label.table.weight" })
        let rows = encoder.parameters[table]
        let (a, b) = (encoder(Condition(label: "a")).features, encoder(Condition(label: "b")).features)
        let difference = rows.sliced(axis: 0, 0..<1) - rows.sliced(axis: 0, 1..<2)
        #expect(relativeDifference(a - b, difference) < 1e-12)
    }

    @Test("numbers count in standard deviations, and one that is not given is not the mean")
    func numbers() throws {
        let encoder = try Self.encoder()
        // Means 0.7 and 2, deviations 0.2 and 1.
        let part = NumberPartProbe(encoder)
        let found = part.inputs(["accuracy": 0.9, "loss": 2])
        #expect(relativeDifference(Array(found.prefix(4)), [1, 0, 1, 1]) < 1e-12)
        #expect(relativeDifference(Array(part.inputs(["accuracy": 0.9]).prefix(4)), [1, 0, 1, 0]) < 1e-12)
        let given = encoder(Condition(numbers: ["accuracy": 0.9, "loss": 2])).features
        #expect(relativeDifference(given, encoder(Condition(numbers: ["accuracy": 0.9])).features) > 1e-3)
    }

    @Test("parts are left out one by one")
    func leavingOut() throws {
        let encoder = try Self.encoder().encoder, full = try Self.seen()[0]
        #expect(encoder.partCount == 3)
        #expect(encoder.without(full) { true } == .none && encoder.without(full) { false } == full)
        var turn = 0
        let second = encoder.without(full) {
            turn += 1
            return turn == 2
        }
        #expect(second == Condition(label: "a", support: full.support))
    }
}

/// What the first layer of the numbers' perceptron reads: the pseudo-inverse is spared by weights that hand it on.
private struct NumberPartProbe {
    private let numbers: [ConditionFacts.Number]

    init(_ encoder: SupportSamples.Encoder) { numbers = encoder.encoder.facts.numbers ?? [] }

    func inputs(_ asked: [String: Double]) -> [Double] {
        var builder = ParameterLayout.Builder()
        let part = NumberPart(numbers, frequencies: 0, width: 4, layout: &builder)
        let layout = builder.layout()
        // W_1 and W_2 are made so that f = gelu(x) - gelu(-x) = x.
        var flat = [Double](repeating: 0, count: layout.count)
        for slot in layout.slots where slot.name.hasSuffix(".weight") {
            let isFirst = slot.name.hasSuffix(".0.weight")
            for input in 0..<4 {
                if isFirst {
                    flat[slot.offset + input * 4 + input] = 1
                    flat[slot.offset + (4 + input) * 4 + input] = -1
                } else {
                    flat[slot.offset + input * 8 + input] = 1
                    flat[slot.offset + input * 8 + 4 + input] = -1
                }
            }
        }
        let parameters = Parameters(layout: layout, flat: Tensor(flat, shape: [layout.count]))
        return part.encode(parameters, [Condition(numbers: asked)]).features.doubles
    }
}
