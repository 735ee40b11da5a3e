import Basics
import Foundation
import ShiftDetection
import Tensors
import TestSupport
import Testing

@testable import Laboratory

/// Whatever bytes stand in a table or a detector, they end in a result or in a `DataError`, never in a trap.
@Suite("Damaged tables and detectors")
struct ShiftFuzzTests {
    private static func table(_ count: Int, seed: UInt64) -> String {
        var stream = RandomStream(seed: seed, purpose: "test.fuzz")
        let values = stream.uniform([count, 3]).doubles
        var text = "age,group,label,p\n"
        for row in 0..<count {
            let (a, b, c) = (values[3 * row], values[3 * row + 1], values[3 * row + 2])
            text += "\(a * 80),\(b < 0.4 ? "x" : "y"),\(c < 0.5 ? 0 : 1),\(c)\n"
        }
        return text
    }

    /// Bytes with a few changes: flipped, removed, repeated, or words that tables and JSON are made of.
    private static func damaged(_ bytes: [UInt8], _ stream: inout RandomStream) -> [UInt8] {
        let words = [
            "\"", ",", "\n", "NaN", "1e999", "-1", "?", "[", "{}", "null", "\u{0}", "é", "99999999999999999999",
        ]
        var bytes = bytes
        for _ in 0..<(1 + stream.integer(below: 4)) where !bytes.isEmpty {
            let place = stream.integer(below: bytes.count)
            switch stream.integer(below: 5) {
            case 0: bytes[place] ^= UInt8(1 << stream.integer(below: 8))
            case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + stream.integer(below: 20)))
            case 2: bytes.insert(contentsOf: Array(words[stream.integer(below: words.count)].utf8), at: place)
            case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
            default:
                let word = Array(words[stream.integer(below: words.count)].utf8)
                bytes.replaceSubrange(place..<min(bytes.count, place + word.count), with: word)
            }
        }
        return bytes
    }

    private func fitted(_ folder: ScratchFolder) throws -> ShiftDetector {
        let path = folder.url.appendingPathComponent("p.csv").path
        try Data(Self.table(40, seed: 1).utf8).write(to: URL(fileURLWithPath: path))
        var work = ShiftFitOperation(
            reference: path, out: folder.url.appendingPathComponent("d"))
        (work.predictions, work.cases, work.settings.label, work.settings.subsets) = (["p"], 0, "label", 19)
        _ = try work.execute(SilentProgress())
        return try DetectorStore(folder: folder.url.appendingPathComponent("d")).read()
    }

    @Test("700 damaged samples")
    func samples() throws {
        let folder = try ScratchFolder()
        let detector = try fitted(folder)
        let sound = Array(Self.table(12, seed: 2).utf8)
        var stream = RandomStream(seed: 3, purpose: "test.fuzz.samples")
        var (judged, refused) = (0, 0)
        for _ in 0..<700 {
            do {
                let (rows, notes) = try detector.read(sample: Self.damaged(sound, &stream), path: "q.csv")
                _ = try detector.test(rows, path: "q.csv", notes: notes)
                judged += 1
            } catch let error as DataError {
                #expect(error.kind == .malformed, "\(error)")
                refused += 1
            }
        }
        #expect(judged > 50 && refused > 50, "\(judged) judged, \(refused) refused")
    }

    @Test("300 damaged detectors")
    func detectors() throws {
        let folder = try ScratchFolder()
        _ = try fitted(folder)
        let place = folder.url.appendingPathComponent("d")
        let json = place.appendingPathComponent("detector.json")
        let sound = Array(try Data(contentsOf: json))
        let sample = Array(Self.table(12, seed: 2).utf8)
        var stream = RandomStream(seed: 4, purpose: "test.fuzz.detectors")
        var (judged, refused) = (0, 0)
        for _ in 0..<300 {
            try Data(Self.damaged(sound, &stream)).write(to: json)
            do {
                let detector = try DetectorStore(folder: place).read()
                let (rows, _) = try detector.read(sample: sample, path: "q.csv")
                _ = try detector.test(rows, path: "q.csv")
                judged += 1
            } catch is DataError { refused += 1 }
        }
        #expect(judged > 0 && refused > 50, "\(judged) judged, \(refused) refused")
    }
}
