import Basics
import ModelZoo
import Networks

/// Where an import's networks go, and the mapping of tensors onto their layout.
final class ImportTarget {
    let layout: ParameterLayout
    let writer: any ImportedNetworks
    private let schemes: [NameScheme]
    private var mapping: TensorMapping
    private var note: String?
    private let hasBuffers: Bool
    private let flatOrder: ZooImport.FlatOrder
    /// Whether the layout is that of the first network.
    private let isGuessed: Bool
    /// Where tensors of other names than the layout's went, by the set of their names: it is decided once.
    private var known: [Set<String>: [String: Int]] = [:]
    /// Beyond so many sets nothing is kept: memory must not grow with networks that all have names of their own.
    private static let mostKnown = 1024
    /// Networks after the first one that were matched by module or order.
    private(set) var rematched = 0

    /// Starts a file for networks like the first one, or a collection in memory without a path; throws `DataError`.
    ///
    /// - stateDict: the names of all the first network's tensors, counters included, in their order; empty where they
    ///   are not to be recorded.
    init(
        _ options: ZooImport, first: [ForeignTensor], stateDict: [String], isOrdered: Bool, stated: StatedLayers? = nil,
        dataset: ZooDataset? = nil, path: String?, place: String
    ) throws {
        layout = try options.layout ?? LayoutGuess.layout(of: first, place: place)
        guard layout.count > 0 else {
            throw DataError(
                .malformed, path: place, expected: "at least one tensor of weights",
                found: "running statistics only: " + first.prefix(5).map(\.name).joined(separator: ", "))
        }
        schemes = options.architecture?.nameSchemes ?? []
        mapping = try TensorMapping(first, isOrdered: isOrdered, layout: layout, schemes: schemes, place: place)
        flatOrder = options.flatOrder
        isGuessed = options.layout == nil
        hasBuffers = !mapping.buffers.isEmpty
        var header =
            options.architecture.map { ZooHeader(architecture: $0, dataset: dataset) }
            ?? ZooHeader(layout: layout, dataset: dataset)
        header.provenance = options.provenance
        let view = TensorView(first, layout: layout)
        if mapping.basis != .flat, !view.isTransposed {
            header.names = mapping.stateDict(stateDict, layout: layout)
        }
        writer =
            try path.map { try ZooWriter(path: $0, header: header, compression: options.compression) }
            ?? NetworkCollector(header: header)
        try checkStatistics(first, isOrdered: isOrdered, options.architecture, place: place)
        note = notes(first, view, isOrdered: isOrdered, features: options.sampleSize, stated: stated)
        remember(mapping)
    }

    /// What a person should know of the first network's mapping.
    private func notes(
        _ tensors: [ForeignTensor], _ view: TensorView, isOrdered: Bool, features: Int?, stated: StatedLayers?
    ) -> String? {
        var notes = [mapping.note(layout, isTransposed: view.isTransposed)].compactMap { $0 }
        if case .scheme(let name) = mapping.basis, let more = schemes.first(where: { $0.name == name })?.reading {
            notes.append(more)
        }
        if view.isTransposed { notes.append("kernels are [in, out] as in Flax and Keras, and were transposed") }
        if !hasBuffers, layout.bufferCount > 0 { notes.append("the source has no running statistics") }
        let hasNorms = layout.slots.contains { $0.role == .scale }
        if hasNorms, case .modules = mapping.basis {
            notes.append("norms were taken to stand where the architecture has them, before the activation")
        }
        if isGuessed {
            if let doubt = Self.oddOnes(tensors, view) { notes.append(doubt) }
            let proposals = ArchitectureProposal(
                view, isOrdered: isOrdered, features: features, stated: stated
            ).texts()
            let open = [
                stated?.activation == nil ? "the activation" : nil, stated?.stages == nil ? "padding, pooling" : nil,
                "heads",
            ].compactMap { $0 }.joined(separator: ", ")
            if !proposals.isEmpty {
                notes.append(
                    "to run and judge these networks import them with --architecture "
                        + proposals.joined(separator: " or ")
                        + ", corrected where the file cannot tell: \(open)")
            }
        }
        return notes.isEmpty ? nil : notes.joined(separator: "; ")
    }

    /// What is to be said of tensors that stand in no layer where all others do: a criterion's weights, a data set's
    /// mean. Nil where there are none.
    private static func oddOnes(_ tensors: [ForeignTensor], _ view: TensorView) -> String? {
        let odd = LeftOverAdvice.oddOnes(view)
        guard !odd.isEmpty, odd.count < view.names.count, let advice = LeftOverAdvice(tensors, view, odd).text(nil)
        else { return nil }
        return "\(odd.map { view.names[$0] }.shownFirst(3)) \(odd.count == 1 ? "stands" : "stand") in no layer, and "
            + "\(odd.count == 1 ? "was" : "were") taken as weights: where the network does not compute with "
            + "\(odd.count == 1 ? "it" : "them"), \(advice)"
    }

    /// Refuses norms without running statistics for batch norms, where layer norms would take them: a batch norm's
    /// state dict has its statistics. Throws `.malformed`.
    private func checkStatistics(
        _ tensors: [ForeignTensor], isOrdered: Bool, _ architecture: Architecture?, place: String
    ) throws {
        guard !hasBuffers, layout.bufferCount > 0, mapping.basis != .flat,
            let other = architecture?.with(norm: .layer), other != architecture,
            (try? TensorMapping(
                tensors, isOrdered: isOrdered, layout: other.layout, schemes: other.nameSchemes, place: place)) != nil,
            let text = try? ZooHeader.text(other)
        else { return }
        throw DataError(
            .malformed, path: place, expected: "running means and variances of batch norms",
            found: "none, as layer norms have them", hint: "--architecture '\(text)' reads them as layer norms")
    }

    /// Notes on the last network's mapping, each given once.
    func takeNote() -> String? { note.take() }

    /// A network's tensors as rows of weights and buffers; throws `.malformed` naming a tensor that does not fit.
    func rows(
        of tensors: [ForeignTensor], isOrdered: Bool, place: String
    ) throws -> (weights: [Float], buffers: [Float]?) {
        if !mapping.fits(tensors, layout: layout) {
            mapping = try next(tensors, isOrdered: isOrdered, place: place)
            guard hasBuffers == !mapping.buffers.isEmpty else {
                throw DataError(
                    .malformed, path: place, expected: "running statistics as in the networks before",
                    found: hasBuffers ? "none" : "some")
            }
        }
        if mapping.basis == .flat { return (unflattened(tensors[0].values.floats()), nil) }
        guard flatOrder == .layout else {
            throw DataError(
                .configuration, path: "--order", expected: "vectors without names",
                found: "\(tensors.count) tensors in \(place)", hint: "leave --order out: names say what lies where")
        }
        let view = TensorView(tensors, layout: layout)
        func gather(_ places: [Int], _ slots: [Slot], _ count: Int) -> [Float] {
            var row: [Float] = []
            row.reserveCapacity(count)
            for (place, slot) in zip(places, slots) { row += view.values(tensors[place], at: place, for: slot) }
            return row
        }
        return (
            gather(mapping.weights, layout.slots, layout.count),
            hasBuffers ? gather(mapping.buffers, layout.buffers, layout.bufferCount) : nil
        )
    }

    /// The mapping of a network whose tensors stand in another order or bear other names than those of the last one:
    /// by name where the layout is the first network's, as before where these names are known, else anew.
    private func next(_ tensors: [ForeignTensor], isOrdered: Bool, place: String) throws -> TensorMapping {
        if isGuessed { return try TensorMapping(tensors, byNameAlone: true, layout: layout, place: place) }
        let names = TensorNames.unwrapped(tensors.map(\.name)).last ?? []
        if let slots = known[Set(names)], slots.count == names.count {
            return try TensorMapping(tensors, following: slots, layout: layout, place: place)
        }
        let found = try TensorMapping(
            tensors, isOrdered: isOrdered, layout: layout, schemes: schemes, place: place)
        note = found.note(layout)
        if note != nil { rematched += 1 }
        remember(found)
        return found
    }

    private func remember(_ mapping: TensorMapping) {
        guard known.count < Self.mostKnown, let slots = mapping.slotsByName() else { return }
        known[Set(slots.keys)] = slots
    }

    /// A vector's numbers in the layout's order.
    private func unflattened(_ vector: [Float]) -> [Float] {
        guard flatOrder == .weightsFirst else { return vector }
        var row = vector
        var next = 0
        for isWeight in [true, false] {
            for slot in layout.slots where (slot.role == .weight) == isWeight {
                row.replaceSubrange(slot.range, with: vector[next..<next + slot.count])
                next += slot.count
            }
        }
        return row
    }

    /// Appends a run, padded to `places` checkpoints where these are kept; throws as `ZooWriter.append`.
    func write(_ run: ImportRun, places: Int?) throws {
        let trajectory = places.map { places in
            func padded(_ values: [Float], _ width: Int) -> [Float] {
                values + [Float](repeating: 0, count: (places - run.count) * width)
            }
            return ZooTrajectory(
                checkpoints: places, steps: run.steps + [Int64](repeating: -1, count: places - run.count),
                weights: padded(run.weights, layout.count),
                buffers: run.buffers.map { padded($0, layout.bufferCount) })
        }
        try writer.append(
            Zoo(header: writer.header, weights: run.last.weights, buffers: run.last.buffers, trajectory: trajectory))
    }
}

/// A layout for networks of an unknown architecture: the tensors of a file in its order, roles guessed from names.
enum LayoutGuess {
    private static let most = 1 << 40

    /// The layout of these tensors; throws `.malformed` where a tensor is empty, or a vector has no parts.
    static func layout(of tensors: [ForeignTensor], place: String) throws -> ParameterLayout {
        // In PyTorch's words and order of axes, as they are matched.
        let view = TensorView(tensors)
        let names = TensorNames.unwrapped(view.names).last ?? []
        guard let first = tensors.first else {
            throw DataError(.malformed, path: place, expected: "tensors", found: "none")
        }
        if tensors.count == 1, first.shape.count == 1 {
            throw DataError(
                .malformed, path: place, expected: "named tensors",
                found: "one vector of \(first.values.count) numbers",
                hint: "--architecture says what lies where in it")
        }
        guard Set(names).count == names.count else {
            throw DataError(.malformed, path: place, expected: "tensors of different names", found: "two of the same")
        }
        // The neighbour of a running mean is a normalisation; so is a weight with one axis.
        let isNorm = Set(
            zip(names, view.shapes).filter { name, shape in
                TensorNames.isBuffer(name) || (TensorNames.leaf(name) == "weight" && shape.count == 1)
            }.map { TensorNames.module($0.0) })
        var builder = ParameterLayout.Builder()
        for (index, (name, tensor)) in zip(names, tensors).enumerated() {
            let shape = view.shapes[index]
            guard tensor.values.count > 0, tensor.values.count < most else {
                throw DataError(
                    .malformed, path: place, expected: "tensors that are not empty",
                    found: "\(tensor.name) \(tensor.shape)",
                    hint: "--skip \(tensor.name) leaves it out")
            }
            if TensorNames.isBuffer(name) {
                let role = TensorNames.leaf(name) == "running_var" ? Slot.Role.scale : .shift
                _ = builder.addBuffer(name, shape: shape, role: role)
            } else {
                let isOfNorm = isNorm.contains(TensorNames.module(name))
                let role = role(name, of: tensor.name, rank: shape.count, isNorm: isOfNorm)
                _ = builder.addSlot(name, shape: shape, role: role)
            }
        }
        return builder.layout()
    }

    private static func role(_ name: String, of own: String, rank: Int, isNorm: Bool) -> Slot.Role {
        if isNorm { return TensorNames.leaf(name) == "weight" ? .scale : .shift }
        if rank < 2 { return .bias }
        return rank == 2 && own.lowercased().contains("emb") ? .embedding : .weight
    }
}
