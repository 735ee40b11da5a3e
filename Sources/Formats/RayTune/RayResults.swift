/// What a trial's `result.json` says, one JSON object a line.
///
/// Ray 2.7 and later number checkpoints by their count, not by their epoch; a line then names the folder that was
/// written at its end as `checkpoint_dir_name`.
struct RayResults: Sendable {
    /// One line.
    struct Line: Sendable, Hashable {
        let epoch: Int
        let facts: [String: ZooFact]
    }

    /// Facts by epoch; the last line of an epoch counts.
    private var epochs: [Int: [String: ZooFact]] = [:]
    /// Lines by the checkpoint's folder that they name; the last line counts.
    private var folders: [String: Line] = [:]

    /// Reads the lines; `place` is for messages. Throws `.malformed` naming the line.
    init(_ bytes: [UInt8], place: String) throws {
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard line.contains(where: { $0 > 32 }) else { continue }
            let facts = try JSONFacts.read(line, place: "\(place), line \(index + 1)")
            guard case .integer(let number) = facts["training_iteration"] else { continue }
            let line = Line(epoch: Int(number), facts: RayTrial.cleaned(facts))
            epochs[line.epoch] = line.facts
            if case .text(let path) = facts["checkpoint_dir_name"], let name = path.split(separator: "/").last {
                folders[String(name)] = line
            }
        }
    }

    /// Whether lines name checkpoints.
    var namesCheckpoints: Bool { !folders.isEmpty }

    /// What was measured at the end of an epoch.
    subscript(epoch: Int) -> [String: ZooFact]? { epochs[epoch] }

    /// The line that names a checkpoint's folder.
    subscript(folder: String) -> Line? { folders[folder] }
}
