import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Data of recipes")
struct ZooDataTests {
    @Test(
        "Standardised features have mean 0 and deviation 1 over the training rows, and are recorded as scale and shift")
    func standardized() throws {
        var recipe = ZooRecipe()
        (recipe.dataset.name, recipe.dataset.standardize) = ("iris", true)
        let (split, recorded) = try recipe.data(from: TrainingSamples.catalog)
        #expect(split.train.count == 90 && split.train.classCount == 3 && recorded.scale.count == 4)
        for feature in 0..<4 {
            let values = stride(from: feature, to: split.train.inputs.count, by: 4).map {
                Double(split.train.inputs[$0])
            }
            let mean = values.reduce(0, +) / 90
            let variance = values.reduce(0) { $0 + $1 * $1 } / 90 - mean * mean
            #expect(abs(mean) < 1e-6 && abs(variance - 1) < 1e-6)
        }
        let again = try TrainingSamples.catalog.load(recorded)
        #expect(again.train.inputs == split.train.inputs && again.test.inputs == split.test.inputs)
    }

    @Test("Without a scale a known set has its usual preparation, and a file its values as they are")
    func unsaid() throws {
        try DatasetFolder.with { folder in
            let path = try folder.write((0..<20).map { "\($0 * 12),1,\($0 % 2)\n" }.joined(), to: "bytes.csv")
            for (name, scale) in [("digits", 0.0625), ("iris", 1), (path, 1)] {
                var recipe = ZooRecipe()
                recipe.dataset.name = name
                #expect(try recipe.data(from: TrainingSamples.catalog).recorded.scale == [scale], "\(name)")
                recipe.dataset.shift = 2
                let shifted = try recipe.data(from: TrainingSamples.catalog).recorded
                #expect(shifted.scale == [1] && shifted.shift == [2], "a shift alone is of the raw values")
                (recipe.dataset.scale, recipe.dataset.shift) = (0.5, 0)
                #expect(try recipe.data(from: TrainingSamples.catalog).recorded.scale == [0.5])
            }
            var recipe = ZooRecipe()
            (recipe.dataset.name, recipe.widths) = (path, [2, 3, 2])
            let notes = try ZooTraining(arms: [.init(recipe: recipe)], catalog: TrainingSamples.catalog).dataNotes()
            #expect(notes.count == 1 && notes[0].contains("raw values x") && notes[0].contains("the class is column 3"))
        }
    }

    @Test("A recipe takes mean and std as a description does: of x / 255, or of x * scale")
    func normalized() throws {
        try DatasetFolder.with { folder in
            let path = try folder.write((0..<20).map { "\($0 * 12),1,\($0 % 2)\n" }.joined(), to: "bytes.csv")
            var recipe = ZooRecipe()
            recipe.dataset.name = path
            (recipe.dataset.mean, recipe.dataset.std) = (0.5, 0.25)
            let bytes = try recipe.data(from: TrainingSamples.catalog).recorded
            #expect(bytes.shift == [-2] && abs(bytes.scale[0] * 255 * 0.25 - 1) < 1e-12)
            recipe.dataset.scale = 0.5
            #expect(try recipe.data(from: TrainingSamples.catalog).recorded.scale == [2])
            recipe.dataset.shift = 1
            #expect(recipe.problems().map(\.path) == ["dataset.shift"])
            (recipe.dataset.shift, recipe.dataset.std) = (0, nil)
            #expect(recipe.problems().map(\.path) == ["dataset.mean"])
        }
    }

    @Test("A feature that never changes becomes 0 when it is standardised")
    func constant() throws {
        try DatasetFolder.with { folder in
            let path = try folder.write((0..<20).map { "7,\($0),\($0 % 2)\n" }.joined(), to: "flat.csv")
            var recipe = ZooRecipe()
            (recipe.dataset.name, recipe.dataset.standardize) = (path, true)
            let (split, recorded) = try recipe.data(from: TrainingSamples.catalog)
            #expect(recorded.scale[0] == 1 && recorded.shift[0] == -7 && recorded.scale[1] < 1)
            for part in split.parts {
                #expect(stride(from: 0, to: part.inputs.count, by: 2).allSatisfy { part.inputs[$0] == 0 })
            }
        }
    }

    @Test("Missing values get the training rows' mean, or are refused; a zoo file records what they got")
    func missing() throws {
        try DatasetFolder.with { folder in
            let rows = (0..<20).map { "\($0),\($0 % 4 == 1 ? "?" : "\($0 % 2)"),\($0 % 2)\n" }.joined()
            let path = try folder.write(rows, to: "gaps.csv")
            var recipe = ZooRecipe()
            (recipe.dataset.name, recipe.dataset.scale, recipe.dataset.shift) = (path, 2, 1)
            #expect(dataError { _ = try recipe.data(from: TrainingSamples.catalog) }?.found.contains("missing") == true)
            recipe.dataset.missing = .mean
            let (split, recorded) = try recipe.data(from: TrainingSamples.catalog)
            guard case .indices(let train, _, _) = recorded.split else { return #expect(Bool(false)) }
            let known = train.filter { $0 % 4 != 1 }
            let mean = Double(known.count { $0 % 2 == 1 }) / Double(known.count)
            #expect(recorded.missing?[1] == mean)
            for (place, row) in train.enumerated() {
                let value = row % 4 == 1 ? mean : Double(row % 2)
                #expect(split.train.inputs[2 * place + 1] == Float(value * 2 + 1))
            }
            let coded = try JSONDecoder().decode(ZooDataset.self, from: JSONEncoder().encode(recorded))
            #expect(coded == recorded)
            #expect(try TrainingSamples.catalog.load(coded).train.inputs == split.train.inputs)
        }
    }

    /// 123 patients of Zurich and Basel and 49 of Long Beach have a cholesterol of 0, which is a missing one.
    @Test("The hearts: rows, patients with disease and missing values are those of the hospitals' files")
    func hearts() throws {
        for (name, rows, diseased, gaps) in [
            ("uci-heart", 597, 245, 35), ("uci-heart-shifted", 323, 264, 256 + 123 + 49),
        ] {
            let loaded = try TrainingSamples.catalog.load(name)
            #expect(loaded.count == rows && loaded.featureCount == 9 && loaded.classCount == 2)
            #expect(loaded.labels.count { $0 == 1 } == diseased)
            #expect(loaded.rawInputs(rows: 0..<rows).count { $0.isNaN } == gaps)
            let error = dataError { _ = try loaded.prepared(rows: Array(0..<rows), .identity) }
            #expect(error?.kind == .configuration && error?.hint.contains("dataset.missing") == true)
        }
        // The first patient of Cleveland and the last of Budapest.
        let heart = try TrainingSamples.catalog.load("uci-heart")
        #expect(heart.rawInputs(rows: [0]) == [63, 1, 1, 145, 233, 1, 2, 150, 0])
        #expect(heart.rawInputs(rows: [596]) == [65, 1, 4, 130, 275, 0, 1, 115, 1])
    }

    @Test("A feature that is missing in every training row cannot be filled")
    func absent() throws {
        try DatasetFolder.with { folder in
            let path = try folder.write((0..<20).map { "?,\($0),\($0 % 2)\n" }.joined(), to: "gaps.csv")
            var recipe = ZooRecipe()
            (recipe.dataset.name, recipe.dataset.missing) = (path, .mean)
            #expect(dataError { _ = try recipe.data(from: TrainingSamples.catalog) }?.found == "none of feature 0")
        }
    }

    /// Kaggle's form of image sets: the class first, whole numbers everywhere.
    @Test("A file with the class first is one for its networks; another column is one that the recipe names")
    func labels() throws {
        try DatasetFolder.with { folder in
            let lines = (0..<30).map { "\($0 % 3),\($0 * 7 % 16),\($0 * 5 % 16),\($0 % 2)" }.joined(separator: "\n")
            let path = try folder.write("label,pixel0,pixel1,pixel2\n\(lines)\n", to: "train.csv")
            let recipe = TrainingSamples.recipe(path) { $0.widths = [3, 4, 3] }
            let (split, recorded) = try recipe.data(from: TrainingSamples.catalog)
            #expect(split.train.classCount == 3 && recorded.label == "label")
            try recipe.check(fits: split)
            for (label, classes) in [("pixel2", 2), ("last", 2), ("first", 3), ("4", 2)] {
                let other = TrainingSamples.recipe(path) { $0.dataset.label = label }
                #expect(try other.data(from: TrainingSamples.catalog).split.train.classCount == classes)
            }
            let wrong = TrainingSamples.recipe(path) { $0.widths = [3, 4, 2] }
            let error = dataError { try wrong.check(fits: split) }
            #expect(error?.hint.contains("dataset.label") == true)
        }
    }
}
