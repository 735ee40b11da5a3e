import Basics
import ModelZoo
import Networks

/// The names that tensors bear in exported files.
public enum ExportNames: Hashable, Sendable {
    /// Those of the class that made the networks, where the zoo has them recorded, else ours.
    case own
    /// The layout's.
    case ours
    /// Those of a scheme that the architecture knows: "pytorch", "timm".
    case scheme(String)

    /// The name on the command line.
    public init(_ text: String) {
        switch text {
        case "own": self = .own
        case "ours", "weightspace": self = .ours
        default: self = .scheme(text)
        }
    }
}

/// The tensors of an exported state dict in their order: names, and where the numbers of each come from.
struct ExportedTensors {
    /// One tensor of the state dict.
    struct Entry {
        /// Where the numbers stand.
        enum Source {
            case weights(Slot)
            case buffers(Slot)
            /// A count of batches, which zoos do not keep: 0.
            case counter
        }

        let name: String
        let source: Source
    }

    private(set) var entries: [Entry] = []

    /// The slots by the names of tensors.
    var slots: [String: String] {
        var slots: [String: String] = [:]
        for entry in entries {
            switch entry.source {
            case .weights(let slot), .buffers(let slot): slots[entry.name] = slot.name
            case .counter: break
            }
        }
        return slots
    }

    /// The tensors of a zoo's networks under these names; throws `.configuration` where the architecture has no such
    /// scheme.
    init(_ header: ZooHeader, _ names: ExportNames) throws {
        let slots = Dictionary(
            header.layout.slots.map { ($0.name, Entry.Source.weights($0)) }
                + header.layout.buffers.map { ($0.name, .buffers($0)) }, uniquingKeysWith: { first, _ in first })
        switch names {
        case .own:
            guard let recorded = header.names else { break }
            entries = recorded.tensors.map { tensor in
                Entry(name: tensor.name, source: tensor.slot.flatMap { slots[$0] } ?? .counter)
            }
            return
        case .ours: break
        case .scheme(let name):
            entries = try Self.entries(header, Self.scheme(name, header))
            return
        }
        entries = Self.entries(header, nil)
    }

    /// A scheme's names with the counters of batches that PyTorch's norms have; ours have none.
    private static func entries(_ header: ZooHeader, _ scheme: NameScheme?) -> [Entry] {
        let statistics = Dictionary(
            grouping: header.layout.buffers, by: { TensorNames.module($0.name) })
        var entries: [Entry] = []
        for slot in header.layout.slots {
            entries.append(Entry(name: scheme?.theirs(slot.name) ?? slot.name, source: .weights(slot)))
            guard let scheme, slot.role == .shift, let own = statistics[TensorNames.module(slot.name)] else { continue }
            entries += own.map { Entry(name: scheme.theirs($0.name), source: .buffers($0)) }
            entries.append(
                Entry(
                    name: scheme.theirs(TensorNames.module(slot.name) + ".num_batches_tracked"), source: .counter))
        }
        if scheme == nil {
            entries += header.layout.buffers.map { Entry(name: $0.name, source: .buffers($0)) }
        }
        return entries
    }

    private static func scheme(_ name: String, _ header: ZooHeader) throws -> NameScheme {
        let known = (header.architecture?.nameSchemes ?? []).filter { $0.reading == nil }
        if let scheme = known.first(where: { $0.name == name }) { return scheme }
        // Where no table says otherwise, our names are PyTorch's or torchvision's.
        if ["pytorch", "torchvision"].contains(name), header.architecture != nil { return NameScheme(name, [:]) }
        let words = ["own", "ours", "pytorch"] + known.map(\.name).filter { $0 != "pytorch" }
        throw DataError(
            .configuration, path: "--names", expected: words.joined(separator: ", "), found: name,
            hint: Nearest.hint(Nearest.match(name, among: words)))
    }
}
