import Networks
import Testing

@testable import Basics
@testable import ModelZoo

@Suite("Architectures and data")
struct ArchitectureFitTests {
    private static func data(_ inputs: [Float], _ shape: [Int], classes: Int = 2) -> Dataset {
        Dataset(
            name: "some", inputs: inputs, sampleShape: shape,
            labels: Array(repeating: 0, count: inputs.count / shape.reduce(1, *)), classCount: classes)
    }

    private static func fits(_ architecture: Architecture, _ data: Dataset) -> Bool {
        do {
            try architecture.check(fits: data, path: "zoo.h5")
            return true
        } catch {
            #expect((error as? DataError)?.kind == .malformed && "\(error)".hasPrefix("zoo.h5"))
            return false
        }
    }

    @Test("networks fit data of as many numbers a sample and no more classes than outputs")
    func extents() {
        let images = Self.data(Array(repeating: 0.5, count: 2 * 784), [28, 28], classes: 10)
        #expect(Self.fits(.cnn(.init(size: .small)), images) && Self.fits(.lenet5(.init()), images))
        #expect(Self.fits(.mlp(.init(widths: [784, 10])), images))
        #expect(!Self.fits(.cnn(.init(size: .small, outputs: 9)), images))
        #expect(!Self.fits(.cnn(.init(size: .large)), images))
        #expect(!Self.fits(.resnet(.init(depth: 18)), images))
    }

    @Test("networks of tokens want whole numbers of their vocabulary")
    func tokens() {
        let encoder = Architecture.encoder(.init(vocabulary: 5, length: 3, width: 4, outputs: 2))
        #expect(Self.fits(encoder, Self.data([0, 1, 4, 2, 3, 0], [3])))
        for wrong in [Float(5), -1, 0.5, .nan, .infinity] {
            #expect(!Self.fits(encoder, Self.data([0, 1, 4, 2, wrong, 0], [3])))
        }
    }
}
