import Basics
import Networks
import Tensors

/// What is written of a detector besides its tensors.
public struct DetectorDescription: Codable, Sendable, Equatable {
    /// The version that this code writes and reads.
    public static let version = 2

    /// What the file is.
    public var format = "weightspace-shift-detector"
    /// The version of the format.
    public var version = Self.version
    /// What was said when it was fitted.
    public let settings: DetectorSettings
    /// How the columns of a table become features.
    public let encoding: TableEncoding
    /// The classes of the model in use.
    public let classes: ModelClasses
    /// The class of each reference row, -1 for none; nil where no row has one.
    public let referenceLabels: [Int32]?
    /// The same of the training rows.
    public let trainingLabels: [Int32]?
    /// Rows of P, to which samples are compared.
    public let referenceCount: Int
    /// Rows of T, from which the models learnt; nil without T.
    public let trainingCount: Int?
    /// The architecture of each ensemble's networks, by its kind.
    public let architectures: [String: Architecture]
    /// What the networks of the model in use compute, where its weights are known.
    public let network: Architecture?
    /// The columns that they take.
    public let inputs: DetectorNetwork.Inputs?
    /// What was measured for the sizes of samples.
    public let calibration: ShiftDetector.Calibration
    /// The steps that led to it, where they are known.
    public var provenance: Provenance?

    private enum CodingKeys: String, CodingKey {
        case format, version, settings, encoding, classes, architectures, calibration, network, inputs, provenance
        case referenceLabels = "reference_labels"
        case trainingLabels = "training_labels"
        case referenceCount = "reference_rows"
        case trainingCount = "training_rows"
    }
}

extension ShiftDetector {
    /// Everything but the tensors.
    public var description: DetectorDescription {
        func numbers(_ labels: [Int32?]?) -> [Int32]? { labels.map { $0.map { $0 ?? -1 } } }
        return DetectorDescription(
            settings: settings, encoding: encoding, classes: classes, referenceLabels: numbers(reference.labels),
            trainingLabels: numbers(training?.labels), referenceCount: reference.count, trainingCount: training?.count,
            architectures: Dictionary(
                uniqueKeysWithValues: ensembles.map { ($0.key.rawValue, $0.value.architecture) }),
            network: network?.networks.architecture, inputs: network?.inputs, calibration: calibration)
    }

    /// Everything but the description, in single precision; no number is missing.
    public var tensors: [NamedTensor] {
        let parts = [("reference", reference)] + (training.map { [("training", $0)] } ?? [])
        let rows = parts.flatMap { name, rows -> [NamedTensor] in
            var tensors = rows.probabilities.map { [NamedTensor("\(name).probabilities", $0)] } ?? []
            if !rows.raw.columns.isEmpty {
                let flat = rows.raw.columns.flatMap { $0 }
                let shape: Shape = [rows.raw.columns.count, rows.count]
                tensors.append(NamedTensor("\(name).values", Tensor(flat.map { $0.isNaN ? 0 : $0 }, shape: shape)))
                tensors.append(NamedTensor("\(name).missing", Tensor(flat.map { $0.isNaN ? 1 : 0 }, shape: shape)))
            }
            return tensors
        }
        let networks = EnsembleKind.allCases.compactMap { kind in
            ensembles[kind].map { NamedTensor("ensemble.\(kind.rawValue)", $0.weights) }
        }
        let model = network.map { network in
            [NamedTensor("network", network.networks.weights)]
                + (network.networks.buffers.map { [NamedTensor("network.buffers", $0)] } ?? [])
        }
        return rows + networks + (model ?? [])
    }
}
