import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("The folder of a training's progress")
struct ZooProgressTests {
    private struct Stop: Error {}

    /// Runs the body with a training of twelve networks, groups of ten and two, and a folder for its progress.
    private func with(_ body: (ZooTraining, URL) throws -> Void) throws {
        try TrainingSamples.with({
            $0.networks.train = 9; $0.training.epochs = 1
        }) { folder, recipe in
            let kept = URL(fileURLWithPath: folder.path).appendingPathComponent("kept")
            try FileManager.default.createDirectory(at: kept, withIntermediateDirectories: false)
            try body(ZooTraining(arms: [.init(recipe: recipe)], catalog: TrainingSamples.catalog), kept)
        }
    }

    @Test("stands beside the zoo, is empty until a group is recorded, and goes when it is removed")
    func life() throws {
        #expect(ZooProgress.folder(for: URL(fileURLWithPath: "/x/zoo.h5")).path == "/x/zoo.h5.progress")
        try with { training, kept in
            let progress = try ZooProgress(folder: kept, identity: training.identity)
            #expect(progress.isEmpty)
            _ = try? training.train(keeping: progress) { _, _ in throw Stop() }
            #expect(!progress.isEmpty)
            #expect(try !ZooProgress(folder: kept, identity: training.identity).isEmpty)
            try progress.remove()
            #expect(!FileManager.default.fileExists(atPath: kept.path))
            #expect(dataError { try progress.remove() }?.kind == .inputOutput)
            let missing = dataError { _ = try ZooProgress(folder: kept, identity: training.identity) }
            #expect(missing?.kind == .inputOutput && missing?.path.hasPrefix(kept.path) == true)
        }
    }

    @Test("a record of other networks is refused, whether they still train or not", arguments: [3, 100])
    func otherNetworks(stop: Int) throws {
        try with { training, kept in
            let progress = try ZooProgress(folder: kept, identity: training.identity)
            _ = try? training.train(keeping: progress) { done, _ in if done >= stop { throw Stop() } }
            try FileManager.default.copyItem(
                at: kept.appendingPathComponent("group-0"), to: kept.appendingPathComponent("other"))
            try? FileManager.default.removeItem(at: kept.appendingPathComponent("group-1"))
            try FileManager.default.moveItem(
                at: kept.appendingPathComponent("other"), to: kept.appendingPathComponent("group-1"))
            let error = dataError { _ = try training.train(keeping: progress) { _, _ in } }
            #expect(error?.kind == .malformed && error?.path == kept.appendingPathComponent("group-1").path)
            #expect(error?.expected == "2 networks of this recipe" && error?.hint.isEmpty == false)
        }
    }
}
