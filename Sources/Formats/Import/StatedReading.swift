import Basics
import Networks

/// What a person or the file itself says of how tensors are to be matched, where names and order do not tell.
struct StatedReading {
    private let matrices: ZooImport.MatrixOrder
    private let layers: [String]
    private let layout: ParameterLayout?

    init(_ options: ZooImport) {
        (matrices, layers, layout) = (options.matrixOrder, options.layers, options.layout)
    }

    /// Notes it on a network's tensors; `slots` are the layout's names for those of the file, as it has them recorded.
    ///
    /// Throws `.configuration` where a layer's place is not said, or is said of none.
    func apply(to tensors: inout [ForeignTensor], slots: [String: String], place: String) throws {
        if let axes = matrices.axes {
            for index in tensors.indices where tensors[index].shape.count >= 2 { tensors[index].axes = axes }
        }
        if !layers.isEmpty { return try order(&tensors, place) }
        guard let layout, !slots.isEmpty else { return }
        let known = Set((layout.slots + layout.buffers).map(\.name))
        let names = tensors.map { slots[$0.name] }
        guard names.allSatisfy({ $0.map { known.contains($0) } ?? false }) else { return }
        for (index, name) in names.enumerated() { tensors[index].alias = name }
    }

    private func order(_ tensors: inout [ForeignTensor], _ place: String) throws {
        let readings = LayerWords(tensors.map(\.name)).readings
        let names = TensorNames.unwrapped(readings.map(\.name)).last ?? []
        let places = Dictionary(layers.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var used: Set<String> = []
        var numbers: [Int] = []
        for (index, name) in names.enumerated() {
            let module = TensorNames.module(name)
            guard let number = places[module] ?? places[TensorNames.module(readings[index].name)] else {
                throw DataError(
                    .configuration, path: "--layers",
                    expected: "every layer of the networks, in the order of computation",
                    found: "none that \(tensors[index].name.printable(limit: 120)) is of",
                    hint: "the layers of \(place.printable()): "
                        + modules(names).map { $0.isEmpty ? "(no name)" : $0 }.shownFirst(12))
            }
            used.insert(layers[number])
            numbers.append(number)
            tensors[index].alias = "\(number).\(TensorNames.leaf(name))"
        }
        if let other = layers.first(where: { !used.contains($0) }) {
            throw DataError(
                .configuration, path: "--layers", expected: "layers of the networks, each once",
                found: other.printable(), hint: "the layers of \(place.printable()): \(modules(names).shownFirst(12))")
        }
        // Their order becomes the one that was said, as their numbers are.
        let sorted = tensors.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
        tensors = sorted.map { tensors[$0] }
    }

    private func modules(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.map(TensorNames.module).filter { seen.insert($0).inserted }
    }
}

extension ZooImport.MatrixOrder {
    fileprivate var axes: TensorAxes? {
        switch self {
        case .named: nil
        case .outFirst: .outFirst
        case .inFirst: .outLast
        }
    }
}
