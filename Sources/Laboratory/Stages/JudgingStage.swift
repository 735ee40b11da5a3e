import Basics
import Evaluation
import Foundation
import Generation
import ModelZoo
import Reports
import Tensors

extension ExperimentRun {
    /// Judges the generated networks beside the zoo, fresh networks and every baseline.
    func judge() throws -> Bool {
        try folder.stage("judging") { writer in
            let data = try data("aligned.h5")
            let stored = try GeneratorStore(run: folder.url).read(config, layout: data.zoo.layout)
            let trained = config.align.enabled ? data.population : try population("zoo.h5")
            let coordinates = stored.generator.coordinates
            let codes = try CoordinatesStore(folder: folder.file("coordinates"))
                .codes(trained, dimension: coordinates.dimension).training
            let start = StageClock.now()
            let judge = try Judge(
                data, reference: alignmentFacts().reference, id: RunID(arm: arm, seed: seed), zooCodes: codes,
                finish: config.finish)
            let sampling = try samplingFacts()
            let lost = sampling.notFinite
            let made = try drawn(coordinates, data, lost: lost) + reconstructed(trained, codes, coordinates)
            var source = BaselineSource(weights: data.zoo.population(data.rows.train), codes: codes, seed: seed)
            source.balanced = judge.balancedZoo
            source.layout = data.zoo.layout
            source.repair = data.averageRepair(zoo: source.balanced)
            let baselines = Baseline.all(config.evaluation.baselines, from: source)

            let progress = progress("judging")
            let total = made.count + baselines.count
            let zoo = judge.judgeZoo()
            noteCosts(
                of: baselines, after: StageClock.now() - start, networks: data.rows.train.count + data.rows.fresh.count)
            var results = zoo
            for (index, population) in made.enumerated() {
                try progress.report(index + 1, of: total)
                results.append(try judge.judge(population))
            }
            for (index, baseline) in baselines.enumerated() {
                try progress.report(made.count + index + 1, of: total)
                source.nearest = Self.nearest(results)
                if let judged = try judged(judge, baseline, source, coordinates) { results.append(judged) }
            }

            var report = ReportInput.Run(seed: seed)
            report.populations = results.map(\.row)
            report.scatter = scatter(made, data, codes, coordinates)
            report.directions = Self.directions(results, unit: judge.unit)
            report.loss = lossCurve()
            report.alignment = try alignmentReport()
            report.facts = facts(data, stored, sampling)
            report.certificate = try certificate(judge, report.populations, made)
            report.diagnosis = try diagnosis(
                data, learned: trained, dimensions: coordinates.dimension, loss: report.loss, rows: report.populations)
            report.tuning = try tuningTable()
            var result = RunResult(
                report: report, chance: 1 / Double(data.classCount),
                isDiverged: stored.hasDiverged || report.tuning?.isLost == true,
                notes: notes(data, stored, report.loss) + (report.tuning.map { [TuningText.sentence($0)] } ?? [])
                    + lossNote(lost))
            let doubts = [data.doubt, judge.yardstickDoubt(zoo, isOneRun: data.isOneRun)].compactMap { $0 }
            result.doubt = doubts.isEmpty ? nil : doubts.joined(separator: "; ")
            if lost == config.sampling.count { result.insertLost(lost, at: zoo.count) }
            try writer.write("evaluation.json", String(decoding: try result.json(), as: UTF8.self) + "\n")
        }
    }

    /// Offers to skip what costs most, where baselines will take more than a minute: networks are run on all the data.
    private func noteCosts(of baselines: [Baseline], after seconds: Double, networks: Int) {
        let count = baselines.count * config.baselineCount
        let estimate = seconds / Double(max(networks, 1)) * Double(count)
        guard estimate > 60 else { return }
        reporter.note(
            "judging \(NumberText.count(count)) networks of \(baselines.count) baselines takes about "
                + "\(NumberText.seconds(estimate)); less with --set "
                + "evaluation.baselineCount=\(max(2, config.baselineCount / 5)), or without some: "
                + "--set evaluation.noise=[] or evaluation.averages=[]")
    }

    /// Training and fresh networks that were only encoded and decoded, where that may change them: at most as many as
    /// a baseline has.
    private func reconstructed(_ trained: ZooPopulation, _ codes: Tensor, _ coordinates: any Coordinates)
        -> [Population]
    {
        guard config.coordinates.member.isLossy(among: codes.shape[0]) else { return [] }
        let count = config.baselineCount
        func population(_ origin: PopulationKind.Origin, _ rows: [Int]) -> Population {
            let codes = coordinates.encode(trained.zoo.population(Array(rows.prefix(count))))
            return Population(kind: .reconstructed(of: origin), weights: coordinates.decode(codes), codes: codes)
        }
        return [population(.zoo, trained.rows.train), population(.fresh, trained.rows.fresh)]
    }

    /// The generated networks and the best of them by training loss.
    private func drawn(_ coordinates: any Coordinates, _ data: JudgingData, lost: Int) throws -> [Population] {
        guard let generated = try generated(coordinates, lost: lost) else { return [] }
        return [generated] + selections(of: generated, data)
    }

    private func generated(_ coordinates: any Coordinates, lost: Int) throws -> Population? {
        guard lost < config.sampling.count else { return nil }
        let ensemble = try ZooReader(path: folder.file("ensemble.h5").path).readAll()
        let weights = ensemble.population()
        let file = folder.file(Self.codesFile)
        let shape: Shape = [weights.shape[0], coordinates.dimension]
        guard let codes = try TensorFile(url: file).read().first?.value, codes.shape == shape else {
            throw StoredJSON.changed(file.path, "does not hold the codes of the drawn networks, \(shape)")
        }
        return Population(
            kind: .generated, weights: weights, buffers: ensemble.bufferTensor(), codes: codes, lost: lost)
    }

    /// For each generated network the zoo network nearest to it, where it has one.
    private static func nearest(_ results: [EnsembleEvaluation.Result]) -> [Int] {
        let generated = results.first { $0.row.population == .generated }
        return generated?.nearest.sampleToZoo.compactMap(\.index) ?? []
    }

    /// The members of a baseline: networks made anew, or rows of the zoo.
    enum BaselineMembers {
        case made(Population)
        case zooRows([Int])
    }

    /// Draws a baseline.
    func members(
        of baseline: Baseline, _ source: BaselineSource, _ coordinates: any Coordinates
    ) -> BaselineMembers {
        let kind = PopulationKind.baseline(baseline)
        return switch baseline.members(of: source, count: config.baselineCount) {
        case .weights(let weights): .made(Population(kind: kind, weights: weights))
        case .averages(let weights, let members): .made(Population(kind: kind, weights: weights, members: members))
        case .codes(let codes): .made(Population(kind: kind, weights: coordinates.decode(codes), codes: codes))
        case .zooRows(let rows): .zooRows(rows)
        }
    }

    /// A baseline's result. Zoo networks have been measured already; nil where there is none to copy.
    private func judged(
        _ judge: Judge, _ baseline: Baseline, _ source: BaselineSource, _ coordinates: any Coordinates
    ) throws -> EnsembleEvaluation.Result? {
        switch members(of: baseline, source, coordinates) {
        case .made(let population): population.weights.shape[0] == 0 ? nil : try judge.judge(population)
        case .zooRows(let rows): rows.isEmpty ? nil : try judge.judge(zooRows: rows, as: .baseline(baseline))
        }
    }

    /// The sentence about networks that could not be kept.
    private func lossNote(_ lost: Int) -> [String] {
        guard lost > 0 else { return [] }
        return [
            "\(lost) of \(config.sampling.count) drawn networks were not finite and count as never right: try another "
                + "sampling.method, more sampling.steps, or a lower training.rate"
        ]
    }
}
