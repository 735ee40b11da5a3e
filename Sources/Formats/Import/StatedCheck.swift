import Basics
import Foundation
import ModelZoo
import Networks

/// Holds what a file says of its network's computation against the architecture that it is to be read as: weights fit
/// many computations, and only one of them is the network.
struct StatedCheck {
    private let architecture: Architecture
    private let activation: Activation?
    private let norm: StatedLayers.Norm?

    private struct Settings: Decodable {
        let activation: Activation?
        let norm: StatedLayers.Norm?
    }

    init(_ architecture: Architecture) {
        self.architecture = architecture
        let text = (try? ZooHeader.text(architecture)) ?? "{}"
        let settings = try? JSONDecoder().decode(Settings.self, from: Data(text.utf8))
        activation = settings?.activation
        let hasNorms = architecture.layout.slots.contains { $0.role == .scale }
        norm = hasNorms ? settings?.norm : StatedLayers.Norm.none
    }

    /// Throws `.malformed` where the file says that it computes something else.
    func check(_ stated: StatedLayers, place: String) throws {
        if let (found, expected, hint) = contradiction(stated) {
            throw DataError(.malformed, path: place, expected: expected, found: found.printable(limit: 300), hint: hint)
        }
    }

    /// What looks wrong, although it may be right.
    func warnings(_ stated: StatedLayers) -> [String] {
        var warnings: [String] = []
        if !stated.isSequence, let activation, let other = differing(stated, activation) {
            warnings.append(
                "the file has \(other) among its modules, and --architecture says \(activation.name): "
                    + "see which one the network calls")
        }
        for case .other(let text) in stated.layers {
            warnings.append("the file has a layer that the architecture has not, and it was passed over: \(text)")
        }
        return warnings
    }

    private typealias Contradiction = (found: String, expected: String, hint: String)

    private func contradiction(_ stated: StatedLayers) -> Contradiction? {
        if let found = normProblem(stated) { return found }
        if isChain, let join = stated.joins.first {
            return (
                "\(join), which joins several inputs", "layers one after the other",
                "the architecture has no connections that skip layers"
            )
        }
        if let found = imageProblem(stated) { return found }
        guard stated.isSequence, let activation, let other = differing(stated, activation) else { return nil }
        let text = stated.activation.flatMap { architecture.with($0) }.flatMap { try? ZooHeader.text($0) }
        return (
            "\(other) in the file", "the activation \(activation.name) of --architecture",
            text.map { "--architecture '\($0)' says what the file says" }
                ?? "weightspace architectures lists the activations that can be computed"
        )
    }

    /// What the file says of rows and columns that the architecture does not.
    private func imageProblem(_ stated: StatedLayers) -> Contradiction? {
        guard let config = architecture.config as? CNN.Config, let stages = stated.stages,
            stages.strides.count == config.channels.count
        else { return nil }
        let expected = "convolutions and pooling as --architecture has them"
        if let problem = stages.problem { return ("\(problem) in the file", expected, "no architecture here has that") }
        var own = config
        stages.applied(to: &own)
        if let image = stages.image { own.image = image }
        func all(_ list: [Int]) -> [Int] { list.count == 1 ? config.channels.map { _ in list[0] } : list }
        let pairs = [
            ("strides", all(config.strides), all(own.strides)), ("paddings", all(config.paddings), all(own.paddings)),
            ("pools", all(config.pools), all(own.pools)),
        ]
        let different = pairs.first { $0.1 != $0.2 }.map { "\($0.0) \($0.2)" }
        let found =
            different
            ?? (own.image != config.image
                ? "samples of \([own.image.channels, own.image.height, own.image.width])" : nil)
            ?? (own.pooling != config.pooling ? "\(own.pooling.rawValue) pooling" : nil)
            ?? (own.readout != config.readout ? "the readout \(own.readout.rawValue)" : nil)
        guard let found else { return nil }
        let text = (try? ZooHeader.text(Architecture.convolutional(own))) ?? ""
        return ("\(found) in the file", expected, "--architecture '\(text)' says what the file says")
    }

    private func differing(_ stated: StatedLayers, _ own: Activation) -> String? {
        for case .activation(let kind, let name) in stated.activations where kind != own { return name }
        return nil
    }

    private func normProblem(_ stated: StatedLayers) -> Contradiction? {
        for case .norm(let kind, let name) in stated.inside {
            guard let norm, norm != kind else { continue }
            if norm == .none {
                return (
                    "\(name) in the file", "a network without norms, as --architecture says",
                    "norms without weights of their own must be saved with weights of 1 and biases of 0"
                )
            }
            return (
                "\(name) in the file", "\(norm.rawValue) norms, as --architecture says",
                kind == .other ? "no architecture computes these" : "say \"norm\":\"\(kind.rawValue)\""
            )
        }
        guard stated.isSequence, norm != StatedLayers.Norm.none, let name = stated.normAfterActivation else {
            return nil
        }
        return (
            "\(name) after the activation", "norms before the activation, where the architecture computes them",
            "weightspace architectures says what each kind computes"
        )
    }

    /// Whether every layer's output goes to the next one alone.
    private var isChain: Bool {
        architecture.config is MLP.Config || architecture.config is CNN.Config || architecture.config is ZooCNN.Config
            || architecture.config is LeNet5.Config
    }
}

extension StatedLayers {
    fileprivate var joins: [String] {
        layers.compactMap { if case .join(let name) = $0 { name } else { nil } }
    }
}

extension Architecture {
    /// The same network with another activation; nil where its kind has none to choose.
    func with(_ activation: Activation) -> Architecture? { replacing("activation", by: activation) }

    /// The same network with norms of another kind; nil where its kind has not that choice.
    func with(norm: StatedLayers.Norm) -> Architecture? { replacing("norm", by: norm.rawValue) }

    private func replacing(_ key: String, by value: some Encodable) -> Architecture? {
        guard let text = try? ZooHeader.text(self), let new = try? ZooHeader.text(value),
            let tree = try? Tree(parsing: Data(text.utf8), path: ""), case .map(var map) = tree,
            let wrapped = try? Tree(parsing: Data("{\"\(key)\":\(new)}".utf8), path: "")
        else { return nil }
        map[key] = wrapped[key]
        let json = Data(Tree.map(map).text().utf8)
        return try? JSONDecoder().decode(Architecture.self, from: json)
    }
}
