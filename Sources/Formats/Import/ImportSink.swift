import Basics
import ModelZoo

/// The far end of an import: maps networks onto the layout, gathers the checkpoints of a run, and writes.
struct ImportSink {
    private(set) var report: ZooImport.Report
    private let options: ZooImport
    private let root: String
    /// The zoo file to write; nil for networks in memory.
    private let path: String?
    private let skipped: [NamePattern]
    /// Which of `skipped` some tensor's name has fitted.
    private var usedSkips: Set<Int> = []
    /// K, the places for checkpoints of a run; nil where trajectories are not kept.
    private let places: Int?
    private var target: ImportTarget?
    private var facts: ColumnsBuilder
    private var run: ImportRun?
    private var finishedRuns: Set<String> = []
    /// Where networks of these digests stood first.
    private var firstPlaces: [[UInt8]: String] = [:]
    private static let mostCompared = 1 << 16
    /// Places of networks that are equal.
    private var equals: [String] = []
    /// What the last network's file said of its computation.
    private var checked: StatedLayers?
    /// Most networks whose mapping gets a note of its own.
    private static let mostNotes = 5

    init(_ options: ZooImport, source: any ForeignSource, root: String, path: String?) {
        self.options = options
        self.root = root
        self.path = path
        skipped = options.skipped.map { NamePattern(wildcard: $0) }
        places = options.checkpoints == .trajectory && source.longestRun > 1 ? source.longestRun : nil
        report = ZooImport.Report(format: source.format.rawValue, notes: source.notes)
        facts = ColumnsBuilder(place: root)
    }

    /// Takes the next network or checkpoint; throws `DataError`.
    mutating func take(_ network: ForeignNetwork) throws {
        report.checkpoints += 1
        let row = try mapped(network)
        let name = options.checkpoints == .each ? nil : network.run
        if var current = run, let name, current.name == name {
            // Taken out, so that its rows grow in place.
            run = nil
            try current.append(row, most: places)
            run = current
            return
        }
        try flush()
        if let name, !finishedRuns.insert(name).inserted {
            throw DataError(
                .malformed, path: network.place, expected: "the checkpoints of a run one after the other",
                found: "more of \(name)")
        }
        run = ImportRun(name: name, first: row)
    }

    /// What was collected in memory; nil for a zoo file.
    var collected: Zoo? { (target?.writer as? NetworkCollector)?.zoo }

    /// Writes what is left and gives the file its name; throws `DataError`.
    mutating func finish() throws -> ZooImport.Report {
        try flush()
        guard let target, facts.count > 0 else {
            let found = report.dropped > 0 ? "\(report.dropped), none of them finite" : "none"
            throw DataError(.malformed, path: root, expected: "at least one network", found: found)
        }
        let settled = try SettledColumns(facts.columns(), percent: options.percent, place: root)
        target.writer.setColumns(settled.columns)
        try target.writer.finish()
        report.notes += facts.notes() + settled.notes
        report.parameters = target.layout.count
        if !equals.isEmpty {
            report.notes.append(
                "\(equals.count) network\(equals.count == 1 ? " is" : "s are") equal byte for byte to one before: "
                    + equals.shownFirst(3))
        }
        let more = target.rematched - Self.mostNotes
        if more > 0 { report.notes.append("\(more) more networks of other names were matched by module or order") }
        for index in skipped.indices where !usedSkips.contains(index) {
            report.notes.append("--skip \(skipped[index].text) left nothing out: no tensor is named so")
        }
        return report
    }

    private mutating func mapped(_ network: ForeignNetwork) throws -> ImportRow {
        var tensors = try useful(network)
        complete(&tensors)
        settleEpsilon(&tensors)
        try StatedReading(options).apply(to: &tensors, slots: network.slots, place: shortPlace(network.place))
        if target == nil {
            let dataset = recordedDataset(network)
            target = try ImportTarget(
                options, first: tensors, stateDict: network.hasOwnNames ? network.tensors.map(\.name) : [],
                isOrdered: network.isOrdered, stated: network.stated, dataset: dataset,
                path: path, place: network.place)
        }
        guard let target else { preconditionFailure("ImportSink: no target") }
        let (weights, buffers) = try target.rows(
            of: tensors, isOrdered: network.isOrdered, place: network.place)
        try checkStated(network)
        if let note = target.takeNote(), target.rematched <= Self.mostNotes {
            report.notes.append(target.rematched == 0 ? note : "\(shortPlace(network.place)): \(note)")
        }
        var (facts, spellings) = (network.facts.filter { !$1.isNaN }, network.spellings)
        setAside(&facts, &spellings)
        facts["source"] = .text(shortPlace(network.place))
        if network.run == nil { compare(weights + (buffers ?? []), network.place) }
        if let run = network.run { facts["run"] = .text(shortPlace(run)) }
        if let step = network.step, facts["epoch"] == nil, facts["step"] == nil {
            facts["epoch"] = .integer(Int64(step))
        }
        return ImportRow(
            step: network.step, weights: weights, buffers: buffers, facts: facts, spellings: spellings,
            place: network.place)
    }

    /// Names of columns that the import itself fills.
    private static let own = ["source", "run", "selected"]

    /// Gives facts of the source another name where the import has facts of that name itself.
    private mutating func setAside(_ facts: inout [String: ColumnValue], _ spellings: inout [String: String]) {
        for name in Self.own {
            guard let fact = facts.removeValue(forKey: name) else { continue }
            var other = "source_\(name)"
            while facts[other] != nil { other += "_" }
            (facts[other], spellings[other]) = (fact, spellings.removeValue(forKey: name))
            tell("the source's own fact \(name) is recorded as \(other): \(name) is what the import itself records")
        }
    }

    /// Notes where two networks are the same numbers: links, copies and backups are often taken along unseen.
    private mutating func compare(_ numbers: [Float], _ place: String) {
        guard firstPlaces.count < Self.mostCompared else { return }
        let digest = numbers.withUnsafeBytes { SHA256.digest(of: $0) }
        guard let first = firstPlaces[digest] else {
            firstPlaces[digest] = shortPlace(place)
            return
        }
        equals.append("\(shortPlace(place)) and \(first)")
    }

    /// Holds what the file says of the computation against the architecture.
    private mutating func checkStated(_ network: ForeignNetwork) throws {
        guard let architecture = options.architecture, let stated = network.stated, stated != checked else { return }
        let check = StatedCheck(architecture)
        try check.check(stated, place: network.place)
        for warning in check.warnings(stated) where !report.warnings.contains(warning) {
            report.warnings.append(warning)
        }
        checked = stated
    }

    /// What the networks were trained on: what the import says, else what came with the first of them.
    private mutating func recordedDataset(_ network: ForeignNetwork) -> ZooDataset? {
        guard options.dataset == nil, let text = network.dataset else { return options.dataset }
        guard let dataset = DatasetRecord.read(text) else {
            tell("the file's record of the data set cannot be read, and none was recorded")
            return nil
        }
        tell("the data set and its preparation were recorded as the source has them: \(dataset.name.printable())")
        return dataset
    }

    /// Adds what a file leaves out because it changes nothing.
    private mutating func complete(_ tensors: inout [ForeignTensor]) {
        guard let layout = options.architecture?.layout else { return }
        tensors = AttentionParts.joined(tensors)
        let completed = ModuleCompletion.completed(tensors, layout)
        guard !completed.added.isEmpty else { return }
        tensors = completed.tensors
        tell(
            "tensors that change nothing were added, biases of 0 and scales of 1 that the file leaves out: "
                + completed.added.shownFirst(4))
    }

    /// Brings norms to the epsilon of the architectures.
    private mutating func settleEpsilon(_ tensors: inout [ForeignTensor]) {
        guard let architecture = options.architecture else { return }
        var epsilon = NormEpsilon(architecture)
        epsilon.settle(&tensors)
        for note in epsilon.notes { tell(note) }
        for warning in epsilon.warnings where !report.warnings.contains(warning) { report.warnings.append(warning) }
    }

    /// The tensors that are a network's: no counters, no optimizer's state, nothing that shall be skipped.
    private mutating func useful(_ network: ForeignNetwork) throws -> [ForeignTensor] {
        for note in network.notes { tell(note) }
        try checkBeside(network)
        let kept = network.tensors.filter { !isSkipped($0.name) && !TensorNames.isCounter($0.name) }
        let others = TensorNames.otherKeys(kept.map(\.name))
        let tensors = kept.filter { tensor in !others.contains { tensor.name.hasPrefix("\($0).") } }
        for key in others.sorted() { tell("tensors under \(key) are no network's and were passed over") }
        if let tensor = tensors.first(where: { !$0.values.element.isReal }) {
            throw DataError(
                .malformed, path: network.place, expected: "tensors of real numbers",
                found: "\(tensor.name) \(tensor.shape) of \(tensor.values.element)",
                hint: "--skip \(tensor.name) leaves it out")
        }
        return tensors
    }

    /// Refuses a file with more tensors than the network's own, but for those that shall be skipped.
    private mutating func checkBeside(_ network: ForeignNetwork) throws {
        let names = network.beside.filter { !isSkipped($0) }
        guard let first = names.first else { return }
        let key = first.firstIndex(of: ".").map { "\(first[..<$0]).*" } ?? first
        throw DataError(
            .malformed, path: network.place, expected: "all weights under one key",
            found: "others beside them: \(names.prefix(5).joined(separator: ", "))".printable(),
            hint: "--skip \"\(key.printable())\" leaves them out; to keep them, save one state dict of everything")
    }

    /// Notes something once.
    private mutating func tell(_ note: String) {
        let note = note.printable(limit: 2000)
        if !report.notes.contains(note) { report.notes.append(note) }
    }

    private mutating func isSkipped(_ name: String) -> Bool {
        let fitting = skipped.indices.filter { skipped[$0].match(name) != nil }
        usedSkips.formUnion(fitting)
        return !fitting.isEmpty
    }

    /// A place below the source's own folder, so that the file does not say where it was made.
    private func shortPlace(_ place: String) -> String {
        let folder = root.lastIndex(of: "/").map { root[...$0] } ?? ""
        return place.hasPrefix(folder) ? String(place.dropFirst(folder.count)) : place
    }

    private mutating func flush() throws {
        guard let run = run.take() else { return }
        if let problem = run.notFinite(layout: target?.layout) {
            guard options.dropsNonFinite else { throw problem }
            report.dropped += 1
            return
        }
        guard let target else { return }
        var row = run.last.facts
        row["selected"] = places == nil ? nil : .integer(Int64(run.count - 1))
        try facts.append(row, spellings: run.last.spellings)
        try target.write(run, places: places)
        report.networks += 1
    }
}
