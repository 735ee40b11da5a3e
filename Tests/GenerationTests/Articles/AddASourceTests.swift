import Basics
import Networks
import Tensors
import Testing

@testable import Generation

// article
/// U(-width, width) in every element of a code.
public struct UniformSource: Source {
    /// K.
    public let dimension: Int
    /// Half of the interval's length.
    public let width: Double

    /// Describes the source; traps unless both are positive.
    public init(dimension: Int, width: Double) {
        precondition(dimension > 0 && width > 0, "uniform source: dimension \(dimension), width \(width)")
        (self.dimension, self.width) = (dimension, width)
    }

    /// Draws [count, K]; all randomness comes from the stream.
    public func sample(_ count: Int, _ stream: inout RandomStream) -> Tensor {
        (stream.uniform([count, dimension]) * 2 - 1) * width
    }
}

extension UniformSource {
    /// `source: {kind: uniform, width: 1.5}`.
    public struct Config: SourceConfig {
        /// Half of the interval's length.
        public var width = 1.0

        /// From -1 to 1.
        public init() {}
        /// What can be set.
        public static let keys = [ConfigKey("width", .number(above: 0), "Half of the interval's length")]
        /// Nothing is fitted.
        public func fit(_ weights: Tensor, in space: CodeSpace) throws -> any Source {
            UniformSource(dimension: space.coordinates.dimension, width: width)
        }
        /// Nothing was recorded.
        public func read(_ tensors: [NamedTensor], in space: CodeSpace) throws -> any Source {
            UniformSource(dimension: space.coordinates.dimension, width: width)
        }
        /// The distribution in a few words.
        public func summary(std: String) -> String { "U(-\(width), \(width))" }
    }
}
// end

@Suite("The article on adding a source")
struct AddASourceTests {
    @Test("draws lie in the interval, fill it, and depend on the stream alone")
    func draws() {
        let source = UniformSource(dimension: 3, width: 2)
        var (stream, again) = (RandomStream(seed: 4, purpose: "test"), RandomStream(seed: 4, purpose: "test"))
        let drawn = source.sample(4000, &stream)
        #expect(drawn.floats == source.sample(4000, &again).floats)
        #expect(drawn.floats.allSatisfy { abs($0) <= 2 })
        #expect(abs(drawn.mean().scalar) < 0.05 && abs(drawn.variance().scalar - 4.0 / 3) < 0.05)
        #expect(source.tensors.isEmpty && source.diagonal == nil)
    }

    @Test("a description with it trains, and its generator is made again from what is recorded")
    func described() throws {
        var stream = RandomStream(seed: 0, purpose: "example")
        let layout = MLP(MLP.Config(widths: [2, 3, 2])).layout
        let networks = stream.normal([16, layout.count])
        // article
        let kinds =
            SourceFamily.standard + [
                ConfigKind("uniform", UniformSource.Config.self, "U(-width, width) in every element") { $0 }
            ]
        var description = GeneratorDescription()
        description.source = Described(UniformSource.Config(), in: kinds)
        description.training.steps = 5
        let generator = try description.train(on: networks, layout: layout, seed: 0)
        let made = generator.sample(0..<10, seed: 1).weights
        // end
        #expect(made.shape == [10, layout.count] && made.isFinite)
        #expect(generator.source is UniformSource)
    }
}
