import Basics
import Foundation
import ModelZoo
import Networks
import RankTestSupport
import ShiftDetection
import Tensors
import TestSupport
import Testing

@testable import Laboratory

@Suite("Fits that are stopped, and models in files")
struct ShiftFitTests {
    private func operation(_ scratch: ScratchFolder, out: String = "d") -> ShiftFitOperation {
        var work = ShiftFitOperation(reference: scratch.file("p.csv").path, out: scratch.file(out))
        (work.cases, work.settings.label, work.settings.sizes) = (4, "label", [5, 10])
        return work
    }

    @Test("What was measured stays, and a fit that goes on writes the same bytes")
    func resume() throws {
        let scratch = try ScratchFolder()
        try scratch.put("p.csv", LabelledTable.csv(60, seed: 1))
        var work = operation(scratch)
        work.predictions = ["p"]
        _ = try work.execute(SilentProgress())
        #expect(scratch.names == ["d", "p.csv"])
        var again = operation(scratch, out: "e")
        (again.predictions, again.resume) = (["p"], true)
        // As it stands after a fit that was stopped at the second size.
        let detector = try DetectorStore(folder: scratch.file("d")).read()
        var bare = detector
        bare.calibration = .init()
        let progress = try FitProgress(for: scratch.file("e"), bare, cases: 4, resume: false)
        try progress.save(5, detector.calibration)
        #expect(throws: DataError.self) { try FitProgress(for: scratch.file("e"), bare, cases: 4, resume: false) }
        var restored = ShiftDetector.Calibration()
        #expect(progress.restore(5, in: &restored) && !progress.restore(10, in: &restored))
        #expect(restored.power == detector.calibration.power.filter { $0.rows == 5 } && restored.power.count == 9)
        _ = try again.execute(SilentProgress())
        for name in ["detector.json", "tensors.h5"] {
            #expect(
                try Data(contentsOf: scratch.file("d/\(name)")) == Data(contentsOf: scratch.file("e/\(name)")),
                "\(name)")
        }
        #expect(scratch.names == ["d", "e", "p.csv"])
    }

    @Test("A detector has the same bytes at any number of ranks, also where it is trained", arguments: [2, 3])
    func ranks(size: Int) throws {
        let scratch = try ScratchFolder()
        try scratch.put("p.csv", LabelledTable.csv(60, seed: 1))
        try scratch.put("t.csv", LabelledTable.csv(50, seed: 2))
        for isTrained in [false, true] {
            func work(_ out: String) -> ShiftFitOperation {
                var work = operation(scratch, out: out + "\(isTrained)")
                work.cases = 25
                if isTrained { work.training = scratch.file("t.csv").path } else { work.predictions = ["p"] }
                return work
            }
            let right = try work("alone").execute(SilentProgress()).power
            let world = try ThreadRanks.serve(size, RankTable.works) { ranks in
                var spread = work("spread")
                spread.ranks = ranks
                return try spread.execute(SilentProgress()).power
            }
            #expect(world.errors.isEmpty && world.threads.count == size - 1, "\(world.errors)")
            #expect(try world.outcome.get() == right && !right.isEmpty)
            for name in ["detector.json", "tensors.h5"] {
                let (one, other) = ("alone\(isTrained)/\(name)", "spread\(isTrained)/\(name)")
                #expect(try Data(contentsOf: scratch.file(one)) == Data(contentsOf: scratch.file(other)), "\(name)")
            }
        }
    }

    @Test("A model in a zoo file: its preparation of columns, a row or the mean, and the classes it names")
    func model() throws {
        let scratch = try ScratchFolder()
        try scratch.put("p.csv", LabelledTable.csv(60, seed: 1))
        try scratch.put("q.csv", LabelledTable.csv(20, seed: 2))
        let architecture = Architecture.mlp(MLP.Config(widths: [2, 2]))
        // Logits 0 and 4 (2 a - 1), of a as it stands in the file: scaled by 2 and shifted by -1.
        let rows: [[Float]] = [[0, 0, 4, 0, 0, 0], [0, 0, 0, 0, 0, 0]]
        let header = ZooHeader(
            architecture: architecture,
            dataset: ZooDataset(name: "mine", scale: [2], shift: [-1], features: ["a", "b"]))
        try ZooWriter.write(Zoo(header: header, weights: rows.flatMap { $0 }), to: scratch.file("m.h5").path)
        var work = operation(scratch)
        (work.model, work.row) = (scratch.file("m.h5").path, 0)
        let outcome = try work.execute(SilentProgress())
        #expect(outcome.classes == ["0", "1"] && outcome.performance["accuracy"] ?? 0 > 0.6, "\(outcome)")
        let detector = try DetectorStore(folder: scratch.file("d")).read()
        let (sample, _) = try detector.read(sample: scratch.file("q.csv").path)
        let a = try Table(bytes: Array(scratch.text("q.csv").utf8), path: "q")["a"]?.numbers ?? []
        let said = try #require(sample.probabilities).doubles
        for row in a.indices { #expect(abs(said[2 * row + 1] - 1 / (1 + exp(-4 * (2 * a[row] - 1)))) < 1e-5) }
        #expect(try detector.test(sample, path: "q.csv").verdict.test != nil)
        // The mean of both rows lies half way to 1/2.
        work = operation(scratch, out: "mean")
        work.model = scratch.file("m.h5").path
        _ = try work.execute(SilentProgress())
        let mean = try DetectorStore(folder: scratch.file("mean")).read().read(sample: scratch.file("q.csv").path).rows
        #expect(abs((mean.probabilities?.doubles[1] ?? 0) - (said[1] + 0.5) / 2) < 1e-6)
        work = operation(scratch, out: "none")
        (work.model, work.row) = (scratch.file("m.h5").path, 2)
        #expect(try requireDataError { _ = try work.execute(SilentProgress()) }.path == "--row")
        #expect(!scratch.names.contains { $0.hasPrefix("none") })
    }

    @Test("A method that learns anew is a detector's where it is trained on subsets; for others that is no option")
    func exact() throws {
        let error = #expect(throws: DataError.self) { try ShiftFitOperation.method("detectron") }
        #expect(error?.kind == .configuration && error?.path == "--method detectron")
        #expect(error?.hint.contains("--exact") == true)
        #expect(try ShiftFitOperation.method("detectron", exact: true).member.level == .exact)
        #expect(try ShiftFitOperation.method("energy").kind == "energy")
        let useless = #expect(throws: DataError.self) { try ShiftFitOperation.method("energy", exact: true) }
        #expect(useless?.path == "--exact" && useless?.found == "energy is exact without it")
    }

    @Test("Subsets are as many as the level needs, and fewer where each is trained for; nothing is measured then")
    func subsets() throws {
        let scratch = try ScratchFolder()
        try scratch.put("p.csv", LabelledTable.csv(60, seed: 1))
        try scratch.put("t.csv", LabelledTable.csv(60, seed: 3).replacing("p\n", with: "q\n"))
        var work = operation(scratch)
        (work.predictions, work.cases, work.settings.alpha) = (["p"], 0, 0.0005)
        _ = try work.execute(SilentProgress())
        #expect(try DetectorStore(folder: scratch.file("d")).read().settings.subsets == 19_999)
        var trained = operation(scratch, out: "e")
        trained.training = scratch.file("t.csv").path
        trained.settings.ignored = ["p", "q"]
        trained.settings.ensembles.trained.count = 2
        trained.settings.method = try ShiftFitOperation.method("detectron", exact: true)
        let outcome = try trained.execute(SilentProgress())
        #expect(outcome.power.isEmpty && outcome.notes.contains { $0.contains("trained anew for every sample") })
        #expect(try DetectorStore(folder: scratch.file("e")).read().settings.subsets == 199)
    }
}
