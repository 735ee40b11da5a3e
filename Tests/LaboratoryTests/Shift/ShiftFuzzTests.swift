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

    /// Bytes with one digit changed for another.
    private static func withOtherDigit(_ bytes: [UInt8], _ stream: inout RandomStream) -> [UInt8] {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let places = bytes.indices.filter { digits.contains(bytes[$0]) }
        var bytes = bytes
        bytes[places[stream.integer(below: places.count)]] = digits.lowerBound + UInt8(stream.integer(below: 10))
        return bytes
    }

    private func fitted(_ folder: ScratchFolder) throws -> ShiftDetector {
        let path = folder.url.appendingPathComponent("p.csv").path
        try Data(LabelledTable.csv(40, seed: 1).utf8).write(to: URL(fileURLWithPath: path))
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
        let sound = Array(LabelledTable.csv(12, seed: 2).utf8)
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
        #expect(judged > 20 && refused > 50, "\(judged) judged, \(refused) refused")
    }

    @Test("150 damaged detectors are told to be damaged, or of another version")
    func detectors() throws {
        let folder = try ScratchFolder()
        _ = try fitted(folder)
        var stream = RandomStream(seed: 4, purpose: "test.fuzz.detectors")
        for name in ["detector.json", "tensors.h5"] {
            let file = folder.file("d/\(name)")
            let sound = Array(try Data(contentsOf: file))
            for _ in 0..<75 {
                let bytes = Self.damaged(sound, &stream)
                try Data(bytes).write(to: file)
                if bytes == sound { continue }
                let error = try requireDataError { _ = try DetectorStore(folder: folder.file("d")).read() }
                #expect(
                    error.kind == .malformed && (error.found.contains("is damaged") || error.found.contains("version")))
            }
            try Data(sound).write(to: file)
        }
        _ = try DetectorStore(folder: folder.file("d")).read()
    }

    @Test("150 damaged detectors whose checksum somebody has made right end without a trap")
    func forged() throws {
        let folder = try ScratchFolder()
        _ = try fitted(folder)
        let (place, json) = (folder.file("d"), folder.file("d/detector.json"))
        let sound = Array(try folder.text("d/detector.json").replacing(#/,\s*"checksum": "[0-9a-f]+"/#, with: "").utf8)
        let sample = Array(LabelledTable.csv(12, seed: 2).utf8)
        var stream = RandomStream(seed: 5, purpose: "test.fuzz.forged")
        var (judged, refused) = (0, 0)
        for index in 0..<150 {
            // Other digits often leave sound JSON with other numbers; other damage rarely does.
            let bytes = index % 3 == 0 ? Self.withOtherDigit(sound, &stream) : Self.damaged(sound, &stream)
            let text = String(decoding: bytes, as: UTF8.self)
            try Data(DetectorSeal.sealed(text, beside: folder.file("d/tensors.h5"))).write(to: json)
            do {
                let detector = try DetectorStore(folder: place).read()
                let (rows, _) = try detector.read(sample: sample, path: "q.csv")
                _ = try detector.test(rows, path: "q.csv")
                judged += 1
            } catch let error as DataError {
                #expect(!error.found.contains("checksum"))
                refused += 1
            }
        }
        #expect(judged > 0 && refused > 30, "\(judged) judged, \(refused) refused")
    }
}
