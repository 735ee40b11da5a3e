import Foundation
import ModelZoo
import Testing

@Suite("The command refuses bad data")
struct BadDataTests {
    private static let fixtures = Command.checkout.appendingPathComponent("Tests/Fixtures/zoo")

    /// Inspects a file and runs an experiment on it: each gives one message that names it, the status, and no folder.
    private func refused(_ path: String, _ scratch: Scratch, status: Int32 = 65, _ says: [String]) throws {
        let inspected = try Command.run(["zoo", "inspect", path])
        let run = try Command.run(
            ["run", "quickstart", "--arm", "plain-flow", "--quiet", "--set", "zoo.path=\(path)"]
                + ["--out", scratch.path("run")] + TinyZoo.short)
        #expect(inspected.status == status, "\(inspected)")
        for outcome in [inspected, run] {
            #expect(outcome.errors.split(separator: "\n").count == 1 && outcome.errors.contains(path), "\(outcome)")
        }
        #expect(run.status == status && run.output.isEmpty, "\(run)")
        for text in says { #expect(run.errors.contains(text), "\(run)") }
        #expect(!scratch.exists("run"))
    }

    @Test(
        "Files that are no zoo files",
        arguments: [
            ("", "empty"), ("hello\n", "HDF5"), ("\u{89}PNG\r\n\u{1A}\n", "HDF5"),
        ])
    func noZoo(_ content: String, _ says: String) throws {
        let scratch = try Scratch()
        try scratch.put("x.h5", content)
        try refused(scratch.path("x.h5"), scratch, [says])
    }

    @Test(
        "Files that h5py wrote, with one thing wrong",
        arguments: [
            ("bad-width.h5", "D = "), ("bad-nan.h5", "finite"), ("bad-version.h5", "version 2"),
            ("bad-layout.h5", "layout"), ("bad-column.h5", "one value for each"), ("bad-format.h5", "weightspace-zoo"),
            ("bad-type.h5", "real numbers"),
        ])
    func wrong(_ name: String, _ says: String) throws {
        try refused(Self.fixtures.appendingPathComponent(name).path, try Scratch(), [says])
    }

    @Test("A zoo that was cut off anywhere")
    func truncated() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let whole = try scratch.bytes("tiny.h5")
        for length in [1, 8, 95, 600, whole.count / 2, whole.count - 1] {
            try whole.prefix(length).write(to: scratch.file("cut.h5"))
            let outcome = try Command.run(["evaluate", scratch.path("cut.h5")])
            #expect(outcome.status == 65 && outcome.errors.contains("cut.h5"), "\(length) bytes: \(outcome)")
        }
    }

    @Test("A weight that was changed after the file was written")
    func flipped() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        var bytes = try scratch.bytes("tiny.h5")
        let row = try TinyZoo.zoo.get().row(0).withUnsafeBytes { Data($0) }
        let place = try #require(bytes.range(of: row))
        bytes[place.lowerBound + 5] ^= 0x10
        try bytes.write(to: scratch.file("tiny.h5"))
        try refused(scratch.path("tiny.h5"), scratch, [])
    }

    /// What a zoo can lack for an experiment, though the file is sound.
    enum Lack: String, CaseIterable, CustomTestStringConvertible {
        case account, unknownData, otherData, foreignRows, noTestSamples, officialSplit, training, fresh, variety
        var testDescription: String { rawValue }

        var status: Int32 { self == .unknownData ? 66 : 65 }

        var says: String {
            switch self {
            case .account: "attribute `dataset`"
            case .unknownData: "no-such-data"
            case .otherData: "SHA-256"
            case .foreignRows: "row 99999"
            case .noTestSamples: "test samples"
            case .officialSplit: "official test part"
            case .training, .fresh: "at least 2 training and 2 fresh"
            case .variety: "coordinates: {kind: raw} has codes"
            }
        }

        func apply(to zoo: Zoo) throws -> Zoo {
            func about(_ name: String = "digits", sha256: String? = nil, split: ZooDataset.Split? = nil) throws -> Zoo {
                try zoo.about(ZooDataset(name: name, sha256: sha256, scale: [0.0625], split: split))
            }
            switch self {
            case .account: return try zoo.about(nil)
            case .unknownData: return try about("no-such-data")
            case .otherData: return try about(sha256: String(repeating: "0", count: 64))
            case .foreignRows: return try about(split: .indices(train: [0], validation: [1], test: [99_999]))
            case .noTestSamples: return try about(split: .indices(train: [0], validation: [1], test: []))
            case .officialSplit: return try about(split: .official)
            case .training: return zoo.split([0] + Array(repeating: 2, count: 11))
            case .fresh: return zoo.split(Array(repeating: 0, count: 11) + [2])
            case .variety: return zoo.repeated
            }
        }
    }

    @Test("A sound file that no experiment can use", arguments: Lack.allCases)
    func lacking(_ lack: Lack) throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch) { (try? lack.apply(to: $0)) ?? $0 }
        let outcome = try Command.run(TinyZoo.run(scratch, out: "run"))
        #expect(outcome.status == lack.status && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errors.contains(lack.says), "\(outcome)")
        if lack != .variety { #expect(!scratch.exists("run")) }
    }

    @Test("The digits are found from any folder, above the program; data that is nowhere is named")
    func noData() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let outcome = try Command.run(["evaluate", scratch.path("tiny.h5")], in: scratch.url)
        #expect(outcome.status == 0, "\(outcome)")
        let other = try Command.run(["evaluate", scratch.path("tiny.h5"), "--dataset", "no-such-data"])
        #expect(other.status == 66 && other.errors.contains("no-such-data"), "\(other)")
    }
}
