import Foundation
import ModelZoo
import Networks
import TestSupport

@testable import Basics
@testable import Laboratory

/// An experiment on nine random networks and the digits, whose runs take a tenth of a second.
struct SmallExperiment {
    let scratch: ScratchFolder

    /// The settings of its parts, another zoo where one is given, and then `more`.
    init(_ more: String = "", zoo source: String? = nil) throws {
        scratch = try ScratchFolder()
        let dataset = Small.digits(.indices(train: [0, 1], validation: Array(2..<10), test: Array(10..<60)))
        let zoo = Small.zoo(9, split: [0, 0, 0, 0, 0, 1, 2, 2, 2], dataset: dataset)
        try ZooWriter.write(zoo, to: scratch.file("zoo.h5").path)
        let yaml = """
            zoo: \(source ?? "{path: \(scratch.file("zoo.h5").path)}")
            coordinates: {components: 3}
            generator: {hidden: 8, timeWidth: 4}
            training: {steps: 30, batch: 4}
            sampling: {count: 4, steps: 3}
            evaluation: {noise: [0.01], averages: [2], baselineCount: 3}

            """
        try scratch.put("small.yaml", yaml + more)
    }

    /// Prepares a run into the folder `out`.
    func experiment(
        out: String, settings: [String] = [], arms: [String] = [], seed: Int? = nil, resume: Bool = false
    ) throws -> Experiment {
        var request = Experiment.Request(experiment: scratch.file("small.yaml").path)
        (request.settings, request.arms, request.seed, request.resume) = (settings, arms, seed, resume)
        (request.out, request.data) = (scratch.file(out), Small.catalog.folders.first)
        return try Experiment(request, reporter: SilentProgress())
    }

    /// Runs it.
    @discardableResult
    func run(
        out: String, settings: [String] = [], arms: [String] = [], resume: Bool = false
    ) throws -> Experiment.Outcome {
        try experiment(out: out, settings: settings, arms: arms, resume: resume).run()
    }

    /// Copies a finished run as one that ended behind its first `stages` stages.
    func cut(_ name: String, as copy: String, after stages: Int) throws {
        let files = FileManager.default
        try files.copyItem(at: scratch.file(name), to: scratch.file(copy))
        let record = scratch.file("\(copy)/stages.json")
        var all = try JSONDecoder().decode(RunStages.self, from: Data(contentsOf: record))
        for stage in all.stages.dropFirst(stages) {
            for output in stage.outputs.keys { try files.removeItem(at: scratch.file("\(copy)/\(output)")) }
        }
        all.stages.removeLast(all.stages.count - stages)
        all.finished = false
        let known = StageClock.read(scratch.file(copy)).filter { entry in all.stages.contains { $0.name == entry.key } }
        try scratch.put("\(copy)/timing.json", Tree.map(.init(known.mapValues { .number($0) })).text())
        try scratch.put("\(copy)/stages.json", Tree(encoding: all).text())
        for last in ["summary.json", "report.json", "report.html"] {
            try files.removeItem(at: scratch.file("\(copy)/\(last)"))
        }
    }

    func bytes(_ name: String) throws -> Data { try Data(contentsOf: scratch.file(name)) }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: scratch.file(name).path) }

    /// Replaces a text that must be in a file.
    func edit(_ name: String, _ old: String, _ new: String) throws {
        let text = try scratch.text(name)
        guard text.contains(old) else { throw CocoaError(.fileReadCorruptFile) }
        try scratch.put(name, text.replacingOccurrences(of: old, with: new))
    }
}
