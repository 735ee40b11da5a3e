import Foundation
import Networks
import Testing
@testable import Basics
@testable import Laboratory


/// A folder that is removed when the test ends.
final class ScratchFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("laboratory-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> URL { url.appendingPathComponent(name) }

    func text(_ name: String) throws -> String { try String(contentsOf: file(name), encoding: .utf8) }

    func put(_ name: String, _ text: String) throws {
        let url = file(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }
}

/// What a sample experiment (``SampleConfig``) becomes.
enum Sample {
    static let resolver = ConfigResolver<SampleConfig>()

    static func document(_ yaml: String) throws -> ConfigDocument { try YAMLReader.read(yaml, file: "config.yaml") }

    static func settings(_ texts: String...) throws -> [ConfigAssignment] {
        try texts.map { try ConfigAssignment(setting: $0) }
    }

    /// The plan of a sample experiment.
    static func plan(_ yaml: String = "", _ settings: [ConfigAssignment] = [], arms: [String] = []) throws
        -> ConfigResolver<SampleConfig>.Plan
    {
        try resolver.plan(try document(yaml), settings: settings, arms: arms)
    }

    /// The single configuration of a sample experiment.
    static func config(_ yaml: String = "", _ settings: [ConfigAssignment] = []) throws -> SampleConfig {
        try #require(try plan(yaml, settings).runs.first).config
    }

    /// The messages of what is wrong with a sample experiment.
    static func messages(
        _ yaml: String = "", _ settings: [ConfigAssignment] = [], arms: [String] = []
    ) throws -> [String] {
        do {
            _ = try plan(yaml, settings, arms: arms)
            return []
        } catch let error as ConfigError {
            return error.problems.map(\.description)
        }
    }
}

/// The `DataError` that an expression throws.
func dataError(_ body: () throws -> Void) throws -> DataError {
    try #require(#expect(throws: DataError.self) { try body() })
}
