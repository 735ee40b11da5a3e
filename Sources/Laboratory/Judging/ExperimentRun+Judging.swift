import Basics
import Foundation
import Generation
import ModelZoo
import Reports
import Tensors

extension ExperimentRun {
    /// Judges the generated networks beside the zoo, held-out networks and every baseline.
    func judge() throws -> Bool {
        try folder.stage("judging") { writer in
            let data = try data("aligned.h5")
            if let doubt = data.doubt { reporter.note("doubt: \(doubt)") }
            let stored = try GeneratorStore(run: folder.url).read(config, layout: data.zoo.layout)
            let trained = config.align.enabled ? data : try self.data("zoo.h5")
            let coordinates = stored.generator.coordinates
            let codes = coordinates.encode(trained.zoo.population(data.rows.train))
            let judge = try Judge(
                data, reference: alignmentFacts().reference, id: RunID(arm: arm, seed: seed), zooCodes: codes)
            let sampling = try samplingFacts()
            let lost = sampling.notFinite
            let populations =
                try [generated(coordinates, lost: lost)].compactMap { $0 } + reconstructed(trained, codes, coordinates)
                + baselines(zoo: data.zoo.population(data.rows.train), codes: codes, coordinates: coordinates)

            let progress = progress("judging")
            var results = judge.judgeZoo()
            let zooCount = results.count
            for (index, population) in populations.enumerated() {
                try progress.report(index + 1, of: populations.count + 2)
                results.append(try judge.judge(population))
            }
            if let nearest = nearestZoo(results, data) { results.append(try judge.judge(nearest)) }
            try progress.report(populations.count + 2, of: populations.count + 2)

            var report = ReportInput.Run(seed: seed)
            report.populations = results.map(\.points)
            report.scatter = scatter(populations, data, codes, coordinates)
            report.directions = Self.directions(results)
            report.loss = try lossCurve()
            report.alignment = try alignmentReport()
            report.facts = facts(data, stored, sampling)
            var result = RunResult(
                rows: results.map(\.row), report: report, chance: 1 / Double(data.classCount),
                isDiverged: stored.hasDiverged, notes: notes(data, stored, report.loss) + lossNote(lost))
            if lost == config.sampling.count { result.insertLost(lost, at: zooCount) }
            try writer.write("evaluation.json", String(decoding: try result.json(), as: UTF8.self) + "\n")
        }
    }

    /// Training and held-out networks that were only encoded and decoded, where that may change them: at most as many as
    /// a baseline has.
    private func reconstructed(_ trained: JudgingData, _ codes: Tensor, _ coordinates: any Coordinates) -> [Population] {
        guard config.coordinates.member.isLossy(among: codes.shape[0]) else { return [] }
        let count = config.evaluation.baselineCount
        func population(_ what: String, _ label: String, _ rows: [Int]) -> Population {
            let codes = coordinates.encode(trained.zoo.population(Array(rows.prefix(count))))
            return Population(what: what, label: label, weights: coordinates.decode(codes), codes: codes)
        }
        return [
            population("reconstructed", "reconstructed zoo", trained.rows.train),
            population("reconstructed-fresh", "reconstructed held-out", trained.rows.fresh),
        ]
    }

    private func generated(_ coordinates: any Coordinates, lost: Int) throws -> Population? {
        guard lost < config.sampling.count else { return nil }
        let ensemble = try ZooReader(path: folder.file("ensemble.h5").path).readAll()
        let weights = ensemble.population()
        let file = folder.file(Self.codesFile)
        let wanted: Shape = [weights.shape[0], coordinates.dimension]
        guard let codes = try TensorFile(url: file).read().first?.value, codes.shape == wanted else {
            throw DataError(
                .malformed, path: file.path, expected: "the codes of the drawn networks, \(wanted)",
                found: "others", hint: "run it anew, in an empty folder")
        }
        return Population(
            what: "generated", label: "generated networks", weights: weights, buffers: ensemble.bufferTensor(),
            codes: codes, notFinite: lost)
    }

    /// For each generated network the zoo network nearest to it: what retrieval would have given.
    private func nearestZoo(_ results: [Judge.Result], _ data: JudgingData) -> Population? {
        guard let generated = results.first(where: { $0.row.what == "generated" }) else { return nil }
        let rows = generated.nearest.sampleToZoo.compactMap(\.index).map { data.rows.train[$0] }
        guard !rows.isEmpty else { return nil }
        return Population(
            what: "nearest-zoo", label: "nearest zoo network", weights: data.zoo.population(rows),
            buffers: data.zoo.bufferTensor(rows))
    }

    /// What is said of networks that could not be kept.
    private func lossNote(_ lost: Int) -> [String] {
        guard lost > 0 else { return [] }
        return [
            "\(lost) of \(config.sampling.count) drawn networks were not finite and count as never right: try another "
                + "sampling.method, more sampling.steps, or a lower training.rate"
        ]
    }
}
