import Foundation
import ModelZoo
import Networks
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

@Suite("Files that experiments name, and zoos that runs share")
struct ExperimentPathsTests {
    @Test("absolute paths are taken as they are, or missing; relative ones are looked for upwards")
    func paths() throws {
        let scratch = try ScratchFolder()
        try scratch.put("a.h5", "x")
        #expect(try ExperimentPaths.resolve(scratch.file("a.h5").path).path == scratch.file("a.h5").path)
        for path in [scratch.file("b.h5").path, "no-such-folder-anywhere/zoo.h5"] {
            let error = try requireDataError { _ = try ExperimentPaths.resolve(path) }
            #expect(error.kind == .missing && error.path == path)
        }
    }

    @Test("equal recipes share a file, others do not; what training took is kept beside it")
    func shared() throws {
        let scratch = try ScratchFolder()
        let zoos = SharedZoos(folder: scratch.url)
        var recipe = ZooRecipe()
        let key = try Tree(encoding: recipe).yaml
        #expect(zoos.file(key) == zoos.file(key) && zoos.file(key) != zoos.file(key + " "))
        #expect(zoos.training(.train(recipe)) == nil, "nothing was trained yet")
        try zoos.record(seconds: 12.5, networks: recipe.count, of: zoos.file(key))
        let found = try #require(zoos.training(.train(recipe)))
        #expect(found.seconds == 12.5 && found.networks == recipe.count)
        recipe.training.epochs += 1
        #expect(zoos.training(.train(recipe)) == nil)
        try scratch.put("\(zoos.file(key).lastPathComponent).timing.json", "{")
        recipe.training.epochs -= 1
        #expect(zoos.training(.train(recipe)) == nil, "a damaged record is none")
    }
}
