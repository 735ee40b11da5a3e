import Foundation
import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Copies of networks are recognised")
struct CopyDetectionTests {
    /// A network drawn as for training, every weight then moved a little, so that norms and biases differ too.
    private static func network(_ layout: ParameterLayout, _ seed: UInt64) -> [Float] {
        let stream = RandomStream(seed: seed, purpose: "test.copies")
        var noise = RandomStream(seed: seed, purpose: "test.copies.noise")
        return (Initialization.pytorch.network(layout, stream) + noise.normal([layout.count]) * 0.1).floats
    }

    /// A random element; flips where a group's activation is odd.
    private static func element(_ layout: ParameterLayout, _ seed: UInt64, scaled: Bool = true) -> SymmetryElement {
        var generator = SplitMix(seed: seed, index: 7)
        return .random(
            layout, permutation: { generator.permutation($0) },
            scale: scaled ? { _ in generator.next() & 1 == 0 ? 1 : -1 } : nil)
    }

    static let odd: [MLP.Config] = [
        .init(widths: [12, 16, 5], activation: .tanh, norm: .batch),
        .init(widths: [12, 16, 14, 5], activation: .tanh, norm: .batch),
        .init(widths: [12, 16, 14, 5], activation: .tanh, norm: .layer),
        .init(widths: [10, 16, 12, 12, 8, 3], activation: .tanh, norm: .batch),
        .init(widths: [10, 16, 12, 12, 8, 3], activation: .tanh, norm: .layer),
        .init(widths: [10, 16, 12, 12, 8, 3], activation: .tanh),
        .init(widths: [12, 16, 14, 5], activation: .tanh, bias: false, norm: .batch),
    ]

    @Test("units moved and flipped, behind norms too, are brought back: 20 of 20", arguments: odd)
    func planted(_ config: MLP.Config) throws {
        let sample = SampleNetwork(.mlp(config)), layout = sample.layout
        var recovered = 0
        for seed in 0..<20 as Range<UInt64> {
            let reference = Self.network(layout, seed)
            let element = Self.element(layout, seed)
            #expect(element.scales.contains { $0?.contains(-1) ?? false })
            let copy = element.apply(to: reference, layout: layout)
            let found = try WeightMatching.align(copy, to: reference, layout: layout)
            try found.element.validate(for: layout)
            if found.element.apply(to: copy, layout: layout) == reference { recovered += 1 }
        }
        #expect(recovered == 20)
    }

    @Test("a flip before a norm turns scale, shift and readers: the function and the running statistics stay")
    func flipKeepsTheFunction() {
        for norm in [MLP.Config.Norm.batch, .layer] {
            let sample = SampleNetwork(.mlp(.init(widths: [6, 9, 8, 3], activation: .tanh, norm: norm)))
            let moved = sample.moved(Self.element(sample.layout, 3))
            let x = Formula.inputs(sample.architecture.input, 7)
            #expect(moved.weights != sample.weights)
            #expect(relativeDifference(moved.outputs(x), sample.outputs(x)) < 1e-12)
            #expect(relativeDifference(moved.training(x).outputs, sample.training(x).outputs) < 1e-10)
            #expect(moved.buffers.sorted() == sample.buffers.sorted(), "statistics move and do not flip")
        }
    }

    @Test("without invariants too flips behind a norm are found by coordinate descent")
    func descent() throws {
        let layout = MLP(.init(widths: [12, 16, 5], activation: .tanh, norm: .batch)).layout
        for seed in 0..<10 as Range<UInt64> {
            let reference = Self.network(layout, seed)
            let copy = Self.element(layout, seed).apply(to: reference, layout: layout)
            let found = try WeightMatching.align(copy, to: reference, layout: layout)
            #expect(found.start == 0 && found.element.apply(to: copy, layout: layout) == reference)
        }
    }

    static let deep: [Architecture] = [
        .mlp(.init(widths: [20, 16, 12, 8, 3], activation: .leakyReLU(slope: 0.2), norm: .batch)),
        .mlp(.init(widths: [8, 12, 12, 12, 12, 12, 12, 3])),
        .mlp(.init(widths: [8, 12, 12, 12, 3], activation: .gelu)),
        .resnet(.init(depth: 20, width: 4)),
    ]

    @Test("copies of deep networks are brought back from any order of units", arguments: deep)
    func deepCopies(_ architecture: Architecture) throws {
        let layout = architecture.layout
        for seed in 0..<3 as Range<UInt64> {
            let reference = Self.network(layout, seed)
            let copy = Self.element(layout, seed, scaled: false).apply(to: reference, layout: layout)
            let found = try WeightMatching.align(
                copy, to: reference, layout: layout, options: .init(signs: false), product: .blas)
            #expect(found.element.apply(to: copy, layout: layout) == reference)
        }
    }

    @Test("a signature does not depend on the order of units, and tells networks apart", arguments: deep)
    func signatures(_ architecture: Architecture) {
        let layout = architecture.layout
        let signature = NetworkSignature(layout: layout, product: .blas)
        let rows = (0..<3).map { Self.network(layout, UInt64($0)) }
        func distance(_ a: [Float], _ b: [Float]) -> Double {
            zip(signature(a), signature(b)).reduce(0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }.squareRoot()
        }
        #expect(signature(rows[0]).count == signature.count)
        let copy = Self.element(layout, 5, scaled: false).apply(to: rows[0], layout: layout)
        let apart = distance(rows[0], rows[1])
        #expect(distance(copy, rows[0]) < 1e-3 * apart && apart > 0.5 * distance(rows[1], rows[2]))
    }

    @Test("a network that is no copy is aligned as by descent alone")
    func othersAreLeftAlone() throws {
        let layout = MLP(.init(widths: [12, 16, 14, 5])).layout
        let matching = try WeightMatching(reference: Self.network(layout, 1), layout: layout)
        for seed in 2..<12 as Range<UInt64> { #expect(try matching.align(Self.network(layout, seed)).start == 0) }
    }

    @Test("each row in turn takes the greatest entry left")
    func rough() {
        #expect(CopyDetection.rough([1, 5, 2, 3, 9, 8, 4, 6, 7], count: 3) == [1, 2, 0])
        #expect(CopyDetection.rough([0, 0, 0, 0], count: 2) == [0, 1] && CopyDetection.rough([], count: 0) == [])
        var generator = SplitMix(seed: 6, index: 0)
        let gains = (0..<900).map { _ in Float(generator.normal()) }
        #expect(CopyDetection.rough(gains, count: 30).sorted() == Array(0..<30))
    }

    @Test("a rough matching already tells copies, also with noise, from other networks")
    func promising() {
        let layout = MLP(.init(widths: [20, 64, 48, 5])).layout
        let reference = Self.network(layout, 1)
        let detection = CopyDetection(reference, layout, signs: false, product: .blas)
        func similarity(_ network: [Float]) -> Double? {
            var found: Double?
            let element = detection.element(for: network) { element in
                let moved = element.apply(to: network, layout: layout)
                found = zip(moved, reference).reduce(0) { $0 + Double($1.0 * $1.1) }
                return false
            }
            #expect(element == nil)
            return found
        }
        let whole = reference.reduce(0) { $0 + Double($1 * $1) }
        for seed in 2..<8 as Range<UInt64> {
            var noise = RandomStream(seed: seed, purpose: "test.copies.near")
            let near = zip(reference, noise.normal([layout.count]).floats).map { $0 + 0.01 * $1 }
            let copy = Self.element(layout, seed, scaled: false).apply(to: near, layout: layout)
            #expect((similarity(copy) ?? 0) > 0.5 * whole)
            #expect((similarity(Self.network(layout, seed)) ?? whole) < 0.2 * whole)
        }
    }

    @Test("costs that are not finite are refused by name")
    func infiniteCosts() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = LinearAssignment.solve([1, .infinity, 2, 3] as [Double], count: 2)
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("assignment: row 0 of the cost matrix is not finite"))
    }
}
