import Basics
import Networks
import Tensors

extension ShiftDetector {
    /// A detector of its parts. Throws `DataError` (malformed) where they do not fit each other, which names `path`.
    public init(_ description: DetectorDescription, tensors: [NamedTensor], path: String) throws {
        let parts = DetectorParts(description, tensors: tensors, path: path)
        if let problem = description.settings.problem { throw parts.damaged(problem) }
        let training = try description.trainingCount.map { try parts.rows("training", $0, description.trainingLabels) }
        let reference = try parts.rows("reference", description.referenceCount, description.referenceLabels)
        let (ensembles, network) = (try parts.ensembles(), try parts.network())
        let rows = [training, reference].compactMap { $0 }
        if let problem = Self.problem(description.encoding, description.classes, rows, ensembles)
            ?? Self.problem(description.settings.method, training != nil, ensembles)
        {
            throw parts.damaged(problem)
        }
        self.init(
            settings: description.settings, encoding: description.encoding, classes: description.classes,
            training: training, reference: reference, ensembles: ensembles, network: network)
        calibration = description.calibration
    }

    /// Why a method cannot decide here, or nil.
    public static func problem(
        _ method: Described<ShiftMethodFamily>, _ hasTraining: Bool, _ ensembles: [EnsembleKind: ShiftEnsemble]
    ) -> String? {
        if method.member.level != .exact {
            return "\(method.kind) is compared with samples of the reference alone, which gives it no level"
        }
        if method.member.needsFeatures, !hasTraining {
            return "\(method.kind) looks at inputs, and there are no training rows"
        }
        let lacking = method.member.ensembles.subtracting(ensembles.keys).map(\.rawValue).sorted().first
        return lacking.map { "\(method.kind) asks \($0) networks, and there are none" }
    }
}

/// Takes a detector's parts out of what was read, and checks each.
private struct DetectorParts {
    private let description: DetectorDescription
    private let named: [String: Tensor]
    private let path: String

    init(_ description: DetectorDescription, tensors: [NamedTensor], path: String) {
        named = Dictionary(tensors.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        (self.description, self.path) = (description, path)
    }

    func damaged(_ problem: String) -> DataError {
        DataError(
            .malformed, path: path, problem: "is damaged: \(problem)", hint: "fit the detector again with `shift fit`")
    }

    func rows(_ name: String, _ count: Int, _ labels: [Int32]?) throws -> DetectorRows {
        guard (1...1 << 31).contains(count), labels.map({ $0.count == count }) ?? true else {
            throw damaged("\(count) \(name) rows, \(labels?.count ?? 0) labels")
        }
        let probabilities = named["\(name).probabilities"]?.converted(to: .double)
        guard probabilities.map({ $0.rank == 2 && $0.shape[0] == count }) ?? true else {
            throw damaged("probabilities of \(name) rows")
        }
        return DetectorRows(
            raw: RawRows(columns: try columns(name, count), count: count), probabilities: probabilities,
            labels: labels.map { $0.map { $0 < 0 ? nil : $0 } })
    }

    private func columns(_ name: String, _ count: Int) throws -> [[Double]] {
        let encodings = description.encoding.columns
        guard !encodings.isEmpty else { return [] }
        let shape: Shape = [encodings.count, count]
        guard let values = named["\(name).values"], let missing = named["\(name).missing"], values.shape == shape,
            missing.shape == shape
        else { throw damaged("the values of \(name) rows") }
        let flat = zip(values.doubles, missing.doubles).map { $1 == 0 ? $0 : .nan }
        return try encodings.enumerated().map { place, encoding in
            let own = Array(flat[place * count..<(place + 1) * count])
            guard case .categories(let names) = encoding.content else { return own }
            let codes = -1..<Double(names.count)
            guard own.allSatisfy({ $0.isNaN || ($0 == $0.rounded() && codes.contains($0)) }) else {
                throw damaged("a category of column \(encoding.name.printable())")
            }
            return own
        }
    }

    func ensembles() throws -> [EnsembleKind: ShiftEnsemble] {
        var ensembles: [EnsembleKind: ShiftEnsemble] = [:]
        for (name, architecture) in description.architectures {
            guard let kind = EnsembleKind(rawValue: name), let weights = named["ensemble.\(name)"],
                fits(weights, architecture)
            else { throw damaged("networks '\(name.printable())'") }
            ensembles[kind] = ShiftEnsemble(architecture: architecture, weights: weights)
        }
        return ensembles
    }

    func network() throws -> DetectorNetwork? {
        guard let architecture = description.network, let inputs = description.inputs else { return nil }
        let buffers = named["network.buffers"]
        guard let weights = named["network"], fits(weights, architecture), inputs.isSound,
            architecture.input == .features(inputs.columns.count),
            architecture.outputs == description.classes.names.count,
            architecture.layout.bufferCount == 0
                || buffers?.shape == [weights.shape[0], architecture.layout.bufferCount]
        else { throw damaged("the model's networks") }
        return DetectorNetwork(
            networks: ShiftEnsemble(architecture: architecture, weights: weights, buffers: buffers), inputs: inputs)
    }

    private func fits(_ weights: Tensor, _ architecture: Architecture) -> Bool {
        weights.rank == 2 && weights.shape[0] > 0 && weights.shape[1] == architecture.layout.count
    }
}
