import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("A population equals the loop over its networks")
struct PopulationTests {
    private static let tolerance = 1e-5

    @Test("outputs and gradients", arguments: PopulationRow.layers + PopulationRow.losses + PopulationRow.optimizers)
    func loop(_ row: PopulationRow) {
        let count = PopulationRow.count
        var stream = RandomStream(seed: 1, purpose: row.description)
        let own = row.own.map { stream.normal(Shape([count] + $0)) }
        let shared = row.shared.map { stream.normal($0) }
        func network(_ p: Int) -> [Tensor] { own.map { $0.selected(axis: 0, p) + 0 } + shared }

        let all = row.function(own + shared)
        #expect(all.shape[0] == count)
        for p in 0..<count {
            let one = row.function(network(p))
            let difference = relativeDifference(one, all.selected(axis: 0, p))
            #expect(difference < Self.tolerance, "network \(p)")
        }
        #expect(all.selected(axis: 0, 0).doubles != all.selected(axis: 0, 1).doubles, "the networks differ")
        guard row.isDifferentiable else { return }

        let cotangent = stream.normal(all.shape)
        let gradients = pullback(at: own + shared) { [row.function($0)] }.pull([cotangent])
        var sums: [Tensor?] = shared.map { _ in nil }
        for p in 0..<count {
            let found = pullback(at: network(p)) { [row.function($0)] }.pull([cotangent.selected(axis: 0, p)])
            for index in own.indices {
                let difference = relativeDifference(found[index], gradients[index].selected(axis: 0, p), floor: 1e-3)
                #expect(difference < Self.tolerance, "gradient \(index) of network \(p)")
            }
            for index in shared.indices {
                let term = found[own.count + index]
                sums[index] = sums[index].map { $0 + term } ?? term
            }
        }
        for (sum, whole) in zip(sums, gradients.dropFirst(own.count)) {
            #expect(relativeDifference(sum ?? whole * 0, whole, floor: 1e-3) < Self.tolerance, "shared gradient")
        }
    }

    @Test("dropout draws a population's masks from one stream, element by element")
    func dropout() {
        let x = Tensor.ones([3, 4, 8])
        var whole = Optional(RandomStream(seed: 5, purpose: "dropout"))
        var parts = whole
        let mask = Dropout(0.5)(x, &whole)
        let rows = (0..<3).map { p in Dropout(0.5)(x.selected(axis: 0, p), &parts).doubles }
        #expect(mask.doubles == rows.flatMap { $0 })
    }
}
