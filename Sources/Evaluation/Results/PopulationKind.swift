/// What a judged population is.
public enum PopulationKind: Sendable, Hashable {
    /// The training networks.
    case zoo
    /// Freshly trained networks that took part in nothing: the yardstick.
    case fresh
    /// What a generator made, or any other networks to be judged.
    case generated
    /// The best of the generated networks, one in so many of them: what drawing so many times as often buys. They are those
    /// of least training loss, or those nearest to a number that was asked for.
    case selected(oneIn: Int)
    /// Networks that were only encoded and decoded.
    case reconstructed(of: Origin)
    /// Networks made from the zoo by trivial means.
    case baseline(Baseline)

    /// Which networks were encoded.
    public enum Origin: Sendable, Hashable {
        /// Training networks, which the coordinates were fitted to.
        case zoo
        /// Networks that the coordinates have not seen.
        case fresh
    }

    /// The name in files: `zoo`, `fresh`, `generated`, `selected-4` (one in four), `reconstructed`, `reconstructed-fresh`, or
    /// the baseline's.
    public var what: String {
        switch self {
        case .zoo: "zoo"
        case .fresh: "fresh"
        case .generated: "generated"
        case .selected(let number): "\(Self.selection)\(number)"
        case .reconstructed(of: .zoo): "reconstructed"
        case .reconstructed(of: .fresh): "reconstructed-fresh"
        case .baseline(let baseline): baseline.what
        }
    }

    private static let selection = "selected-"

    /// The population of a name in files; nil where there is none.
    public init?(what: String) {
        if what.hasPrefix(Self.selection) {
            guard let number = Int(what.dropFirst(Self.selection.count)), number >= 2 else { return nil }
            self = .selected(oneIn: number)
            return
        }
        let plain: [PopulationKind] = [
            .zoo, .fresh, .generated, .reconstructed(of: .zoo), .reconstructed(of: .fresh),
        ]
        guard let found = plain.first(where: { $0.what == what }) ?? Baseline(what: what).map(PopulationKind.baseline)
        else { return nil }
        self = found
    }

    /// The name for people, where nothing more exact is known.
    public var label: String {
        switch self {
        case .zoo: "training zoo"
        case .fresh: "fresh networks"
        case .generated: "generated networks"
        case .selected(let number): "best 1 in \(number) of generated, by training loss"
        case .reconstructed(of: .zoo): "reconstructed zoo"
        case .reconstructed(of: .fresh): "reconstructed fresh"
        case .baseline(let baseline): baseline.label
        }
    }

    /// Whether a generator that is no better has not earned its keep.
    public var isRival: Bool {
        if case .baseline(let baseline) = self { baseline.isRival } else { false }
    }
}

extension PopulationKind: Codable {
    /// Writes the name in files.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(what)
    }

    /// Reads a name; throws `DecodingError` for one that is unknown.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let what = try container.decode(String.self)
        guard let kind = PopulationKind(what: what) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "expected zoo, fresh, generated, selected, reconstructed or a baseline, found \(what)"
            )
        }
        self = kind
    }
}
