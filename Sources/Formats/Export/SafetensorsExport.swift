import Basics
import ModelZoo
import Networks

/// One safetensors file a network, `network-0007.safetensors` for network 7 of the zoo; facts are its metadata.
/// Checkpoints are `network-0007_step-000120.safetensors`, with the step and, where it is known, the epoch.
struct SafetensorsExport {
    private let selection: ExportSelection
    private let checkpoints: Bool
    private let digits: Int
    private let tensors: ExportedTensors
    /// What is no fact: who reads it, and what the networks were trained on.
    private let metadata: [String: String]

    /// Prepares; throws `.configuration` where the architecture has no such names.
    init(_ selection: ExportSelection, checkpoints: Bool, names: ExportNames) throws {
        self.selection = selection
        tensors = try ExportedTensors(selection.reader.header, names)
        var metadata = ["format": "pt"]
        metadata[DatasetRecord.key] = try DatasetRecord.text(selection.reader.header.dataset, isShort: true)
        metadata["provenance"] = try selection.reader.header.provenance.map { try ZooHeader.text($0) }
        metadata[SlotRecord.key] = try SlotRecord.text(tensors.slots)
        self.metadata = metadata
        self.checkpoints = checkpoints
        digits = String(selection.reader.count - 1).count
    }

    /// Writes a folder, or one file; returns how many files. Throws `DataError`.
    func write(to path: String, _ progress: WorkProgress) throws -> Int {
        let reader = selection.reader
        if selection.rows.count == 1, path.hasSuffix(".safetensors"), !checkpoints {
            let zoo = try reader.read(rows: selection.rows)
            try WholeFile.write(
                try bytes(zoo.weights[...], zoo.buffers?[...], facts(selection.rows[0])), to: path)
            try progress.report(1, of: selection.rows.count)
            return 1
        }
        let folder = try WholeFile.folder(for: path)
        var files = 0
        try selection.forEachBlock { zoo, start in
            for row in 0..<zoo.count {
                let network = selection.rows[start + row]
                let width = zoo.layout.bufferCount
                let buffers = zoo.buffers?[row * width..<(row + 1) * width]
                let name = "\(folder.temporaryPath)/network-\(padded(network, digits))"
                try POSIXFile.create(try bytes(zoo.row(row), buffers, facts(network)), to: "\(name).safetensors")
                files += 1
                if checkpoints { files += try writeCheckpoints(of: network, name) }
                try progress.report(start + row + 1, of: selection.rows.count)
            }
        }
        try folder.commit()
        return files
    }

    private func writeCheckpoints(of network: Int, _ name: String) throws -> Int {
        guard let trajectory = try selection.reader.trajectory(network: network) else { return 0 }
        let layout = selection.reader.header.layout
        var files = 0
        for (place, step) in trajectory.steps.enumerated() where step >= 0 {
            let weights = trajectory.weights[place * layout.count..<(place + 1) * layout.count]
            let buffers = trajectory.buffers.map { $0[place * layout.bufferCount..<(place + 1) * layout.bufferCount] }
            var facts = ["step": "\(step)"]
            facts["epoch"] = epoch(ofStep: step, at: place, of: network, trajectory.steps)
            let file = "\(name)_step-\(padded(Int(step), 6)).safetensors"
            try POSIXFile.create(try bytes(weights, buffers, facts), to: file)
            files += 1
        }
        return files
    }

    /// The epoch of a checkpoint, where it is known: of the selected one what the column `epoch` says, of others the
    /// step where that of the selected one is its epoch. Elsewhere steps may be an optimizer's.
    private func epoch(ofStep step: Int64, at place: Int, of network: Int, _ steps: [Int64]) -> String? {
        func fact(_ name: String) -> Int64? {
            selection.reader.columns[name].flatMap { ColumnValue($0, row: network) }?.integer
        }
        guard let epoch = fact("epoch"), let selected = fact("selected"), let index = Int(exactly: selected),
            steps.indices.contains(index)
        else { return nil }
        if index == place { return "\(epoch)" }
        return epoch > 0 && steps[index] == epoch ? "\(step)" : nil
    }

    private func bytes(
        _ weights: ArraySlice<Float>, _ buffers: ArraySlice<Float>?, _ facts: [String: String]
    ) throws -> [UInt8] {
        let named = tensors.entries.compactMap { entry -> SafetensorsWriter.Entry? in
            switch entry.source {
            case .counter: return .counter(entry.name)
            case .weights(let slot): return .init(name: entry.name, shape: slot.shape, values: Self.part(slot, weights))
            case .buffers(let slot):
                return buffers.map { .init(name: entry.name, shape: slot.shape, values: Self.part(slot, $0)) }
            }
        }
        return try SafetensorsWriter.bytes(named, metadata: facts.merging(metadata) { $1 })
    }

    private static func part(_ slot: Slot, _ values: ArraySlice<Float>) -> ArraySlice<Float> {
        let first = values.startIndex + slot.offset
        return values[first..<first + slot.count]
    }

    private func facts(_ network: Int) -> [String: String] {
        let columns = selection.reader.columns
        var facts: [String: String] = [:]
        for name in columns.names where name != "selected" {
            facts[name] = columns[name].flatMap { ColumnValue($0, row: network)?.text }
        }
        return facts
    }

    private func padded(_ number: Int, _ digits: Int) -> String {
        let text = "\(number)"
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
