import Foundation
import ModelZoo
import Testing

/// What becomes of trainings that go wrong, of zoos with little in them, and of latent spaces.
@Suite("What a generator's training comes to")
struct TrainingResultTests {
    /// An autoencoder that trains in a fraction of a second.
    private static let autoencoder =
        "coordinates={kind: autoencoder, channels: [8, 8], latent: 8, training: {steps: 20, batch: 8, warmUp: 2}}"

    /// The words of a run of the tiny experiment, without its number of components.
    private func words(_ scratch: Scratch, _ settings: [String]) -> [String] {
        let without = TinyZoo.run(scratch, out: "run").filter { $0 != "--quiet" }.dropLast(2)
        return Array(without) + ["--json"] + TinyZoo.settings(settings)
    }

    /// Rows of the summary by what they are.
    private func rows(_ outcome: Command.Outcome) throws -> [String: [String: Any]] {
        let rows = try #require(outcome.json?["rows"] as? [[String: Any]], "\(outcome)")
        return Dictionary(rows.map { ($0["what"] as? String ?? "", $0) }) { first, _ in first }
    }

    private func accuracy(_ row: [String: Any]?) throws -> Double {
        try #require((row?["test_accuracy"] as? [String: Any])?["mean"] as? Double)
    }

    private func verdict(_ outcome: Command.Outcome) throws -> (text: String, reasons: String, facts: [String: Any]) {
        let verdict = try #require(outcome.json?["verdict"] as? [String: Any], "\(outcome)")
        let reasons = verdict["reasons"] as? [String] ?? []
        return (verdict["text"] as? String ?? "", reasons.joined(separator: "\n"), verdict)
    }

    @Test("One repeated network: the generator collapses to it, the report says so, and the status is 3")
    func repeated() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch) { $0.training { _ in 0 } }
        let settings = ["coordinates={kind: raw}", "training.steps=800", "training.rate=0.003", "generator.dropout=0"]
        let outcome = try Command.run(words(scratch, settings))
        let verdict = try verdict(outcome)
        #expect(outcome.status == 3 && verdict.facts["collapsed"] as? Bool == true, "\(outcome)")
        #expect(verdict.text.contains("collapsed"))
        #expect(try scratch.text("run/report.html").contains("collapsed"))
        let rows = try rows(outcome)
        #expect(try abs(accuracy(rows["generated"]) - accuracy(rows["zoo"])) < 0.05, "it is that network")
        let (sample, zoo) = (try ZooReader(path: scratch.path("run/ensemble.h5")).readAll(), try TinyZoo.zoo.get())
        for row in 0..<sample.count {
            #expect(distance(sample.row(row), zoo.row(0)) < 0.2 * distance(zoo.row(1), zoo.row(0)))
        }
    }

    @Test("Two clusters of networks: the generator finds both, and little between them")
    func clusters() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch) { $0.training { $0 % 2 } }
        let settings = [
            "coordinates={kind: pca, components: 1, standardize: true}", "align.enabled=false", "training.steps=1500",
            "training.rate=0.003", "training.batch=16", "generator.hidden=32", "generator.dropout=0",
            "sampling.count=40", "sampling.steps=20",
        ]
        let outcome = try Command.run(words(scratch, settings))
        #expect([0, 3].contains(outcome.status), "\(outcome)")
        let (sample, zoo) = (try ZooReader(path: scratch.path("run/ensemble.h5")).readAll(), try TinyZoo.zoo.get())
        let apart = distance(zoo.row(0), zoo.row(1))
        let near = (0..<2).map { cluster in
            (0..<sample.count).count { distance(sample.row($0), zoo.row(cluster)) < 0.2 * apart }
        }
        #expect(near.allSatisfy { $0 >= 8 } && near[0] + near[1] >= 32, "\(near)")
    }

    private func distance(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
        zip(a, b).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }.squareRoot()
    }

    @Test("Coordinates that lose networks: a row says what they are worth, a warning and the report what it means")
    func reconstruction() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let outcome = try Command.run(words(scratch, [Self.autoencoder]))
        let rows = try rows(outcome)
        #expect(rows["reconstructed-fresh"]?["n"] as? Int == 3 && rows["reconstructed"]?["n"] as? Int == 4)
        #expect(try accuracy(rows["reconstructed"]) < accuracy(rows["zoo"]) - 0.1)
        #expect(outcome.errors.contains("warning: encoding and decoding alone"), "\(outcome)")
        #expect(try verdict(outcome).reasons.contains("no generator in these coordinates can do better"))
        #expect(try scratch.text("run/report.html").contains("no generator in these coordinates can do better"))
        #expect(try scratch.text("run/coordinates/coordinates.json").contains("\"reconstructed\""))
    }

    @Test("The spread of codes is that of the codes that were drawn, not of what a lossy autoencoder makes of them")
    func drawnCodes() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let outcome = try Command.run(words(scratch, [Self.autoencoder]))
        let ratio = try #require(try rows(outcome)["generated"]?["code_rms_ratio"] as? Double)
        let codes = try ZooReader(path: scratch.path("run/ensemble-codes.h5")).readAll().row(0).map(Double.init)
        // The codes of the zoo's 8 networks have mean square 1 in each of 8 dimensions; spreads divide by one less.
        let (count, width) = (codes.count / 8, 8)
        let squares = (0..<width).map { column in
            let values = (0..<count).map { codes[$0 * width + column] }
            let mean = values.reduce(0, +) / Double(count)
            return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
        let rms = (squares.reduce(0, +) / Double((count - 1) * width) * 7 / 8).squareRoot()
        #expect(abs(ratio / rms - 1) < 1e-3, "\(ratio), \(rms)")
    }

    @Test("Coordinates that lose nothing have no such row and no warning")
    func lossless() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let outcome = try Command.run(words(scratch, ["coordinates.components=7"]))
        #expect(try rows(outcome).keys.allSatisfy { !$0.hasPrefix("reconstructed") })
        #expect(!outcome.errors.contains("warning"), "\(outcome)")
    }

    @Test("A training whose loss explodes but stays finite ends with status 3, both losses, and advice")
    func explodes() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let outcome = try Command.run(words(scratch, ["training.rate=1000"]))
        let verdict = try verdict(outcome)
        #expect(outcome.status == 3 && verdict.facts["diverged"] as? Bool == true, "\(outcome)")
        #expect(verdict.reasons.contains("training diverged: the training loss rose from "), "\(verdict)")
        #expect(verdict.text.contains("lower training.rate") && !verdict.reasons.contains("by heart"))
    }

    @Test("Noises that leave single precision once they are scaled to the codes are refused, not tried")
    func scaledNoises() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let process = "process={kind: edm, sigmaMax: 1.0e9}"
        let outcome = try Command.run(words(scratch, [process, "coordinates={kind: slot-standardized}"]))
        #expect(outcome.status == 64, "\(outcome)")
        #expect(outcome.errors.contains("process: expected noises that can be scaled"), "\(outcome)")
        #expect(outcome.errors.contains("rescale: false"))
    }

    @Test("An autoencoder that diverges ends with status 3, a report, and advice")
    func diverges() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let settings = [Self.autoencoder, "coordinates.training.rate=1e30"]
        let outcome = try Command.run(words(scratch, settings))
        let verdict = try verdict(outcome)
        #expect(outcome.status == 3 && verdict.facts["diverged"] as? Bool == true, "\(outcome)")
        #expect(outcome.errors.contains("training the autoencoder") && outcome.errors.contains("diverged at step"))
        #expect(verdict.reasons.contains("the autoencoder's training diverged at step"))
        #expect(try scratch.text("run/report.html").contains("diverged"))
    }

    @Test("An interrupted training of an autoencoder goes on, and ends in the bytes of one that was let alone")
    func resumes() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let settings = TinyZoo.settings([Self.autoencoder, "coordinates.training.steps=3000"])
        func words(_ out: String) -> [String] { TinyZoo.run(scratch, out: out).dropLast(2) + settings }
        #expect([0, 3].contains(try Command.run(words("whole")).status))
        let running = try Command.start(words("cut"))
        try #require(running.waits(for: scratch.file("cut/autoencoder.jsonl")))
        running.send(SIGTERM)
        let stopped = try running.outcome()
        #expect(stopped.status == 75 && stopped.errors.contains("training the autoencoder"), "\(stopped)")
        #expect(scratch.exists("cut/autoencoder-checkpoint.record") && !scratch.exists("cut/coordinates"))
        #expect([0, 3].contains(try Command.run(words("cut") + ["--resume"]).status))
        for name in ["autoencoder.jsonl", "coordinates/tensors.h5", "coordinates/coordinates.json", "ensemble.h5"] {
            #expect(try scratch.bytes("cut/\(name)") == scratch.bytes("whole/\(name)"), "\(name)")
        }
        #expect(!scratch.exists("cut/autoencoder-checkpoint.record"))
    }

    @Test("A validation loss that no longer falls stops the training; the report says at which step it was least")
    func patience() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let settings = [
            "coordinates.components=7", "training.patience=2", "training.checkEvery=20", "training.rate=0.01",
            "training.steps=5000", "generator.hidden=64",
        ]
        let outcome = try Command.run(words(scratch, settings))
        #expect(try verdict(outcome).reasons.contains("the validation loss no longer fell"), "\(outcome)")
        #expect(try scratch.text("run/metrics.jsonl").contains("validation_loss"))
        #expect(try scratch.text("run/report.html").contains("the least validation loss"))
    }
}

extension Zoo {
    /// The same zoo, its training networks replaced: the i-th by network `source(i)`.
    fileprivate func training(_ source: (Int) -> Int) -> Zoo {
        var next = 0
        let train = Set(rows(in: .train))
        let weights = (0..<count).flatMap { index -> ArraySlice<Float> in
            guard train.contains(index) else { return row(index) }
            defer { next += 1 }
            return row(source(next))
        }
        return Zoo(header: header, weights: weights, columns: columns)
    }
}
