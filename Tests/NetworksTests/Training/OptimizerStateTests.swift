import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Networks

@Suite("State of optimizers")
struct OptimizerStateTests {
    private static func run(
        _ kind: OptimizerKind, _ p: inout Tensor, _ optimizer: inout any Optimizer, _ gradients: Tensor,
        _ steps: Range<Int>
    ) {
        for k in steps { kind.step(&optimizer, &p, along: gradients.selected(axis: 0, k), rate: 0.01) }
    }

    @Test("going on from a recorded state gives the same bytes", arguments: OptimizerKind.all, [0, 1, 3])
    func resumption(_ kind: OptimizerKind, _ stop: Int) throws {
        var stream = RandomStream(seed: 1, purpose: "optimizer")
        let start = stream.normal([2, 50])
        let gradients = stream.normal([6, 2, 50])
        var whole = start
        var all = kind.make([2, 50], .single)
        Self.run(kind, &whole, &all, gradients, 0..<6)
        var p = start
        var first = kind.make([2, 50], .single)
        Self.run(kind, &p, &first, gradients, 0..<stop)
        // The file's form: names and plain numbers, in any order.
        let recorded = first.state.reversed().map {
            NamedTensor($0.name, Tensor($0.value.floats, shape: $0.value.shape))
        }
        var second = kind.make([2, 50], .single)
        try second.restore(step: first.step, state: recorded)
        Self.run(kind, &p, &second, gradients, stop..<6)
        #expect(p.bits == whole.bits && second.step == 6)
    }

    @Test("a state of other names, shapes or precision is refused", arguments: OptimizerKind.all)
    func refusals(_ kind: OptimizerKind) throws {
        var optimizer = kind.make([3], .single)
        let state = optimizer.state
        let extra = state + [NamedTensor("more", .zeros([3]))]
        #expect(throws: DataError.self) { try optimizer.restore(step: 1, state: extra) }
        guard let one = state.first else { return }
        let others = [
            NamedTensor("other", one.value), NamedTensor(one.name, .zeros([4])),
            NamedTensor(one.name, .zeros([3], precision: .double)),
        ]
        for wrong in others.map({ [$0] + state.dropFirst() }) + [Array(state.dropFirst())] {
            #expect(throws: DataError.self) { try optimizer.restore(step: 1, state: wrong) }
        }
        #expect(optimizer.step == 0)
    }

    @Test("names say what is remembered")
    func names() {
        func names(_ optimizer: any Optimizer) -> [String] { optimizer.state.map(\.name) }
        #expect(names(AdamW(shape: [2])) == ["first_moment", "second_moment"])
        #expect(names(Adam(shape: [2])) == ["first_moment", "second_moment"])
        #expect(names(SGD(shape: [2])) == [] && names(SGD(shape: [2], momentum: 0.5)) == ["momentum"])
    }

    @Test("a copy of an optimizer goes its own way", arguments: OptimizerKind.all)
    func values(_ kind: OptimizerKind) {
        let slope = normalDoubles([4])
        var (p, q) = (slope, slope)
        var first = kind.make([4], .double)
        first.update(&p, along: slope, rate: 0.1)
        let before = first.state.map(\.value.doubles)
        var second = first
        second.update(&q, along: slope, rate: 0.1)
        #expect(first.step == 1 && second.step == 2 && first.state.map(\.value.doubles) == before)
        #expect(slope.doubles == normalDoubles([4]).doubles)
    }

    @Test("impossible settings and shapes end the process")
    func traps() async {
        await #expect(processExitsWith: .failure) { _ = SGD(shape: [2], isNesterov: true) }
        await #expect(processExitsWith: .failure) {
            _ = SGD(shape: [2], momentum: 0.9, dampening: 0.1, isNesterov: true)
        }
        await #expect(processExitsWith: .failure) {
            var p = Tensor.zeros([3])
            var sgd = SGD(shape: [2])
            sgd.update(&p, along: .zeros([3]), rate: 1)
        }
        await #expect(processExitsWith: .failure) { _ = GradientClip.norm(0)(.zeros([2])) }
        await #expect(processExitsWith: .failure) { _ = GradientClip.value(-1)(.zeros([2])) }
        await #expect(processExitsWith: .failure) { _ = MovingAverage(decay: 1.1) }
    }
}
