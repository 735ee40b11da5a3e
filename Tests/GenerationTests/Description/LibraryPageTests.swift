import Foundation
import Testing

// library client
import Basics
import Generation
import Networks
import Tensors

// end

/// The library client of a dozen lines on the page of the library, which uses nothing of Laboratory.
@Suite("The page of the library")
struct LibraryPageTests {
    @Test("makes and trains a generator from a description")
    func client() throws {
        // library client
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

    @Test("stands on the page line by line")
    func page() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("Documentation/LIBRARY.md"), encoding: .utf8)
        let source = try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8)
        var client: [String] = []
        var isClient = false
        for line in source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            let text = line.hasPrefix("        ") ? String(line.dropFirst(8)) : line
            if text == "// library client" || text == "// end" {
                isClient = text != "// end"
            } else if isClient {
                client.append(text)
            }
        }
        #expect(client.count > 10)
        #expect(page.contains("```swift\n" + client.joined(separator: "\n") + "\n```"))
    }
}
