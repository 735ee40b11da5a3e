import Basics
import Foundation
import ModelZoo

extension ExperimentRun {
    /// Brings the population into one symmetry frame at `aligned.h5`, and checks on data that every network still computes
    /// the same function. The aligned zoo is always made: baselines and novelty need it even where the generator trains on
    /// the zoo as it came.
    func align() throws -> Bool {
        let key = "reference \(config.align.reference), sweeps \(config.align.sweeps)"
        return try folder.stage("alignment", inputs: key) { writer in
            let data = try data("zoo.h5", withCheckpoints: config.description.needsCheckpoints)
            guard config.align.reference < data.rows.train.count else {
                throw DataError(
                    .configuration, path: "align.reference",
                    expected: "below \(data.rows.train.count), the training networks",
                    found: "\(config.align.reference)")
            }
            let reference = data.rows.train[config.align.reference]
            var (aligned, facts) = try Aligner(sweeps: config.align.sweeps).align(
                data.zoo, reference: reference, path: folder.file("zoo.h5").path, progress: progress("aligning the zoo")
            )
            let inputs = (data.validation ?? data.test).inputs
            let check = Aligner.largestLogitDifference(
                data.network, before: data.zoo, after: aligned,
                inputs: inputs.sliced(axis: 0, 0..<min(500, inputs.shape[0])))
            facts.largestLogitDifference = check.difference
            facts.largestLogit = check.largest
            guard check.difference <= 1e-3 * max(check.largest, 1) else {
                throw DataError(
                    .malformed, path: "alignment", expected: "the same function before and after",
                    found: "logits that differ by \(check.difference)", hint: "this is a defect: please report it")
            }
            let step = Aligner.step(
                reference: reference, sweeps: config.align.sweeps,
                of: try ZooReader(path: folder.file("zoo.h5").path).parent())
            try writer.produce("aligned.h5") { try ZooWriter.write(aligned.adding(step), to: $0.path) }
            try writer.write("alignment.json", try Tree(encoding: facts).text(pretty: true) + "\n")
        }
    }

    /// What the alignment stage recorded. Throws `DataError.malformed` for a row that is not there.
    func alignmentFacts() throws -> Aligner.Facts {
        let file = folder.file("alignment.json")
        let facts = try StoredJSON.read(Aligner.Facts.self, file, expected: "what alignment did")
        guard (0..<facts.networks).contains(facts.reference) else {
            throw DataError(
                .malformed, path: file.path, expected: "a reference below \(facts.networks)",
                found: "\(facts.reference)")
        }
        return facts
    }
}
