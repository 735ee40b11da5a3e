import Basics
import Foundation
import ShiftDetection

/// What a fit that was stopped goes on from: a record for each size of sample that is measured, in a folder beside the
/// detector. Ensembles are trained again, in seconds, to the same bytes.
struct FitProgress {
    /// The folder of records.
    let folder: URL
    private let identity: String

    /// One size's record.
    private struct Record: Codable {
        let identity: String
        let power: [ShiftPower.Row]
    }

    /// Where the progress of a detector is kept until it is complete.
    static func folder(for detector: URL) -> URL {
        detector.deletingLastPathComponent().appendingPathComponent(detector.lastPathComponent + ".progress")
    }

    /// Opens or makes the folder for a detector's fit. Throws `DataError` (configuration) where there is one, and the fit is
    /// not to go on.
    init(for detector: URL, _ fitted: ShiftDetector, cases: Int, resume: Bool) throws {
        folder = Self.folder(for: detector)
        if FileManager.default.fileExists(atPath: folder.path) {
            guard resume else {
                throw DataError(
                    .configuration, path: folder.path, problem: "holds an unfinished fit of this detector",
                    hint: "go on with --resume, or remove the folder to start again")
            }
        } else {
            try OutputFile.makeFolder(folder)
        }
        let description = try StoredJSON.data(of: fitted.description)
        var hash = FowlerNollVo()
        hash.add(description)
        for tensor in fitted.tensors { hash.add(tensor.value.floats.flatMap { withUnsafeBytes(of: $0) { Array($0) } }) }
        identity = "\(hash.text) \(cases)"
    }

    private func file(_ size: Int) -> URL { folder.appendingPathComponent("size-\(size).json") }

    /// Takes over what is measured of a size; false where it is not, or by another fit.
    func restore(_ size: Int, in calibration: inout ShiftDetector.Calibration) -> Bool {
        guard let data = try? Data(contentsOf: file(size)),
            let record = try? JSONDecoder().decode(Record.self, from: data),
            record.identity == identity
        else { return false }
        calibration.power += record.power
        return true
    }

    /// Records what is measured of a size.
    func save(_ size: Int, _ calibration: ShiftDetector.Calibration) throws {
        let record = Record(identity: identity, power: calibration.power.filter { $0.rows == size })
        try WholeFile.write(StoredJSON.data(of: record), to: file(size))
    }

    /// Removes the folder where the detector is complete, or nothing is measured yet.
    func remove(onlyEmpty: Bool = false) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        if !onlyEmpty || names.isEmpty { try? FileManager.default.removeItem(at: folder) }
    }
}

/// Fowler's, Noll's and Vo's hash (1a, 64 bits): no secret, only a name.
struct FowlerNollVo {
    private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    var text: String { String(hash, radix: 16) }
}
