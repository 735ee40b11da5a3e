import Foundation
import Networks
import Tensors
import Testing
import TestSupport
import ZooTestSupport

@testable import ModelZoo

@Suite("Zoo training")
struct ZooTrainingTests {
    @Test("Every kind of network learns, with the same bytes at any thread count", arguments: 0..<3)
    func kinds(_ index: Int) throws {
        let kind = TrainingSamples.kinds[index]
        try TrainingSamples.with(features: kind.features, kind.change) { folder, recipe in
            let files = try ThreadCounts.results(at: [1, 2]) { try fileBytes(TrainingSamples.zoo(recipe), in: folder) }
            #expect(files[0] == files[1])
            let zoo = try TrainingSamples.zoo(recipe)
            #expect(zoo.count == 7 && zoo.header.architecture == recipe.architecture)
            #expect((zoo.buffers?.count ?? 0) == 7 * recipe.architecture.layout.bufferCount)
            let accuracies = try #require(zoo.columns.numbers("train_accuracy"))
            #expect(accuracies.reduce(0, +) / 7 > 0.5, "\(kind.name): chance is 0.33")
            #expect(zoo.columns.rows(in: .test) == [5, 6] && zoo.columns["diverged"] == nil)
        }
    }

    @Test("A network's bytes do not depend on the networks beside it", arguments: 0..<3)
    func alone(_ index: Int) throws {
        let kind = TrainingSamples.kinds[index]
        try TrainingSamples.with(features: kind.features, kind.change) { _, recipe in
            let trainer = try ZooTrainer(recipe: recipe, split: recipe.data(from: TrainingSamples.catalog).split)
            let all = try trainer.train(seeds: Array(0..<12)) { _, _ in }
            for seed in [0, 3, 11] {
                let own = try trainer.train(seeds: [UInt64(seed)]) { _, _ in }
                #expect(own.weights.floats == all.weights.selected(axis: 0, seed).floats, "\(kind.name), seed \(seed)")
                #expect(own.epochs == [all.epochs[seed]])
            }
            #expect(all.weights.selected(axis: 0, 0).floats != all.weights.selected(axis: 0, 1).floats)
        }
    }

    @Test("Running statistics are part of the zoo: the recorded accuracies need them")
    func buffers() throws {
        try TrainingSamples.with(TrainingSamples.kinds[1].change) { folder, recipe in
            let zoo = try TrainingSamples.zoo(recipe)
            let path = "\(folder.path)/zoo.h5"
            try ZooWriter.write(zoo, to: path)
            let read = try ZooReader(path: path).readAll()
            let split = try TrainingSamples.catalog.load(#require(read.header.dataset))
            let buffers = Tensor(try #require(read.buffers), shape: [7, recipe.architecture.layout.bufferCount])
            let classifier = Classifier(recipe.architecture.network)
            func accuracies(_ buffers: Tensor) -> [Double] {
                classifier.accuracies(
                    read.population(), buffers: buffers, inputs: split.train.tensor, labels: split.train.labels)
            }
            #expect(accuracies(buffers) == read.columns.numbers("train_accuracy"))
            let untrained = Buffers(recipe.architecture.layout, population: 7).flat
            #expect(accuracies(untrained) != read.columns.numbers("train_accuracy"))
        }
    }

    @Test("Selection looks at validation labels, never at test labels")
    func selection() throws {
        try TrainingSamples.with({ $0.training.epochs = 12 }) { _, recipe in
            let split = try recipe.data(from: TrainingSamples.catalog).split
            func shuffled(_ data: Dataset) -> Dataset {
                var stream = RandomStream(seed: 3, purpose: "test.shuffle")
                let labels = stream.permutation(data.count).map { data.labels[$0] }
                return Dataset(
                    name: data.name, inputs: data.inputs, sampleShape: data.sampleShape, labels: labels,
                    classCount: data.classCount)
            }
            func train(_ validation: Dataset, _ test: Dataset) throws -> ([Float], [Int]) {
                let parts = DatasetSplit(train: split.train, validation: validation, test: test)
                let found = try ZooTrainer(recipe: recipe, split: parts).train(seeds: Array(0..<7)) { _, _ in }
                return (found.weights.floats, found.epochs)
            }
            let plain = try train(split.validation, split.test)
            let other = try train(split.validation, shuffled(split.test))
            #expect(plain.0 == other.0 && plain.1 == other.1)
            #expect(try train(shuffled(split.validation), split.test).1 != plain.1)
        }
    }

    @Test("The selected epoch is the first of the best on validation rows; `last` is the last")
    func epochs() throws {
        try TrainingSamples.with({ $0.training.epochs = 6 }) { _, recipe in
            let data = try recipe.data(from: TrainingSamples.catalog).split
            let zoo = try TrainingSamples.zoo(recipe)
            var scores: [[Double]] = []
            for epochs in 1...6 {
                var short = recipe
                (short.training.epochs, short.selection) = (epochs, .last)
                let weights = try ZooTrainer(recipe: short, split: data).train(seeds: Array(0..<7)) { _, _ in }.weights
                scores.append(
                    Classifier(recipe.architecture.network).accuracies(
                        weights, inputs: data.validation.tensor, labels: data.validation.labels))
            }
            for network in 0..<7 {
                let own = scores.map { $0[network] }
                let highest = try #require(own.max())
                let best = try #require(own.firstIndex(of: highest))
                #expect(zoo.columns.numbers("epoch")?[network] == Double(best + 1))
                #expect(zoo.columns.numbers("validation_accuracy")?[network] == own[best])
            }
        }
    }

    @Test("A network out of patience stops: what it has is what a longer training had by then")
    func patience() throws {
        try TrainingSamples.with({ $0.training.epochs = 12 }) { _, recipe in
            var patient = recipe
            patient.training.patience = 2
            patient.checkpoints.every = 1
            let (long, short) = (try TrainingSamples.zoo(recipe), try TrainingSamples.zoo(patient))
            let steps = try #require(short.trajectory).steps
            var stopped = 0
            for network in 0..<7 {
                let trained = steps[network * 13..<network * 13 + 13].count { $0 >= 0 } - 1
                let selected = Int(try #require(short.columns.numbers("epoch"))[network])
                stopped += trained < 12 ? 1 : 0
                #expect(trained == min(12, selected + 2))
                if long.columns.numbers("epoch")?[network] == Double(selected) {
                    #expect(long.row(network) == short.row(network))
                }
            }
            #expect(stopped > 0)
        }
    }
}
