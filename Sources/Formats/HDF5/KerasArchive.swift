import Basics
import Foundation
import ModelZoo
import Networks

/// A `.keras` file: a ZIP archive of the model's configuration, which tells the order of the layers, and of its weights
/// in HDF5.
struct KerasArchive: ForeignSource {
    let format = ZooFormat.keras
    let path: String

    private static let (config, weights) = ("config.json", "model.weights.h5")

    /// Whether an archive that holds these files is one.
    static func isKeras(_ names: [String]) -> Bool { names.contains(weights) && names.contains(config) }

    /// The source of a Keras file of either form, an archive or HDF5 itself.
    static func source(_ path: String) throws -> any ForeignSource {
        let file = try RegularFile(path: path)
        let isArchive = try file.read(0..<min(4, file.count)).starts(with: ZipFormat.signature)
        return isArchive ? KerasArchive(path: path) : KerasSource(path: path)
    }

    func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        let archive = try ZipArchive(path: path)
        guard let config = archive[Self.config], let weights = archive[Self.weights] else {
            throw DataError(
                .malformed, path: path, expected: "\(Self.config) and \(Self.weights) in a .keras file",
                found: archive.entries.map(\.name).shownFirst())
        }
        let model: KerasModel
        do {
            model = try KerasModel(json: try archive.read(config))
        } catch let error as DecodingError {
            throw DataError(
                .malformed, path: "\(path), \(Self.config)", expected: "a model's configuration in JSON",
                found: error.reason)
        }
        // The library reads files alone, and only such as a process of its own has walked.
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weightspace-\(UUID().uuidString)")
        let name = URL(fileURLWithPath: path).lastPathComponent
        let file = folder.appendingPathComponent("\(name).h5")
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Data(try archive.read(weights)).write(to: file)
        } catch let error as CocoaError {
            let failure = DataError.system(error, at: folder.path)
            throw DataError(
                failure.kind, path: folder.path, problem: failure.found,
                hint: "the weights of the archive are put there: TMPDIR names another folder")
        }
        do {
            try KerasSource(path: file.path, model: model, place: path).forEach(body)
        } catch let error as DataError where error.path.hasPrefix(file.path) {
            let rest = error.path.dropFirst(file.path.count)
            throw DataError(
                error.kind, path: "\(path), \(Self.weights)\(rest)", expected: error.expected, found: error.found,
                hint: error.hint)
        }
    }
}

/// The layers of a Keras model in the order of its configuration, models among them.
struct KerasModel: Sendable {
    private struct Layer: Sendable {
        let name: String
        /// What the file calls it: its class, and a number from the second one of a class on.
        let group: String
        let model: KerasModel?
        let class_name: String
        let settings: KerasSettings?
    }

    private let layers: [Layer]
    /// Whether any layer takes channels before rows and columns.
    let isChannelsFirst: Bool
    private static let deepest = 16

    /// Reads a configuration; throws `DecodingError`.
    init(json: [UInt8]) throws {
        let content = try ForeignJSON.decode(Content.self, from: json, allowsNaN: true)
        self.init(
            content.config, isChannelsFirst: String(decoding: json, as: UTF8.self).contains("channels_first"), depth: 0)
    }

    private init(_ config: Content.Config?, isChannelsFirst: Bool, depth: Int) {
        var counts: [String: Int] = [:]
        layers = (config?.layers ?? []).map { layer in
            let base = Self.snake(layer.class_name ?? "")
            let number = counts[base, default: 0]
            counts[base] = number + 1
            let inner =
                layer.config?.layers == nil || depth >= Self.deepest
                ? nil
                : KerasModel(layer.config, isChannelsFirst: isChannelsFirst, depth: depth + 1)
            return Layer(
                name: layer.config?.name ?? layer.name ?? "", group: number == 0 ? base : "\(base)_\(number)",
                model: inner, class_name: layer.class_name ?? "", settings: layer.config?.settings)
        }
        self.isChannelsFirst = isChannelsFirst
    }

    /// Groups of a file in the order of the model's layers; nil where one is none of its layers. `name` is what the
    /// file says that a group's layer was called.
    func order(of groups: [String], name: (String) throws -> String?) throws -> [String]? {
        var places: [(place: Int, group: String)] = []
        for group in groups {
            let own = try name(group)
            let place =
                own.flatMap { own in layers.firstIndex { $0.name == own } }
                ?? layers.firstIndex { $0.group == group }
            // What is no layer (the folder of all layers, their variables) has no place.
            places.append((place ?? -1, group))
        }
        let known = places.filter { $0.place >= 0 }
        guard Set(known.map(\.place)).count == known.count else { return nil }
        return places.sorted { $0.place < $1.place }.map(\.group)
    }

    /// What the configuration says of the computation.
    var stated: StatedLayers {
        var stated = StatedLayers()
        for layer in layers {
            if let model = layer.model {
                stated.layers += model.stated.layers
            } else {
                stated.layers += KerasSettings.stated(layer.class_name, layer.settings).map(oriented)
            }
        }
        return stated
    }

    /// A layer whose image has its channels where the model has them.
    private func oriented(_ layer: StatedLayers.Layer) -> StatedLayers.Layer {
        guard isChannelsFirst, case .spatial(.image(let image)) = layer else { return layer }
        // Read as rows, columns, channels.
        return .spatial(
            .image(ImageExtent(channels: image.height, height: image.width, width: image.channels)))
    }

    /// The epsilons of its norms in their order, batch norms' or the others'.
    func epsilons(ofBatchNorms isBatch: Bool) -> [Double] {
        layers.flatMap { layer in
            if let model = layer.model { return model.epsilons(ofBatchNorms: isBatch) }
            let stated = KerasSettings.stated(layer.class_name, layer.settings)
            guard
                stated.contains(where: {
                    if case .norm(let kind, _) = $0 { (kind == .batch) == isBatch } else { false }
                })
            else { return [] }
            return [layer.settings?.epsilon ?? KerasSettings.usualEpsilon]
        }
    }

    /// The model that a layer is; nil where it is a plain layer.
    func inner(_ name: String) -> KerasModel? { layers.first { $0.name == name || $0.group == name }?.model }

    /// The name that Keras gives to a class, `batch_normalization` of `BatchNormalization`.
    private static func snake(_ name: String) -> String {
        let letters = Array(name.filter { $0.isLetter || $0.isNumber || $0 == "_" })
        var text = ""
        for (index, letter) in letters.enumerated() {
            let after = index + 1 < letters.count ? letters[index + 1] : " "
            let before = index > 0 ? letters[index - 1] : " "
            if index > 0, letter.isUppercase, before.isLowercase || after.isLowercase { text += "_" }
            text += letter.lowercased()
        }
        return text
    }

    private struct Content: Decodable {
        let config: Config?

        final class Config: Decodable {
            let name: String?
            let layers: [Layer]?
            let settings: KerasSettings?

            private enum CodingKeys: String, CodingKey { case name, layers }

            init(from decoder: any Decoder) throws {
                // The first versions had a list of layers here.
                if let list = try? decoder.singleValueContainer().decode([Layer].self) {
                    (name, layers, settings) = (nil, list, nil)
                    return
                }
                let fields = try decoder.container(keyedBy: CodingKeys.self)
                name = try fields.decodeIfPresent(String.self, forKey: .name)
                layers = try fields.decodeIfPresent([Layer].self, forKey: .layers)
                settings = try? KerasSettings(from: decoder)
            }
        }

        struct Layer: Decodable {
            let class_name: String?
            let name: String?
            let config: Config?
        }
    }
}
