import Basics
import Foundation
import ModelZoo
import Reports
import ShiftDetection
import TestSupport
import Testing

@testable import Laboratory

@Suite struct ShiftStudyTests {
    private static let datasets = fixturesFolder.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Datasets").path

    private static let small = """
        question: does it run?
        shift:
          data: {kind: sites, places: [uci-heart-va]}
          beside: [ks, d3m-trained, detectron]
          tilts: [positives]
          sizes: [10]
          splits: 2
          nullDraws: 1
          costlySplits: 1
          nestedNull: 19
          permutations: 19
          bootstraps: 20
          ensembles: {trained: {count: 3, network: {steps: 20}}}
        """

    private static func study(_ folder: ScratchFolder, _ text: String = small, resume: Bool = false) throws
        -> ShiftStudy
    {
        try folder.put("config.yaml", text)
        var request = Experiment.Request(experiment: folder.file("config.yaml").path)
        request.out = folder.file("run")
        request.data = datasets
        request.resume = resume
        return try #require(try ShiftStudy(request, reporter: SilentProgress()))
    }

    @Test func tables() {
        #expect(ConfigSchema(ShiftStudyConfig.self).discrepancies.isEmpty)
        #expect(Set(ShiftContestant.all.map(\.name)).count == ShiftContestant.all.count)
    }

    @Test func anExperimentWithoutTheSectionIsNone() throws {
        let folder = try ScratchFolder()
        try folder.put("config.yaml", "seed: 1\n")
        let request = Experiment.Request(experiment: folder.file("config.yaml").path)
        #expect(try ShiftStudy(request, reporter: SilentProgress()) == nil)
    }

    @Test func aStudyKeepsItsSplitsAndSaysTheSameAgain() throws {
        let folder = try ScratchFolder()
        let outcome = try Self.study(folder).execute()
        let report = outcome.report
        #expect(report.places == ["uci-heart-va", "positives", "null"] && report.splits == 2)
        #expect(report.different.map(\.name) == ["decision: energy", "ks", "d3m-trained", "detectron"])
        let decision = try #require(report.different.first)
        #expect(decision.cells.map(\.samples) == [2, 2, 2])
        // Only the first split asks the costly methods.
        #expect(report.different.last?.cells.map(\.samples) == [1, 0, 1])
        #expect(report.harmful.first?.cells.count == 3 && report.estimates.count == 3)
        #expect(report.streams?.map(\.place) == ["uci-heart-va"] && report.streams?[0].streams == 2)
        #expect(report.streams?[0].rows == 200 && report.batch == 10)
        for name in ["splits/0.json", "splits/1.json", "shift.json", "report.html", "config.resolved.yaml"] {
            #expect(FileManager.default.fileExists(atPath: outcome.folder.appending(path: name).path), "\(name)")
        }
        let page = try folder.text("run/report.html")
        #expect(page.contains("Is what harms found?") && page.contains("does it run?") && !page.contains("nan"))
        #expect(report.text().contains("decision: energy") && report.text().contains("Streams that turn."))

        let again = try Self.study(folder, resume: true).execute()
        #expect(again.wasFinished && again.report == report)
        #expect(throws: DataError.self) { try Self.study(folder).execute() }
    }

    @Test func aStudyThatWasStoppedGoesOn() throws {
        let (whole, stopped) = (try ScratchFolder(), try ScratchFolder())
        let report = try Self.study(whole).execute().report
        _ = try Self.study(stopped).execute()
        let stages = stopped.file("run/stages.json")
        let text = try String(contentsOf: stages, encoding: .utf8).replacing(
            "\"finished\": true", with: "\"finished\": false")
        try Data(text.utf8).write(to: stages)
        try FileManager.default.removeItem(at: stopped.file("run/splits/1.json"))
        let again = try Self.study(stopped, resume: true).execute()
        #expect(!again.wasFinished)
        #expect(again.report.different.map(\.cells) == report.different.map(\.cells))
        #expect(again.report.estimates == report.estimates)
    }

    @Test func whatDoesNotFitIsToldBeforeAnyWork() throws {
        let folder = try ScratchFolder()
        for (old, new, word) in [
            ("uci-heart-va", "iris", "features"), ("uci-heart-va", "uci-heart-vaa", "unknown"),
            ("sizes: [10]", "sizes: [3]", "sizes"), ("[ks,", "[kss,", "beside"),
        ] {
            let text = Self.small.replacing(old, with: new)
            let error = #expect(throws: (any Error).self) { try Self.study(folder, text).execute() }
            #expect("\(error as Any)".contains(word), "\(error as Any)")
            #expect(!FileManager.default.fileExists(atPath: folder.file("run").path))
        }
    }

    @Test func imagesAreDamagedMoreAndMore() throws {
        let data = ShiftStudyData.images(.init())
        let rows = try ShiftStudySource(data, catalog: DatasetCatalog(folders: [Self.datasets])).split(3)
        #expect(rows.training.count == 600 && rows.reference.count == 300)
        #expect(rows.places.count == Corruption.allCases.count * 4 && rows.places.allSatisfy { $0.rows.count == 600 })
        // Paired: the same labels in every place.
        #expect(rows.places.allSatisfy { $0.rows.labels == rows.places[0].rows.labels })
        let noise = rows.places.filter { $0.severity?.corruption == .noise }.map { place in
            place.rows.features.floats
        }
        let distances = noise.map { zip($0, noise[0]).reduce(0) { $0 + abs($1.0 - $1.1) } }
        #expect(distances[0] == 0 && distances == distances.sorted(), "\(distances)")
    }

    /// The true fall of a damage is that of the same rows: none where nothing is damaged, whatever P's accuracy is.
    @Test func aDamageIsComparedWithTheSameRowsUndamaged() throws {
        var images = ShiftStudyData.Images()
        (images.training, images.reference, images.others) = (100, 60, 60)
        (images.corruptions, images.severities) = ([.occlusion], [0.01, 1])
        var section = ShiftStudyConfig.Section()
        (section.data, section.sizes, section.beside, section.splits) = (.images(images), [10], [], 1)
        section.ensembles.trained.count = 2
        (section.ensembles.trained.network.hidden, section.ensembles.trained.network.steps) = ([8], 40)
        let source = try ShiftStudySource(section.data, catalog: DatasetCatalog(folders: [Self.datasets]))
        for seed in 0..<3 {
            var split = try ShiftStudySplit(section, index: 0, seed: seed, source: source, progress: .none)
            let truth = try split.judged().truth
            let (none, much) = (try #require(truth["occlusion 0.01"]), try #require(truth["occlusion 1"]))
            #expect(none == 0 && much > 0.1, "\(truth)")
        }
    }

    @Test func hospitalsAreCleanedAndScaledByTheTrainingRowsAlone() throws {
        let source = try ShiftStudySource(.sites(.init()), catalog: DatasetCatalog(folders: [Self.datasets]))
        let rows = source.split(0)
        #expect(rows.places.map { $0.rows.count } == [200, 123, 294])
        #expect(rows.training.count == 152 && rows.reference.count == 151)
        for place in rows.places { #expect(place.rows.features.isFinite) }
        // All cholesterol is missing in Switzerland: the median of T everywhere.
        let swiss = rows.places[1].rows.features.floats
        #expect(Set(stride(from: 4, to: swiss.count, by: 10).map { swiss[$0] }).count == 1)
        #expect(source.split(0).training.labels == rows.training.labels)
        #expect(source.split(1).training.labels != rows.training.labels)
    }
}
