import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Initialization")
struct InitializationTests {
    static let (inputs, outputs) = (200, 300)
    static let layout: ParameterLayout = {
        var builder = ParameterLayout.Builder()
        _ = Linear("fc", in: inputs, out: outputs, layout: &builder)
        _ = LayerNorm("norm", width: outputs, layout: &builder)
        _ = Linear("head", in: outputs, out: 4, layout: &builder)
        return builder.layout()
    }()

    private static func slot(_ name: String, _ flat: Tensor) throws -> [Double] {
        Parameters(layout: layout, flat: flat)[try #require(layout.slot(named: name))].doubles
    }

    /// Standard deviation, and the bound of a uniform distribution or nil for a normal one.
    private static func expectation(_ scheme: Initialization) -> (std: Double, bound: Double?) {
        let (fanIn, fanOut) = (Double(inputs), Double(outputs))
        switch scheme {
        case .zooUniform: return (.nan, nil)
        case .zooNormal: return (1, nil)
        case .heUniform, .zooKaimingUniform: return ((2 / fanIn).squareRoot(), (6 / fanIn).squareRoot())
        case .heNormal, .zooKaimingNormal: return ((2 / fanIn).squareRoot(), nil)
        case .xavierUniform, .zooXavierUniform:
            return ((2 / (fanIn + fanOut)).squareRoot(), (6 / (fanIn + fanOut)).squareRoot())
        case .xavierNormal, .zooXavierNormal: return ((2 / (fanIn + fanOut)).squareRoot(), nil)
        case .pytorch: return ((1 / (3 * fanIn)).squareRoot(), (1 / fanIn).squareRoot())
        }
    }

    @Test("weights have the stated moments and bounds", arguments: Initialization.allCases.filter { $0 != .zooUniform })
    func moments(_ scheme: Initialization) throws {
        let flat = scheme.network(Self.layout, RandomStream(seed: 1, purpose: "test"))
        let weights = try Self.slot("fc.weight", flat)
        let (std, bound) = Self.expectation(scheme)
        let moments = Moments(weights)
        let n = Double(weights.count)
        #expect(moments.meanErrors(from: 0, std: std) < 5)
        // Var(s^2) / sigma^4 = (kurtosis - 1) / n: 2 / n for a normal, 0.8 / n for a uniform distribution.
        #expect(abs(moments.variance / (std * std) - 1) < 5 * ((bound == nil ? 2 : 0.8) / n).squareRoot())
        let (kurtosis, kurtosisError) = bound == nil ? (3.0, (24 / n).squareRoot()) : (1.8, (24 / n).squareRoot() / 4)
        #expect(abs(moments.kurtosis - kurtosis) < 5 * kurtosisError, "normal or uniform")
        if let bound {
            let largest = weights.map(abs).max() ?? 0
            #expect(largest <= bound * (1 + 1e-6) && largest > bound * 0.999)
        }
    }

    @Test("the zoos' uniform weights lie between 0 and 1, evenly")
    func zooUniform() throws {
        let weights = try Self.slot(
            "fc.weight", Initialization.zooUniform.network(Self.layout, RandomStream(seed: 1, purpose: "test")))
        let moments = Moments(weights)
        #expect(moments.meanErrors(from: 0.5, std: (1.0 / 12).squareRoot()) < 5)
        #expect(abs(moments.variance * 12 - 1) < 5 * (0.8 / Double(weights.count)).squareRoot())
        #expect(weights.allSatisfy { $0 >= 0 && $0 < 1 })
    }

    @Test("biases, scales and shifts", arguments: Initialization.allCases)
    func others(_ scheme: Initialization) throws {
        let flat = scheme.network(Self.layout, RandomStream(seed: 1, purpose: "test"))
        #expect(try Self.slot("norm.weight", flat).allSatisfy { $0 == 1 })
        #expect(try Self.slot("norm.bias", flat).allSatisfy { $0 == 0 })
        for (name, fanIn) in [("fc.bias", Self.inputs), ("head.bias", Self.outputs)] {
            let biases = try Self.slot(name, flat)
            let bound = 1 / Double(fanIn).squareRoot()
            if scheme == .pytorch {
                #expect(Set(biases).count > biases.count / 2 && biases.allSatisfy { abs($0) <= bound * (1 + 1e-6) })
            } else {
                let start = scheme.rawValue.hasPrefix("zoo-") ? Double(Float(0.01)) : 0
                #expect(biases.allSatisfy { $0 == start })
            }
        }
    }

    @Test("a network depends on its own seed alone", arguments: Initialization.allCases)
    func seeds(_ scheme: Initialization) {
        let seeds: [UInt64] = [4, 9, 4, 77]
        let all = scheme.population(Self.layout, seeds: seeds)
        #expect(all.shape == [4, Self.layout.count])
        let rows = seeds.indices.map { all.selected(axis: 0, $0).floats }
        #expect(rows[0] == rows[2] && rows[0] != rows[1])
        for (index, seed) in seeds.enumerated() {
            #expect(scheme.population(Self.layout, seeds: [seed]).floats == rows[index])
        }
        let weights = Self.layout.slots[0].range
        let moments = Moments(rows[0][weights].map(Double.init))
        let mean = scheme == .zooUniform ? 0.5 : 0
        let products = weights.map { (Double(rows[0][$0]) - mean) * (Double(rows[1][$0]) - mean) / moments.variance }
        #expect(Moments(products).meanErrors(from: 0, std: 1) < 5, "different seeds are uncorrelated")
    }

    @Test("a ReLU network of He's weights keeps the size of its signal through ten layers")
    func signal() {
        let network = MLP(.init(widths: Array(repeating: 256, count: 11) + [1]))
        let flat = Initialization.heNormal.population(network.layout, seeds: [1, 2, 3, 4])
        var stream = RandomStream(seed: 3, purpose: "inputs")
        let output = network(Parameters(layout: network.layout, flat: flat), stream.normal([200, 256]))
        // Each layer keeps the mean square: the last one, without ReLU behind it, has about twice the inputs' halves.
        let power = output.square().mean().scalar
        #expect(power > 0.3 && power < 6)
    }
}
