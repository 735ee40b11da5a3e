import Basics
import Networks
import Tensors
import Testing

@testable import Generation

// article
/// The least net that can move: v(x, t) = a x + b + t c, one a, b and c a number of the code.
public struct AffineNet: VelocityNet {
    /// a, b and c, each [K].
    public let layout: ParameterLayout
    /// K.
    public let dimension: Int

    /// Declares the weights.
    public init(dimension: Int) {
        var builder = ParameterLayout.Builder()
        for name in ["a", "b", "c"] { _ = builder.addSlot(name, shape: [dimension], role: .weight) }
        layout = builder.layout()
        self.dimension = dimension
    }

    /// Nothing moves before training.
    public func initialParameters(seed: UInt64) -> Tensor { .zeros([layout.count]) }

    /// v(x, t): [B, K] at [B, 1] to [B, K].
    public func callAsFunction(_ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass) -> Tensor {
        let parts = parameters.flat.reshaped([3, dimension])
        return input.x * parts.selected(axis: 0, 0) + parts.selected(axis: 0, 1)
            + input.t * parts.selected(axis: 0, 2)
    }
}

extension AffineNet {
    /// No settings: `generator: {kind: affine}`.
    public struct Config: VelocityNetConfig {
        /// There is one such net.
        public init() {}
        /// No keys.
        public static let keys: [ConfigKey] = []
        /// The net for codes of any networks.
        public func net(dimension: Int, layout: ParameterLayout) throws -> any VelocityNet {
            AffineNet(dimension: dimension)
        }
        /// The kind's name for people.
        public var label: String { "affine net" }
        /// It has no width.
        public var size: (name: String, value: Int) { ("width", 1) }
    }
}
// end

@Suite("The article on adding a velocity net")
struct AddAVelocityNetTests {
    @Test("a line of the table makes it a part of a description, and it learns where to move")
    func learns() throws {
        var stream = RandomStream(seed: 0, purpose: "example")
        let layout = MLP(MLP.Config(widths: [2, 3, 2])).layout
        let networks = stream.normal([64, layout.count]) * 0.1 + 2
        // article
        // VelocityNetFamily.standard has a line for each net; this one is yours.
        let kinds =
            VelocityNetFamily.standard + [
                ConfigKind("affine", AffineNet.Config.self, "a velocity that is affine in code and time") { $0 }
            ]
        var description = GeneratorDescription()
        description.coordinates = Described(SlotStandardizedCoordinates.Config())
        description.net = Described(AffineNet.Config(), in: kinds)
        description.training.steps = 200
        description.training.rate = 0.05
        let generator = try description.train(on: networks, layout: layout, seed: 0)
        let made = generator.sample(0..<50, seed: 1).weights  // lies around 2, as the networks do
        // end
        #expect(made.shape == [50, layout.count])
        #expect(abs(made.mean().scalar - 2) < 0.1, "\(made.mean().scalar)")
        #expect(description.net.name == "affine net, width 1")
    }

    @Test("before training nothing moves; the gradient reaches every weight")
    func start() {
        let net = AffineNet(dimension: 4)
        var stream = RandomStream(seed: 2, purpose: "test")
        let (x, t) = (stream.normal([5, 4]), stream.uniform([5, 1]))
        let start = Parameters(layout: net.layout, flat: net.initialParameters(seed: 0))
        #expect(net(start, VelocityInput(x, t)).floats.allSatisfy { $0 == 0 })
        let (_, gradientOfSum) = gradient(at: start.flat) {
            net(Parameters(layout: net.layout, flat: $0), VelocityInput(x, t)).sum()
        }
        #expect(gradientOfSum.floats.allSatisfy { $0 != 0 })
    }
}
