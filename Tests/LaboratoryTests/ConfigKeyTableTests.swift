import Networks
import Testing

@testable import Basics
@testable import Laboratory

/// What holds for every key of an experiment's table, whatever the key means.
@Suite("Every key of an experiment")
struct ConfigKeyTableTests {
    private static let resolver = ConfigResolver<ExperimentConfig>()
    private static let origin = ConfigOrigin.option("--set")
    static let sections = [
        "seed", "zoo", "align", "coordinates", "source", "process", "generator", "conditions", "training", "sampling",
        "tuning", "finish", "evaluation",
    ]

    /// The keys of a section; those of one run's zoo are those of a trained one.
    private static func keys(_ section: String) -> [ConfigKey] {
        resolver.schema.keys.filter { key in
            (key.path == section || key.path.hasPrefix(section + "."))
                && !key.conditions.contains { $0.kind == "one-run" }
        }
    }

    /// What an experiment says of a key that is set to a value, beside the kinds that have the key.
    private static func problems(_ key: ConfigKey, at path: String? = nil, _ value: Tree) throws -> [ConfigProblem] {
        let kinds = key.conditions.map { ConfigAssignment(path: $0.path, value: .string($0.kind), origin: origin) }
        let setting = ConfigAssignment(path: path ?? key.path, value: value, origin: origin)
        do {
            _ = try resolver.plan(settings: kinds + [setting])
            return []
        } catch let error as ConfigError {
            return error.problems
        }
    }

    @Test(
        "the ends of a key's range are taken and decoded, and no check across keys traps at them", arguments: sections)
    func ends(_ section: String) throws {
        for key in Self.keys(section) {
            for value in key.type.ends {
                let found = try Self.problems(key, value)
                // Architectures check themselves while they are decoded: only words must always be known to the decoder.
                let isWord = value.string != nil || value.bool != nil
                let refusals = [key.type.expectation] + (isWord ? ["a usable value"] : [])
                #expect(!found.contains { refusals.contains($0.expected) }, "\(key.path): \(value) \(found)")
            }
        }
    }

    @Test(
        "what lies beyond a key's range is refused with its path, what it takes, and what was found",
        arguments: sections)
    func beyond(_ section: String) throws {
        for key in Self.keys(section) {
            for value in key.type.strangers {
                let found = try Self.problems(key, value)
                let wanted = ConfigProblem(
                    key.path, expected: key.type.expectation, found: value.summary, hint: found.first?.hint ?? "",
                    origin: Self.origin)
                #expect(found == [wanted], "\(key.path): \(value)")
            }
        }
    }

    @Test("a misspelt key is answered with the key, or another as near", arguments: sections.dropFirst())
    func misspelt(_ section: String) throws {
        let schema = Self.resolver.schema
        let known = Set(schema.keys.map(\.path)).union(schema.sections)
        for key in Self.keys(section) {
            var word = key.path
            word.remove(at: word.index(word.endIndex, offsetBy: -2))
            guard !known.contains(word) else { continue }
            let problem = try #require(Self.problems(key, at: word, .integer(1)).first, "\(word)")
            let meant = problem.hint.replacing("did you mean ", with: "").replacing("?", with: "")
            #expect(problem.path == word && problem.found == "there is no such key")
            #expect(known.contains(meant) && Nearest.distance(meant, word) == 1, "\(word): \(problem.hint)")
        }
    }

    @Test("a key written as its default changes nothing")
    func defaults() throws {
        let plain = try Self.resolver.plan().runs.map(\.tree)
        for leaf in Self.resolver.schema.defaults.leaves {
            let setting = try ConfigAssignment(setting: "\(leaf.path)=\(leaf.value.inlineYAML)")
            #expect(try Self.resolver.plan(settings: [setting]).runs.map(\.tree) == plain, "\(leaf.path)")
        }
    }

    @Test("a section of a kind has the keys of that kind, and no others", arguments: sections)
    func kinds(_ section: String) {
        let schema = Self.resolver.schema
        for key in Self.keys(section) where !key.variants.isEmpty {
            for variant in key.variants {
                var merge = ConfigMerge(schema)
                let chosen = key.conditions.map { ($0.path, $0.kind) } + [(key.path, variant.kind)]
                merge.apply(chosen.map { ConfigAssignment(path: $0, value: .string($1), origin: Self.origin) })
                let expected = schema.keys.filter { $0.exists(in: merge.tree) }.map(\.path)
                #expect(
                    merge.problems.isEmpty && Set(merge.tree.leaves.map(\.path)) == Set(expected), "\(variant.kind)")
            }
        }
    }
}

extension ConfigType {
    /// Values at the ends of what the type takes.
    fileprivate var ends: [Tree] {
        switch self {
        case .flag: [.bool(true), .bool(false)]
        case .whole(let range): [range.lowerBound, range.upperBound].map { .integer($0) }
        case .real(let bounds):
            [
                bounds.atLeast ?? bounds.above?.nextUp ?? -.greatestFiniteMagnitude,
                bounds.atMost ?? bounds.below?.nextDown ?? .greatestFiniteMagnitude,
            ].map { .number($0) }
        case .text: [.string("x")]
        case .choice(let words): words.map { .string($0) }
        case .list(let element, let count):
            element.ends.map { .list(Array(repeating: $0, count: count.lowerBound)) }
                + element.ends.map { .list(Array(repeating: $0, count: min(count.upperBound, count.lowerBound + 3))) }
        case .optional(let type): [.null] + type.ends
        }
    }

    /// Values next to those ends, or of another kind, that the type does not take; of lists only wrong lengths.
    fileprivate var strangers: [Tree] {
        switch self {
        case .flag: return [.integer(1), .string("yes"), .null]
        case .whole(let range):
            let (low, high) = (range.lowerBound, range.upperBound)
            return [.number(Double(low) + 0.5), .string("1"), .bool(true), .null]
                + (low > Int.min ? [.integer(low - 1)] : [])
                + (high < Int.max ? [.integer(high + 1)] : [])
        case .real(let bounds):
            let near = [bounds.above, bounds.atLeast?.nextDown, bounds.below, bounds.atMost?.nextUp].compactMap { $0 }
            return (near + [.infinity, -.infinity]).map { .number($0) } + [.string("1"), .bool(true), .null]
        case .text: return [.string(""), .integer(1), .null]
        case .choice: return [.string("no such word"), .integer(1), .null]
        case .list(let element, let count):
            guard let one = element.ends.first else { return [] }
            return [.integer(1), .null]
                + [count.lowerBound - 1, count.upperBound < 16 ? count.upperBound + 1 : -1]
                .filter { $0 >= 0 }.map { .list(Array(repeating: one, count: $0)) }
        case .optional(let type): return type.strangers.filter { $0 != .null }
        }
    }
}
