import Basics
import Foundation
import Tensors
import Testing
import TestSupport

@testable import Networks

/// A small architecture with a random population, rows and classes.
struct FinishCase: Sendable, CustomTestStringConvertible {
    let name: String
    let network: any Network
    let inputs: Int

    var testDescription: String { name }

    static let all = [
        FinishCase(name: "mlp", network: MLP(.init(widths: [6, 5, 4, 3])), inputs: 6),
        FinishCase(name: "linear", network: MLP(.init(widths: [6, 3])), inputs: 6),
        FinishCase(name: "mlp without bias", network: MLP(.init(widths: [6, 5, 3], bias: false)), inputs: 6),
        FinishCase(name: "batch norms", network: MLP(.init(widths: [6, 5, 4, 3], norm: .batch)), inputs: 6),
        FinishCase(name: "layer norms", network: MLP(.init(widths: [6, 5, 4, 3], norm: .layer)), inputs: 6),
        FinishCase(
            name: "cnn-s",
            network: ZooCNN(.init(size: .small, image: .init(channels: 1, height: 20, width: 20), outputs: 3)),
            inputs: 400),
        FinishCase(
            name: "ResNet-20",
            network: ResNet(.init(depth: 20, image: .init(channels: 1, height: 8, width: 8), width: 2, outputs: 3)),
            inputs: 64),
    ]

    func population(_ count: Int) -> Tensor {
        Initialization.pytorch.population(network.layout, seeds: (0..<UInt64(count)).map { $0 + 3 })
    }

    var rows: (inputs: Tensor, labels: [Int32]) {
        var stream = RandomStream(seed: 9, purpose: "test.finish")
        let inputs = stream.normal([60, inputs])
        // A class that depends on the row, so that there is something to learn.
        return (inputs, inputs.sliced(axis: 1, 0..<3).argmax())
    }

    func finishing(_ finish: Finish, members: Int = 13) throws -> Finishing {
        let (inputs, labels) = rows
        let repair = try AverageRepair(network, zoo: population(members), inputs: inputs)
        return try Finishing(network, finish, inputs: inputs, labels: labels, classes: 3, repair: repair)
    }

    func losses(_ finished: Finishing.Finished) -> [Double] {
        let (inputs, labels) = rows
        return Classifier(network).losses(
            finished.weights, buffers: finished.buffers, inputs: inputs, labels: labels, classes: 3)
    }
}

@Suite("Finishing networks")
struct FinishingTests {
    static let kinds: [Finish] = [
        .none, .statistics(.init()), .logits(.init()), .lastLayer(.init()), .train(Self.short),
    ]

    private static var short: Finish.Training {
        var settings = Finish.Training()
        settings.steps = 3
        return settings
    }

    @Test(
        "a network comes out the same whatever stands beside it, in any order, by any number of threads",
        arguments: FinishCase.all, kinds)
    func independence(_ sample: FinishCase, _ finish: Finish) throws {
        let finishing = try sample.finishing(finish)
        let population = sample.population(13)
        let members = (0..<13).map { AverageMembers($0 % 3 == 0 ? [] : [$0, ($0 + 5) % 13]) }
        let all = finishing(population, members: members)
        for index in [0, 4, 9, 12] {
            let alone = finishing(population.sliced(axis: 0, index..<(index + 1)), members: [members[index]])
            #expect(alone.weights.floats == all.weights.selected(axis: 0, index).floats)
            #expect(alone.buffers?.floats == all.buffers.map { $0.selected(axis: 0, index).floats })
        }
        let order = (0..<13).map { ($0 * 5) % 13 }
        let shuffled = finishing(
            population.gathered(axis: 0, order.map(Int32.init)), members: order.map { members[$0] })
        #expect(shuffled.weights.floats == all.weights.gathered(axis: 0, order.map(Int32.init)).floats)
        let threads = Threads.count
        defer { Threads.count = threads }
        Threads.count = threads == 1 ? 2 : 1
        #expect(finishing(population, members: members).weights.floats == all.weights.floats)
    }

    @Test("steps make the loss on the rows they see smaller, and touch what they may", arguments: FinishCase.all)
    func learning(_ sample: FinishCase) throws {
        let population = sample.population(4)
        let layout = sample.network.layout
        let head = try ClassifierHead(layout)
        let last = head.weight.offset..<(head.weight.offset + head.count)
        let before = sample.losses(try sample.finishing(.none)(population))
        for finish in Self.kinds.dropFirst(2) {
            let finished = try sample.finishing(finish)(population)
            let after = sample.losses(finished)
            // Training mode has other statistics than evaluation; three steps may not show there.
            if layout.bufferCount == 0 || finish.kind != "train" {
                #expect(zip(before, after).allSatisfy { $0 > $1 }, "\(finish.kind): \(before), \(after)")
            }
            let (old, new) = (population.floats, finished.weights.floats)
            let moved = Set(old.indices.filter { old[$0] != new[$0] }.map { $0 % layout.count })
            let isAllowed = finish.kind == "train" || moved.allSatisfy(last.contains)
            #expect(isAllowed && !moved.isEmpty, "\(finish.kind)")
        }
    }

    @Test("logits of calibrated networks keep their order: gains near 1, biases near 0")
    func calibrated() throws {
        // Labels drawn from what the network itself believes: no gain or bias is better, but for the draw.
        let network = MLP(.init(widths: [4, 8, 3]))
        var stream = RandomStream(seed: 2, purpose: "test.calibrated")
        let (weights, inputs) = (stream.normal([1, network.layout.count]) * 0.7, stream.normal([3000, 4]))
        let believed = network(Parameters(layout: network.layout, flat: weights), inputs).softmax().doubles
        let labels = (0..<3000).map { row -> Int32 in
            let draw = Double(stream.uniform([1]).floats[0])
            return draw < believed[row * 3] ? 0 : draw < believed[row * 3] + believed[row * 3 + 1] ? 1 : 2
        }
        let finishing = try Finishing(network, .logits(.init()), inputs: inputs, labels: labels, classes: 3)
        let classifier = Classifier(network)
        let before = classifier.predictions(weights, inputs: inputs)[0]
        let after = classifier.predictions(finishing(weights).weights, inputs: inputs)[0]
        #expect(Classifier.accuracy(before, after) > 0.95)
    }

    @Test("running statistics are taken anew in every finish", arguments: kinds)
    func buffers(_ finish: Finish) throws {
        let sample = FinishCase.all[3]
        let finished = try sample.finishing(finish)(sample.population(3))
        let expected = Recalibration(sample.network, inputs: sample.rows.inputs)(finished.weights)
        #expect(finished.buffers?.floats == expected.floats)
        #expect(try FinishCase.all[0].finishing(finish)(FinishCase.all[0].population(2)).buffers == nil)
    }

    @Test("a network that would leave the finite numbers stays as it was, and its neighbours are finished")
    func notFinite() throws {
        let sample = FinishCase.all[0]
        var rows = sample.population(3).floats
        let width = sample.network.layout.count
        for place in width..<(2 * width) { rows[place] = 1e25 }
        let population = Tensor(rows, shape: [3, width])
        for finish in Self.kinds.dropFirst() {
            let finished = try sample.finishing(finish)(population).weights
            #expect(finished.floats.allSatisfy { $0.isFinite }, "\(finish.kind)")
            let alone = try sample.finishing(finish)(population.sliced(axis: 0, 2..<3)).weights
            #expect(finished.selected(axis: 0, 2).floats == alone.floats)
        }
        let none = try sample.finishing(.logits(.init()))(population.sliced(axis: 0, 0..<0))
        #expect(none.weights.shape == [0, width])
    }

    @Test("the cost: rows that pass, a step's three times its share of the weights")
    func cost() throws {
        let sample = FinishCase.all[0]  // 74 weights, the last layer 15
        func cost(_ finish: Finish, _ isAverage: Bool = false) throws -> Double {
            try sample.finishing(finish).rowPasses(hasMembers: isAverage)
        }
        #expect(try cost(.none) == 0 && cost(.statistics(.init())) == 60 && cost(.statistics(.init()), true) == 180)
        #expect(try abs(cost(.logits(.init())) - (60 + 3 * 60 * 60 * 6 / 74.0)) < 1e-9)
        #expect(try abs(cost(.lastLayer(.init())) - (60 + 3 * 60 * 30 * 15 / 74.0)) < 1e-9)
        #expect(try cost(.train(Self.short)) == 3 * 60 * 3)
        #expect(try FinishCase.all[3].finishing(.none).rowPasses() == 60, "running statistics are a pass too")
    }

    @Test("networks without a last layer of classes, and another number of classes, are refused by name")
    func refused() throws {
        var builder = ParameterLayout.Builder()
        let group = builder.addGroup("units", size: 4, scaling: .positive)
        _ = Linear("only", in: 3, out: 4, layout: &builder, outputGroup: group)
        let layout = builder.layout()
        let error = try requireFailure { _ = try ClassifierHead(layout) }
        #expect(error.path == "finish" && error.found.contains("only.weight"), "\(error)")
        let sample = FinishCase.all[0]
        let other = try requireFailure {
            _ = try Finishing(sample.network, .none, inputs: sample.rows.inputs, labels: sample.rows.labels, classes: 4)
        }
        #expect(other.expected.contains("4") && other.found.contains("[3, 4]"), "\(other)")
    }

    private func requireFailure(_ body: () throws -> Void) throws -> DataError {
        do { try body() } catch let error as DataError { return error }
        throw FixtureProblem(description: "nothing was thrown")
    }

    @Test("kinds by name, their settings read and written back", arguments: kinds)
    func coding(_ finish: Finish) throws {
        let tree = try Tree(encoding: finish)
        #expect(tree["kind"] == .string(finish.kind))
        #expect(try JSONDecoder().decode(Finish.self, from: Data(tree.text().utf8)) == finish)
        #expect(ConfigSchema(Finish.self).discrepancies.isEmpty && Finish() == .none)
    }
}
