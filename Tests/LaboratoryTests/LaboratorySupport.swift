import Foundation
import Networks
import Testing

@testable import Basics
@testable import Laboratory

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
