import Foundation
import Testing

// circle client
import Networks
import Tensors

// end
// generator client
import Basics
import Generation
import Networks
import Tensors

// end

/// The clients on the page of the library, which use nothing of Laboratory.
@Suite("The page of the library")
struct LibraryPageTests {
    @Test("trains ten networks as one population")
    func circle() {
        // circle client
        // 500 points in a square; the class says whether a point lies in a circle.
        var stream = RandomStream(seed: 0, purpose: "example")
        let points = stream.uniform([500, 2]) * 2 - 1
        let radii = points.square().sum(axes: [1]).floats
        let labels = radii.map { Int32($0 < 0.6 ? 1 : 0) }
        let targets = Tensor.oneHot(labels, classes: 2)

        // Ten networks 2-16-2 at once, each from its own seed: a population is one more leading axis.
        let network = MLP(MLP.Config(widths: [2, 16, 2]))
        var weights = Initialization.pytorch.population(network.layout, seeds: Array(0..<10))
        var optimizer = AdamW(shape: weights.shape)
        for step in 0..<500 {
            let (loss, gradientOfLoss) = gradient(at: weights) { flat in
                let logits = network(Parameters(layout: network.layout, flat: flat), points)
                return Loss.crossEntropy(logits, targets: targets).sum()
            }
            optimizer.update(&weights, along: gradientOfLoss, rate: 0.01)
            if step % 100 == 0 { print("step \(step): mean loss \(loss.scalar / 10)") }
        }
        print("accuracies:", Classifier(network).accuracies(weights, inputs: points, labels: labels))
        // end
        let accuracies = Classifier(network).accuracies(weights, inputs: points, labels: labels)
        #expect(accuracies.count == 10 && accuracies.allSatisfy { $0 > 0.97 }, "\(accuracies)")
    }

    @Test("makes and trains a generator from a description")
    func generator() throws {
        // generator client
        // Fifty networks 2-8-2 as rows [N, D], here untrained ones; ZooReader (ModelZoo) reads a zoo's.
        let layout = MLP(MLP.Config(widths: [2, 8, 2])).layout
        let networks = Initialization.heNormal.population(layout, seeds: Array(0..<50))

        var description = GeneratorDescription()  // a flow of principal components by an MLP, unless it is said
        description.coordinates = Described(OrbitStandardizedCoordinates.Config())
        description.process = Described(DDPMConfig())
        description.net = Described(ResidualMLP.Config())
        description.training.steps = 100
        let generator = try description.train(on: networks, layout: layout, seed: 0)
        let made = generator.sample(0..<10, seed: 1).weights
        print("\(made.shape[0]) new networks of \(made.shape[1]) weights")
        // end
        #expect(made.shape == [10, layout.count] && made.isFinite)
    }

    /// The lines of this file between a client's name and `// end`, twice: imports, then statements.
    private func client(_ name: String) throws -> String {
        let source = try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8)
        var lines: [String] = []
        var isClient = false
        for line in source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            let text = line.hasPrefix("        ") ? String(line.dropFirst(8)) : line
            if text == "// \(name) client" || text == "// end" {
                isClient = text != "// end"
            } else if isClient {
                lines.append(text)
            }
        }
        return lines.joined(separator: "\n")
    }

    @Test("shows these clients line by line", arguments: ["circle", "generator"])
    func page(_ name: String) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
        let page = try String(contentsOf: root.appendingPathComponent("Documentation/LIBRARY.md"), encoding: .utf8)
        let client = try client(name)
        #expect(client.count > 300)
        #expect(page.contains("```swift\n" + client + "\n```"))
    }
}
