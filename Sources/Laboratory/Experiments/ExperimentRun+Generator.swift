import Foundation
import Generation
import Tensors

extension ExperimentRun {
    /// Trains the generator and writes it to `generator/`; an interrupted training goes on from `checkpoint.record`.
    func trainGenerator() throws -> Bool {
        try folder.stage("generator") { writer in
            let data = try data(learnedZoo)
            let (coordinates, fitted) = try CoordinatesStore(folder: folder.file("coordinates"))
                .read(config.coordinates.member, layout: data.zoo.layout)
            let parts = try config.parts(
                layout: data.zoo.layout, coordinates: coordinates, codeStd: fitted.codeStd)
            let rows = data.zoo.population(data.rows.train)
            let source = try parts.source(rows)
            let heldOut =
                data.rows.validation.isEmpty ? nil : coordinates.encode(data.zoo.population(data.rows.validation))
            let (parameters, facts) = try train(
                parts.net, try parts.objective(source), codes: coordinates.encode(rows), heldOut: heldOut)
            try writer.produce("generator") { url in
                try GeneratorStore.write(
                    parts.generator(parameters, source), training: facts, to: url)
            }
            try? FileManager.default.removeItem(at: folder.file(Self.generatorCheckpoint))
        }
    }

    static let generatorCheckpoint = "checkpoint.record"

    private func train(
        _ net: any VelocityNet, _ objective: any Objective, codes: Tensor, heldOut: Tensor?
    ) throws -> (parameters: Tensor, facts: TrainingFacts) {
        try checkMemory(of: net.layout, key: "generator")
        try checkPatience(config.training, heldOut, key: "training.patience")
        let training = GeneratorTraining(config: config.training, net: net, objective: objective, seed: seed)
        return try TrainingStage(
            run: self, title: "training the generator", log: "metrics.jsonl", config: config.training,
            checkpoint: TrainingCheckpoint(url: folder.file(Self.generatorCheckpoint), layout: net.layout),
            start: training.start,
            advance: { try training.run(&$0, codes: codes, heldOut: heldOut, observe: $1) }
        ).execute()
    }
}
