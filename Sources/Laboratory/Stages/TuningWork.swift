import Basics
import Evaluation
import Foundation
import Generation
import ModelZoo
import Networks
import Tensors

/// What tuning a run's generator needs: the generator, its process, the reward and its spread.
struct TuningWork {
    let settings: Tuning.Settings
    let data: JudgingData
    let generator: Generator
    let chain: MemorylessChain
    /// Root mean square of the codes.
    let codeStd: Double
    let reward: any Reward
    /// The reward in words.
    let rewardName: String
    let seed: UInt64

    /// Reads the trained generator of a run. Throws `DataError` where it cannot be tuned, or the data has no training rows.
    init(_ run: ExperimentRun, _ settings: Tuning.Settings) throws {
        let data = try run.data("aligned.h5")
        let stored = try GeneratorStore(run: run.folder.url).readBase(run.config, layout: data.zoo.layout)
        // What judging will need, so that a run of an earlier version is refused before the work and not after it.
        _ = try CoordinatesStore(folder: run.folder.file("coordinates"))
            .codes(data.population, dimension: stored.generator.coordinates.dimension)
        (self.settings, self.data, seed) = (settings, data, run.seed)
        generator = stored.generator
        chain = try stored.parts.chain(generator.source, steps: settings.matching.path)
        codeStd = stored.coordinates.codeStd
        (reward, rewardName) = try Self.reward(settings.reward, data, run)
    }

    private static func reward(
        _ kind: RewardKind, _ data: JudgingData, _ run: ExperimentRun
    ) throws -> (any Reward, name: String) {
        let (known, called) = try rows(kind.asked, data, run)
        guard known.count >= 2 else {
            throw DataError(
                .configuration, path: "tuning.reward", expected: "two \(called) or more, to reward networks on",
                found: "\(known.count)")
        }
        let rows = TrainingRows(known, count: kind.asked.rows)
        var labels = rows.labels
        var of = ""
        if case .some(let path) = kind.reference {
            labels = try path.map { try said(byNetworkIn: $0, data, rows.inputs) } ?? vote(data, rows.inputs)
            of = path.map { " with \($0)" } ?? " with the training networks' vote"
        }
        return (
            kind.reward(data.network, inputs: rows.inputs, labels: labels),
            "\(kind.kind)\(of) on \(rows.labels.count) \(called)"
        )
    }

    /// The rows that a reward looks at, and what they are called: training rows of the zoo's data, or other data as `evaluate`
    /// reads them. Throws `DataError` for the zoo's own data, whose test rows judge.
    private static func rows(
        _ asked: any RewardRows, _ data: JudgingData, _ run: ExperimentRun
    ) throws -> (Dataset, called: String) {
        guard let option = asked.dataset else { return (data.training, "training rows") }
        let header = data.zoo.header
        let judged = try DatasetDescription(option: option).judged(by: header, catalog: run.catalog)
        let other = judged.dataset
        guard other.name != header.dataset?.name, other.sha256 == nil || other.sha256 != header.dataset?.sha256 else {
            throw DataError(
                .configuration, path: "tuning.reward.dataset",
                expected: "other data than the zoo's own, on whose test rows networks are judged", found: other.name,
                hint: "leave it out for the training rows")
        }
        if let doubt = judged.doubt { run.reporter.note("warning: \(doubt)") }
        let split = try run.catalog.judging(header.with(dataset: other), path: option).split
        return (split.test, "rows of \(other.name)")
    }

    /// What most of up to 100 training networks say.
    private static func vote(_ data: JudgingData, _ inputs: Tensor) -> [Int32] {
        let all = data.rows.train
        let rows = (0..<min(100, all.count)).map { all[$0 * all.count / min(100, all.count)] }
        let said = Classifier(data.network).predictions(
            data.zoo.population(rows), buffers: data.zoo.bufferTensor(rows), inputs: inputs)
        return (0..<inputs.shape[0]).map { row in
            var votes = [Int](repeating: 0, count: data.classCount)
            for network in said where network[row] >= 0 { votes[Int(network[row])] += 1 }
            return Int32(votes.indices.max { votes[$0] < votes[$1] } ?? 0)
        }
    }

    private static func said(byNetworkIn path: String, _ data: JudgingData, _ inputs: Tensor) throws -> [Int32] {
        let zoo = try ZooReader(path: try ExperimentPaths.resolve(path).path).readAll()
        guard zoo.layout.matches(data.zoo.layout), zoo.count >= 1 else {
            throw DataError(
                .malformed, path: path,
                expected: "a network of the zoo's architecture, \(data.zoo.layout.count) weights",
                found: "\(zoo.count) of \(zoo.layout.count)")
        }
        let said = Classifier(data.network).predictions(
            zoo.population([0]), buffers: zoo.bufferTensor([0]), inputs: inputs)
        guard !said[0].contains(Classifier.noClass) else {
            throw DataError(
                .malformed, path: path, expected: "a network whose outputs are numbers", found: "some that are not")
        }
        return said[0]
    }

    /// The rivals, whose samples are those of the run's seed.
    var rivals: RewardRivals { RewardRivals(generator, chain: chain, reward: reward, seed: seed) }

    /// How much the untuned generator's rewards differ. Throws `DataError` where they do not, or are no numbers.
    func spread() throws -> RewardSpread {
        try RewardSpread(rivals.rewards(generator.sample(0..<settings.count, seed: seed).codes))
    }

    /// Evaluations of the net for the networks of a row, untuned.
    func drawing(_ generator: Generator) -> Int {
        settings.count * (generator.sampler.evaluations ?? chain.steps.count)
    }

    /// Samples to choose from that cost no more evaluations than a tuning and its networks.
    var fairChoice: Int { max(2, (settings.matching.evaluations + drawing(generator)) / max(1, drawing(generator))) }

    /// Gradient steps of every network that cost as many of the reward's gradients as a tuning takes.
    var fairSteps: Int { max(1, settings.matching.steps * settings.matching.batch / settings.count) }

    /// The generator with other weights.
    func generator(_ parameters: Tensor) -> Generator {
        Generator(
            coordinates: generator.coordinates, net: generator.net, parameters: parameters, source: generator.source,
            sampler: generator.sampler)
    }
}
