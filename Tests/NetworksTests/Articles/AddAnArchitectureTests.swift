import Basics
import Tensors
import Testing

@testable import Networks

// article
/// A perceptron whose hidden units are gated: y = W (a * sigmoid(g)) + c, a = A x + b, g = G x + d.
///
/// The order of the hidden units carries no meaning. Their scale does: the gate is not linear.
public struct GatedPerceptron: Network {
    /// Where the parameters lie.
    public let layout: ParameterLayout
    private let value: Linear
    private let gate: Linear
    private let head: Linear

    /// Declares the layers in the order of the computation.
    public init(_ config: Config) {
        var builder = ParameterLayout.Builder()
        let units = builder.addGroup("units", size: config.hidden, scaling: .none)
        value = Linear("value", in: config.inputs, out: config.hidden, layout: &builder, outputGroup: units)
        gate = Linear("gate", in: config.inputs, out: config.hidden, layout: &builder, outputGroup: units)
        head = Linear("head", in: config.hidden, out: config.outputs, layout: &builder, inputGroup: units)
        layout = builder.layout()
    }

    /// [B, inputs] to [B, outputs]; of a population [P, D] to [P, B, outputs].
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        head(parameters, value(parameters, x, &pass) * gate(parameters, x, &pass).sigmoid(), &pass)
    }
}
// end

// article
extension GatedPerceptron {
    /// `{"kind":"gated","inputs":64,"hidden":16,"outputs":10}`.
    public struct Config: NetworkConfig {
        /// Numbers in a row.
        public var inputs = 64
        /// Gated units.
        public var hidden = 16
        /// Classes.
        public var outputs = 10

        /// For the digits.
        public init() {}
        /// "gated".
        public var kind: String { "gated" }
        /// Rows of numbers.
        public var input: NetworkInput { .features(inputs) }
        /// The network of this description.
        public var network: any Network { GatedPerceptron(self) }

        /// Descriptions come from files: every extent is held to a bound before a layout is made.
        public init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            inputs = try fields.decode(Int.self, forKey: .inputs)
            hidden = try fields.decode(Int.self, forKey: .hidden)
            outputs = try fields.decode(Int.self, forKey: .outputs)
            var check = ConfigCheck()
            check.extent("inputs", inputs, 1...(1 << 20))
            check.extent("hidden", hidden, 1...(1 << 20))
            check.extent("outputs", outputs, 1...(1 << 20))
            check.parameters("hidden", hidden * (2 * (inputs + 1) + outputs) + outputs)
            try check.refuse(decoder)
        }
    }

    /// The kind of architecture: a line of `Architecture.standard`.
    public static let kind = ConfigKind<Architecture>(
        "gated", Config.self, "a perceptron whose hidden units are gated",
        keys: [
            ConfigKey("inputs", .integer(1...1 << 20), "Numbers in a row"),
            ConfigKey("hidden", .integer(1...1 << 20), "Gated units"), .outputs,
        ],
        defaults: ["inputs": .integer(64), "hidden": .integer(16), "outputs": .integer(10)])
}
// end

@Suite("The article on adding an architecture")
struct AddAnArchitectureTests {
    private let network = GatedPerceptron(GatedPerceptron.Config())

    @Test("the order of units does not matter, and every tag is needed")
    func symmetry() {
        // article
        let network = GatedPerceptron(GatedPerceptron.Config())
        var stream = RandomStream(seed: 0, purpose: "example")
        let weights = stream.normal([network.layout.count]).floats
        let inputs = stream.normal([5, 64])
        let element = SymmetryElement.random(network.layout) { stream.permutation($0) }
        let moved = element.apply(to: weights, layout: network.layout)
        func outputs(_ weights: [Float]) -> [Float] {
            network(Parameters(layout: network.layout, flat: Tensor(weights, shape: [weights.count])), inputs).floats
        }
        let largest = zip(outputs(weights), outputs(moved)).map { abs($0 - $1) }.max()  // rounding
        // end
        #expect(moved != weights)
        #expect((largest ?? 1) < 1e-4)
        #expect(network.layout.count == 16 * 65 * 2 + 16 * 10 + 10)
    }

    @Test("one more line of the table reads, writes and refuses it")
    func described() throws {
        let tables = ConfigTables.standard.with(Architecture.self, Architecture.standard + [GatedPerceptron.kind])
        func read(_ text: String) throws -> Architecture {
            try Tree(parsing: text).decode(Architecture.self, tables)
        }
        let read1 = try read(#"{"kind":"gated","inputs":3,"hidden":4,"outputs":2}"#)
        #expect(read1.layout.count == 4 * 4 * 2 + 4 * 2 + 2)
        #expect(try Tree(encoding: read1).decode(Architecture.self, tables) == read1)
        for text in [
            #"{"kind":"gated","inputs":0,"hidden":4,"outputs":2}"#,
            #"{"kind":"gated","inputs":3,"hidden":4,"outputs":2,"depth":1}"#,
            #"{"kind":"gated","inputs":1000000,"hidden":1000000,"outputs":2}"#,
        ] {
            #expect(throws: (any Error).self) { try read(text) }
        }
    }

    @Test("it runs a population as it runs one network")
    func population() {
        let flat = Initialization.pytorch.population(network.layout, seeds: [0, 1, 2])
        var stream = RandomStream(seed: 1, purpose: "test")
        let x = stream.normal([7, 64])
        let together = network(Parameters(layout: network.layout, flat: flat), x)
        #expect(together.shape == [3, 7, 10])
        for index in 0..<3 {
            let alone = network(Parameters(layout: network.layout, flat: flat.selected(axis: 0, index)), x)
            for (one, other) in zip(alone.floats, together.selected(axis: 0, index).floats) {
                #expect(abs(one - other) < 1e-5)
            }
        }
    }
}
