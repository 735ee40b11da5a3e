import Basics
import ModelZoo

/// One network in a Keras HDF5 file; TensorFlow's names and orders of axes become PyTorch's.
struct KerasSource: ForeignSource {
    let format = ZooFormat.keras
    let path: String
    /// What the model's configuration says, where it stands beside the file.
    var model: KerasModel?
    /// The file for messages, where it is another.
    var place: String?

    func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        let file = try HDF5File.openForeign(path)
        let config = try file.text(attribute: "model_config") ?? ""
        var axes = TensorFlowAxes(channelsFirst: model?.isChannelsFirst ?? config.contains("channels_first"))
        var tensors: [ForeignTensor] = []
        for variable in try KerasVariables.list(file, model: model) {
            tensors.append(axes.convert(try file.foreignTensor(variable.dataset, name: variable.name)))
        }
        let described = model ?? (try? KerasModel(json: Array(config.utf8)))
        Self.setEpsilons(described, &tensors)
        var network = ForeignNetwork(tensors: tensors, place: place ?? path)
        network.stated = described?.stated
        network.hasOwnNames = false
        try body(network)
    }
}

extension KerasSource {
    /// Notes what every norm adds to its variance: what the configuration says in the order of the norms, else what is
    /// usual.
    static func setEpsilons(_ model: KerasModel?, _ tensors: inout [ForeignTensor]) {
        let statistics = tensors.indices.filter { TensorNames.leaf(tensors[$0].name) == "running_var" }
        let modules = Set(statistics.map { TensorNames.module(tensors[$0].name) })
        let others = tensors.indices.filter { index in
            let name = tensors[index].name
            return TensorNames.leaf(name) == "weight" && tensors[index].shape.count == 1
                && !modules.contains(TensorNames.module(name))
        }
        for (places, isBatch) in [(statistics, true), (others, false)] {
            let known = model?.epsilons(ofBatchNorms: isBatch) ?? []
            for (number, place) in places.enumerated() {
                if known.count == places.count {
                    tensors[place].epsilon = known[number]
                } else if Set(known).count < 2 {
                    tensors[place].epsilon = known.first ?? KerasSettings.usualEpsilon
                }
            }
        }
    }
}

/// Finds the variables of a Keras file: their names, and the datasets that hold them.
package enum KerasVariables {
    /// A variable's name, as `dense/kernel:0`, and its dataset.
    struct Variable: Hashable {
        let name: String
        let dataset: String
    }

    /// Whether a file looks like one that Keras wrote.
    static func isKeras(_ file: borrowing HDF5File) throws -> Bool {
        if try file.contains("/model_weights") { return true }
        if try !texts(file, "layer_names", of: "/").isEmpty { return true }
        return try root3(file) != nil
    }

    /// All variables but the optimizer's; throws `.malformed` where there are none.
    static func list(_ file: borrowing HDF5File, model: KerasModel? = nil) throws -> [Variable] {
        let root = try file.contains("/model_weights") ? "/model_weights" : "/"
        let layers = try texts(file, "layer_names", of: root)
        let found = layers.isEmpty ? try numbered(file, model: model) : try named(file, root: root, layers: layers)
        guard !found.isEmpty else {
            throw DataError(
                .malformed, path: file.path, expected: "Keras layers with variables", found: "none",
                hint: "save the model with its weights")
        }
        return found
    }

    /// Keras 2, and `.h5` files of Keras 3: `layer_names` of the root, in forward order, and `weight_names` of every
    /// layer's group.
    private static func named(_ file: borrowing HDF5File, root: String, layers: [String]) throws -> [Variable] {
        var found: [Variable] = []
        for layer in layers {
            let group = root == "/" ? "/\(layer)" : "\(root)/\(layer)"
            guard try file.contains(group) else {
                throw DataError(.malformed, path: file.path, expected: "a group \(group)", found: "none")
            }
            for name in try texts(file, "weight_names", of: group) where !isBookkeeping(name) {
                found.append(
                    Variable(name: name.contains("/") ? name : "\(layer)/\(name)", dataset: "\(group)/\(name)"))
            }
        }
        return found
    }

    /// A list of texts; one that is too long for an attribute continues in `name0`, `name1`, ...
    private static func texts(_ file: borrowing HDF5File, _ name: String, of group: String) throws -> [String] {
        if let list = try file.texts(attribute: name, of: group) { return list }
        var list: [String] = []
        var part = 0
        while let texts = try file.texts(attribute: "\(name)\(part)", of: group), !texts.isEmpty {
            list += texts
            part += 1
        }
        return list
    }

    /// State of random generators and the like, which is no part of the network.
    private static func isBookkeeping(_ name: String) -> Bool { name.contains("seed_generator_state") }
}

extension KerasVariables {
    private static let deepest = 16

    /// The group below which Keras 3 (`.weights.h5`) keeps its layers, or nil.
    private static func root3(_ file: borrowing HDF5File) throws -> String? {
        for name in ["/layers", "/_layer_checkpoint_dependencies"] where try file.contains(name) {
            if try file.kind(of: name) == .group { return name }
        }
        return nil
    }

    /// Keras 3's `.weights.h5`: `layers/<name>/vars/0`, `1`, ..., layers below layers where models nest.
    ///
    /// The file does not record the layers' order: they come in that of the model, or where that is not known in the
    /// natural order of their names.
    private static func numbered(_ file: borrowing HDF5File, model: KerasModel?) throws -> [Variable] {
        guard let root = try root3(file) else { return [] }
        var found: [Variable] = []
        var open = [(group: root, name: "", depth: 0, model: model)]
        while let (group, name, depth, model) = open.popLast() {
            guard depth < deepest else {
                throw DataError(
                    .malformed, path: file.path, expected: "layers nested at most \(deepest) deep", found: "more")
            }
            let children = try file.children(of: group).sorted(by: NaturalOrder.precedes)
            let order = try model?.order(of: children) { try layerName(file, of: "\(group)/\($0)") }
            for child in (order ?? children).reversed() {
                let layer = "\(group)/\(child)"
                guard try file.kind(of: layer) == .group else { continue }
                if child == "vars" {
                    found += try variables(file, in: layer, of: name)
                } else {
                    let isPath = child == "layers" || child == "_layer_checkpoint_dependencies"
                    let parts = [name, isPath ? "" : child].filter { !$0.isEmpty }
                    let inner = isPath ? model : model?.inner(try layerName(file, of: layer) ?? child)
                    open.append((layer, parts.joined(separator: "/"), depth + 1, inner))
                }
            }
        }
        return found
    }

    /// What a layer was called in the model, as newer files say beside its variables.
    private static func layerName(_ file: borrowing HDF5File, of group: String) throws -> String? {
        guard try file.contains("\(group)/vars") else { return nil }
        return try file.text(attribute: "name", of: "\(group)/vars")
    }

    /// Refuses weights of a few bits. Throws `.malformed`.
    static func checkFloats(_ dataset: borrowing HDF5Dataset) throws {
        guard dataset.shape.count > 1, case .integer(bytes: 1, signed: _) = dataset.element else { return }
        throw DataError.quantised("\(dataset.element)", at: dataset.place)
    }

    /// The variables of one layer: kernel and bias, the four vectors of a normalisation, or a table of embeddings.
    private static func variables(
        _ file: borrowing HDF5File, in group: String, of layer: String
    ) throws -> [Variable] {
        let names = try file.children(of: group).sorted(by: NaturalOrder.precedes)
        var ranks: [Int] = []
        for name in names {
            let dataset = try file.dataset("\(group)/\(name)", allowsUnwritten: true)
            ranks.append(dataset.shape.count)
            try checkFloats(dataset)
        }
        let roles: [String]
        switch ranks {
        case []: return []
        case [1, 1, 1, 1]: roles = ["gamma", "beta", "moving_mean", "moving_variance"]
        case [1, 1, 1]:
            throw DataError(
                .malformed, path: file.place(group), expected: "a batch norm with gamma and beta",
                found: "one without one of them (scale=False or center=False)",
                hint: "build the layer with both, with gamma of ones or beta of zeros, and save the model again")
        case [1, 1]: roles = ["gamma", "beta"]
        case [2] where layer.contains("embedding"): roles = ["embeddings"]
        default:
            if (2...5).contains(ranks[0]), ranks.dropFirst().elementsEqual([1]) || ranks.count == 1 {
                roles = ["kernel", "bias"]
                break
            }
            throw DataError(
                .malformed, path: file.place(group), expected: "a kernel and a bias, or a normalisation's vectors",
                found: "\(names.count) variables of \(ranks) axes", hint: "save the model as .h5 with Keras 2's layout")
        }
        return zip(names, roles).map { Variable(name: "\(layer)/\($1)", dataset: "\(group)/\($0)") }
    }
}
