import Basics
import Foundation
import Tensors
import Testing

@testable import ShiftDetection

@Suite("Rows that are changed in named ways")
struct ShiftCorruptionTests {
    private static let rows = RawRows(
        columns: [
            (0..<400).map { Double($0 % 20) }, (0..<400).map { Double($0 % 3) }, (0..<400).map { Double($0 % 2) },
        ],
        count: 400)

    /// Two columns of numbers, and one of two words.
    private static func encoding() throws -> TableEncoding {
        let text = "a,b,c\n" + (0..<400).map { "\($0 % 20),\($0 % 3),\($0 % 2 == 0 ? "x" : "y")\n" }.joined()
        let table = try Table(bytes: Array(text.utf8), path: "t")
        return try TableEncoding(fitting: table, except: [], impute: .median, path: "t")
    }

    private func changed(_ kind: ShiftCorruption, _ amount: Double, index: UInt64 = 1) throws -> RawRows {
        var stream = RandomStream(seed: 3, purpose: "test.corruption", index: index)
        return kind.applied(to: Self.rows, try Self.encoding(), amount: amount, &stream)
    }

    @Test("Noise has the deviation that is asked for, on every column of numbers and no other")
    func noise() throws {
        let (found, encoding) = (try changed(.noise, 0.5), try Self.encoding())
        for place in [0, 1] {
            guard case .number(_, let deviation) = encoding.columns[place].content else { continue }
            let noise = zip(found.columns[place], Self.rows.columns[place]).map { $0 - $1 }
            let size = (noise.reduce(0) { $0 + $1 * $1 } / 400).squareRoot()
            #expect(abs(size / deviation - 0.5) < 0.08)
        }
        #expect(found.columns[2] == Self.rows.columns[2])
    }

    @Test("One column moves by whole deviations, is scaled, loses a share of its values, or changes place with another")
    func columns() throws {
        let encoding = try Self.encoding()
        for index in 0..<8 as Range<UInt64> {
            let moved = try changed(.location, 2, index: index)
            let places = moved.columns.indices.filter { moved.columns[$0] != Self.rows.columns[$0] }
            #expect(places.count == 1 && places[0] < 2)
            guard case .number(_, let deviation) = encoding.columns[places[0]].content else { continue }
            let steps = zip(moved.columns[places[0]], Self.rows.columns[places[0]]).map { abs($0 - $1) / deviation }
            #expect(steps.allSatisfy { abs($0 - 2) < 1e-5 })
            let scaled = try changed(.unit, 10, index: index)
            #expect(
                (0..<2).count { scaled.columns[$0] == Self.rows.columns[$0].map { $0 * 10 } } == 1
                    && scaled.columns[2] == Self.rows.columns[2])
            let gaps = try changed(.missing, 0.3, index: index).columns.map { $0.count(where: \.isNaN) }
            #expect(gaps.count { $0 > 0 } == 1 && (80...160).contains(gaps.reduce(0, +)))
        }
        let swapped = try changed(.swapped, 1)
        #expect(swapped.columns == [Self.rows.columns[1], Self.rows.columns[0], Self.rows.columns[2]])
    }

    @Test("Outputs stay probabilities; flatter is less sure, and their order stays")
    func outputs() throws {
        let said = EstimateFixture.rows([[0.7, 0.2, 0.1], [0.1, 0.5, 0.4], [0, 0.3, 0.7]]).probabilities
        for (kind, amount) in ShiftCorruption.outputs {
            var stream = RandomStream(seed: 4, purpose: "test.corruption")
            let found = kind.applied(to: said, amount: amount, &stream)
            for sum in found.sum(axes: [1]).doubles { #expect(abs(sum - 1) < 1e-6) }
            guard kind == .outputFlat else { continue }
            #expect(found.argmax() == said.argmax())
            #expect(zip(found.max(axes: [1]).doubles, said.max(axes: [1]).doubles).allSatisfy { $0 < $1 })
        }
        var stream = RandomStream(seed: 4, purpose: "test.corruption")
        let raised = ShiftCorruption.outputLocation.applied(to: said, amount: 1, &stream).doubles
        let odds = (0..<3).map { raised[$0] / said.doubles[$0] }
        #expect(odds.count { abs($0 / (odds.min() ?? 1) - M_E) < 1e-4 } == 1)
    }

    @Test("What cannot be done to a table is left out, and each has words of its own")
    func possible() throws {
        let encoding = try Self.encoding()
        #expect(ShiftCorruption.allCases.allSatisfy { $0.isPossible(encoding, imputes: true) })
        #expect(!ShiftCorruption.missing.isPossible(encoding, imputes: false))
        let none = try OutputsAlone.encoding()
        #expect(
            ShiftCorruption.allCases.filter { $0.isPossible(none, imputes: true) }
                == [.outputNoise, .outputLocation, .outputFlat])
        let words = (ShiftCorruption.columns + ShiftCorruption.outputs).map { $0.0.words($0.1) }
        #expect(Set(words).count == words.count)
        #expect(words.prefix(3).last == "a column moved by 1 sd" && words[5] == "a column times 10", "\(words)")
    }

    @Test(
        "Without labels columns are changed where the model can be asked again, else its outputs; large changes are found"
    )
    func power() throws {
        let outputs = try SampleRows.detector(hasTraining: false, isLabelled: false)
        let said = try outputs.power(sizes: [20], cases: 20, path: "P").rows
        #expect(said.dropFirst().map(\.corruption) == ShiftCorruption.outputs.map(\.0))
        #expect(said.allSatisfy { $0.harmful == 0 } && said[3].different >= 0.3 && said[0].different <= 0.3, "\(said)")
        let features = try SampleRows.detector(isLabelled: false) { $0.method = Described(EnergyMethod(on: .features)) }
        let rows = try features.power(sizes: [20], cases: 20, path: "P").rows
        // Nothing stands for missing values there.
        let kinds = ShiftCorruption.columns.map(\.0).filter { $0 != .missing }
        #expect(rows.dropFirst().compactMap(\.corruption) == kinds && rows[4].words == "a column moved by 2 sd")
        #expect(rows[4].different >= 0.7 && rows[4].amount == 2, "\(rows)")
        let json = try JSONEncoder().encode(rows)
        #expect(try JSONDecoder().decode([ShiftPower.Row].self, from: json) == rows)
    }
}
