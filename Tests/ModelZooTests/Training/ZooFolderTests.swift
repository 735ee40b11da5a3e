import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Folders of zoo files")
struct ZooFolderTests {
    /// Trains networks of two data sets whose setting `name` has these values, and hands on the folder of their zoos,
    /// its index, and the paths of the data.
    private func index(
        _ values: [String], _ body: (URL, ZooFolder, [String]) throws -> Void
    ) throws {
        try DatasetFolder.with { folder in
            let data = try values.indices.map {
                try folder.write(TrainingSamples.csv(seed: UInt64($0)), to: "\($0).csv")
            }
            let arms = zip(values, data).map { value, path in
                var facts = ZooColumns(count: 1)
                facts["name"] = .text([value])
                return ZooTraining.Arm(recipe: TrainingSamples.recipe(path) { $0.training.epochs = 1 }, facts: facts)
            }
            let out = URL(fileURLWithPath: folder.path).appendingPathComponent("zoos")
            try FileManager.default.createDirectory(at: out, withIntermediateDirectories: false)
            try ZooFolder.write(ZooTraining(arms: arms, catalog: TrainingSamples.catalog).train { _, _ in }, to: out)
            try body(out, try ZooFolder(contentsOf: out), data)
        }
    }

    @Test(
        "Every zoo has a file of its own, whatever its settings are called",
        arguments: [
            (["a.csv", "b.csv"], ["name-a.csv.h5", "name-b.csv.h5"]), (["a b", "a-b"], ["zoo-0.h5", "zoo-1.h5"]),
            (["é", "a/b"], ["name--.h5", "name-a-b.h5"]), (["", "../x"], ["name-.h5", "name-..-x.h5"]),
            ([String(repeating: "x", count: 200), "y"], ["zoo-0.h5", "name-y.h5"]),
        ])
    func names(values: [String], files: [String]) throws {
        try index(values) { (out: URL, index: ZooFolder, data: [String]) throws in
            #expect(index.zoos.map(\.file) == files)
            #expect(index.zoos.map(\.settings) == values.map { ["name": $0] })
            for (entry, path) in zip(index.zoos, data) {
                let file = out.appendingPathComponent(entry.file).path
                #expect(try SHA256.hexDigest(ofFile: file) == entry.sha256)
                #expect(try ZooReader(path: file).header.dataset?.name == path && entry.dataset == path)
            }
        }
    }

    private static let entry =
        #"{"file":"z.h5","architecture":{"kind":"mlp","widths":[2,2]},"networks":1,"#
        + #""parameters":6,"settings":{},"sha256":"00"}"#
    private static let sound = #"{"format":"weightspace-zoos","version":1,"zoos":[\#(entry)]}"#

    @Test(
        "An index of another kind, or that leads out of its folder, is refused",
        arguments: [
            ("z.h5", "../z.h5"), ("z.h5", "/z.h5"), ("z.h5", "a/z.h5"), ("z.h5", ""), ("z.h5", ".z.h5"),
            ("weightspace-zoos", "weightspace-zoo"), (#""version":1"#, #""version":2"#), (#""networks":1,"#, ""),
            ("mlp", "mpl"), ("]}", "]"),
        ])
    func refused(part: String, wrong: String) throws {
        try DatasetFolder.with { folder in
            let url = URL(fileURLWithPath: folder.path)
            #expect(dataError { _ = try ZooFolder(contentsOf: url) }?.kind == .missing)
            try folder.write(Self.sound, to: "index.json")
            #expect(try ZooFolder(contentsOf: url).zoos.map(\.parameters) == [6])
            try folder.write(Self.sound.replacingOccurrences(of: part, with: wrong), to: "index.json")
            let error = dataError { _ = try ZooFolder(contentsOf: url) }
            #expect(error?.kind == .malformed && error?.path.hasSuffix("/index.json") == true)
            #expect(!ZooFolder.isOne(url))
        }
    }
}
