import Foundation
import Generation
import ModelZoo
import Ranks
import Tensors

/// Ranks that help to train a run's generator: each computes the gradients of its own parts of every minibatch
/// (`training.microBatches`), at the weights that rank 0 hands round.
struct GeneratorHelp: SharedWork {
    struct Description: Codable {
        /// The run's folder, in which the stages before the generator's have written.
        let run: URL
        let places: DatasetCatalog.Places
    }

    static let name = "training the generator"
    let description: Description

    init(_ description: Description) { self.description = description }

    init(_ files: RunFiles) {
        description = Description(run: files.url.absoluteURL, places: files.catalog.places)
    }

    func join(_ communicator: any Communicator) throws {
        let config = try AskedGenerator.config(of: description.run)
        let files = RunFiles(url: description.run, config: config, catalog: DatasetCatalog(description.places))
        let setup = try GeneratorSetup(files)
        var helper = GeneratorTraining.Helper(
            try setup.training(config), codes: setup.codes.training, rank: communicator.rank, of: communicator.size)
        while let question = PartQuestion(try communicator.broadcast([], from: 0)) {
            let sums = helper.answer(step: question.step, at: question.parameters)
            try communicator.send(PartAnswer.bytes(sums), to: 0, tag: PartAnswer.tag)
        }
    }
}

/// The other ranks as a training asks them.
struct AskedRanks: PartHelpers {
    let communicator: any Communicator
    /// D, the number of weights.
    let weights: Int

    var ranks: Int { communicator.size }

    func ask(step: Int, at parameters: Tensor) throws {
        _ = try communicator.broadcast(PartQuestion(step: step, parameters: parameters).bytes, from: 0)
    }

    func answers() throws -> [[PartSum]] {
        try (1..<ranks).map { rank in
            PartAnswer.sums(try communicator.receive(from: rank, tag: PartAnswer.tag).bytes, weights: weights)
        }
    }

    func dismiss() throws { _ = try communicator.broadcast([], from: 0) }
}
