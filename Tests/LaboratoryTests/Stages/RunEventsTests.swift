import Foundation
import ModelZoo
import Reports
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

/// The tags and texts of an event file are looked for as bytes; `Scripts/check-tensorboard` reads files with TensorBoard.
@Suite("Runs beside TensorBoard")
struct RunEventsTests {
    /// All bytes of the event files of a folder, in the order of their names; nil where there are none.
    private func events(_ folder: URL) throws -> Data? {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
            .filter { $0.hasPrefix("events.out.tfevents.") }
        return names.isEmpty
            ? nil : try names.reduce(Data()) { $0 + (try Data(contentsOf: folder.appending(path: $1))) }
    }

    private func count(_ text: String, in data: Data?) -> Int {
        guard let data else { return 0 }
        var (number, rest) = (0, data.startIndex..<data.endIndex)
        while let found = data.range(of: Data(text.utf8), in: rest) {
            (number, rest) = (number + 1, found.upperBound..<data.endIndex)
        }
        return number
    }

    @Test("A watched run has curves, histograms and the verdict; its other files are those of an unwatched one")
    func watched() throws {
        let small = try SmallExperiment()
        var request = Experiment.Request(experiment: small.scratch.file("small.yaml").path)
        (request.out, request.data, request.tensorboard) = (
            small.scratch.file("seen"), Small.catalog.folders.first, true
        )
        let outcome = try Experiment(request, reporter: SilentProgress()).run()
        try small.run(out: "unseen")
        let seen = try events(small.scratch.file("seen"))
        #expect(count("generator/loss", in: seen) == 30 && count("codes/generated", in: seen) == 1)
        for tag in ["codes/zoo", "layers.0.weight/zoo", "layers.0.weight/generated", "test_accuracy/generated"] {
            #expect(count(tag, in: seen) == 1, "\(tag)")
        }
        #expect(count(outcome.summary.verdict.text, in: seen) == 1 && count("settings", in: seen) == 1)
        #expect(try events(small.scratch.file("unseen")) == nil)
        for file in ["metrics.jsonl", "ensemble.h5", "evaluation.json", "config.resolved.yaml"] {
            #expect(try small.bytes("seen/\(file)") == small.bytes("unseen/\(file)"), "\(file)")
        }
    }

    @Test("A finished run's events are made later: those of the run, and of every arm")
    func later() throws {
        let small = try SmallExperiment()
        try small.run(out: "one")
        let target = small.scratch.file("events")
        #expect(try EventsOperation.execute(small.scratch.file("one"), to: target) == 1)
        let found = try events(target)
        #expect(count("generator/loss", in: found) == 30 && count("verdict", in: found) == 1)
        let arms = try SmallExperiment("grid: {seed: [0, 1]}\n")
        try arms.run(out: "all")
        #expect(try EventsOperation.execute(arms.scratch.file("all"), to: arms.scratch.file("events")) == 2)
        for seed in 0...1 {
            #expect(try self.events(arms.scratch.file("events/default/seed-\(seed)")) != nil)
        }
    }

    @Test("An autoencoder's curve stands in a folder of its own, with its own steps")
    func autoencoder() throws {
        let small = try SmallExperiment()
        try small.run(
            out: "run",
            settings: [
                "coordinates={kind: token-autoencoder, latent: 3, width: 8, heads: 2, "
                    + "training: {steps: 12, batch: 4, warmUp: 0}}"
            ])
        let target = small.scratch.file("events")
        _ = try EventsOperation.execute(small.scratch.file("run"), to: target)
        #expect(try count("autoencoder/loss", in: events(target.appending(path: "autoencoder"))) == 12)
        #expect(try count("autoencoder/loss", in: events(target)) == 0)
    }

    @Test("What is no finished run of a generator is refused")
    func refusals() throws {
        let small = try SmallExperiment()
        func problem(_ name: String) -> String {
            do {
                _ = try EventsOperation.execute(small.scratch.file(name), to: small.scratch.file("events"))
                return "none"
            } catch {
                return "\(error)"
            }
        }
        #expect(problem("absent").contains("there is no such folder or file"))
        #expect(problem("zoo.h5").contains("is not the folder of a finished run"))
        try small.run(out: "run")
        try small.cut("run", as: "half", after: 2)
        #expect(problem("half").contains("did not come to its end"))
        #expect(!small.exists("events"))
    }
}

@Suite("Lines of metrics")
struct MetricsLineTests {
    @Test(
        "A line reads back as what it was",
        arguments: [.loss(0.5), .validationLoss(1.25), .diverged] as [MetricsLine.What])
    func roundTrip(_ what: MetricsLine.What) throws {
        let line = MetricsLine(step: 7, what)
        #expect(try MetricsLine(Tree(parsing: Tree.map(line.fields).text())) == line)
    }

    @Test("Lines of earlier versions are read; what is no line is left out")
    func reading() throws {
        let scratch = try ScratchFolder()
        try scratch.put(
            "m.jsonl",
            """
            {"held_out_loss":2,"step":1}
            {"loss":null,"step":2}
            {"loss":3}
            {"step":4}
            {"step":0.5,"loss":1}
            nonsense
            {"loss":5,"step":5}

            """)
        let lines = MetricsLine.read(scratch.file("m.jsonl"))
        #expect(lines == [MetricsLine(step: 1, .validationLoss(2)), MetricsLine(step: 5, .loss(5))])
        #expect(MetricsLine.read(scratch.file("absent")).isEmpty)
    }

    @Test("The room's page has a row for every key, and for no other")
    func page() throws {
        let root = fixturesFolder.deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "Sources/Laboratory/README.md"), encoding: .utf8)
        let table = try #require(page.range(of: "| key | what it holds |\n| --- | --- |\n"))
        let rows = page[table.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
            .prefix { $0.hasPrefix("|") }
        #expect(
            rows.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
                == MetricsLine.Key.allCases.map(\.rawValue))
    }
}
