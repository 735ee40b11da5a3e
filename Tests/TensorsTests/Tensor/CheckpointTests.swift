import Synchronization
import Testing
import TestSupport

@testable import Tensors

/// Counts how many of the tensors shown to it are alive, and the most that ever were.
private final class LiveTensors: Sendable {
    private struct Entry { weak var storage: Storage? }
    private struct State {
        var entries: [Entry] = []
        var peak = 0
        var shown = 0
    }
    private let state = Mutex(State())

    func show(_ tensor: Tensor) {
        state.withLock { state in
            state.entries.removeAll { $0.storage == nil }
            state.entries.append(Entry(storage: tensor.array.storage))
            state.peak = max(state.peak, state.entries.count)
            state.shown += 1
        }
    }

    var peak: Int { state.withLock { $0.peak } }
    var shown: Int { state.withLock { $0.shown } }
    var alive: Int { state.withLock { $0.entries.count { $0.storage != nil } } }
}

@Suite("Checkpoints", .serialized)
struct CheckpointTests {
    private static let segments = 12, length = 10

    /// Euler steps of dx/dt = tanh(w x), in segments that are checkpoints or not.
    private static func integrate(_ inputs: [Tensor], _ seen: LiveTensors, checkpointed: Bool) -> Tensor {
        let segment: @Sendable ([Tensor]) -> [Tensor] = { inputs in
            var x = inputs[0]
            for _ in 0..<length {
                x = x + (inputs[1] * x).tanh() * 0.01
                seen.show(x)
            }
            return [x]
        }
        return (0..<segments).reduce(inputs[0]) { x, _ in
            checkpointed ? Tensors.checkpoint([x, inputs[1]], segment)[0] : segment([x, inputs[1]])[0]
        }
    }

    private static func measure(
        checkpointed: Bool, _ derivative: ((([Tensor]) -> [Tensor]) -> [Tensor])
    ) -> (LiveTensors, [Tensor]) {
        let seen = LiveTensors()
        let results = derivative { [integrate($0, seen, checkpointed: checkpointed)] }
        return (seen, results)
    }

    private static let inputs = [normalDoubles([50]), normalDoubles([50], seed: 2)]
    private static let along = [normalDoubles([50], seed: 3), normalDoubles([50], seed: 4)]
    private static let derivatives: [(String, runs: Int, @Sendable (([Tensor]) -> [Tensor]) -> [Tensor])] = [
        ("VJP", 2, { f in pullback(at: inputs, of: f).pull([along[0]]) }),
        ("JVP", 2, { f in pushforward(at: inputs, along: along, of: f).tangents }),
        (
            "Hessian product", 5,
            { f in
                pushforward(at: inputs, along: along) { pullback(at: $0, of: f).pull([along[0]]) }.tangents
            }
        ),
    ]

    @Test("only one segment and the borders are alive at once, and derivatives are the same", arguments: 0..<3)
    func bounded(_ index: Int) {
        let (name, runs, derivative) = Self.derivatives[index]
        let (plainly, expected) = Self.measure(checkpointed: false, derivative)
        let (bounded, results) = Self.measure(checkpointed: true, derivative)
        let steps = Self.segments * Self.length
        #expect(plainly.peak == steps && plainly.shown == steps, "\(name) without checkpoints holds every step")
        #expect(bounded.peak <= Self.segments + Self.length + 2, "\(name): \(bounded.peak) alive of \(steps)")
        #expect(bounded.shown <= runs * steps, "\(name): \(bounded.shown) steps computed")
        for (a, b) in zip(results, expected) { #expect(relativeDifference(a, b) < 1e-13, "\(name)") }
        #expect(bounded.alive == 0 && plainly.alive == 0, "\(name) leaves nothing")
    }

    /// The count of live bytes is the whole process's; others would have to disturb it three times.
    @Test("the pool's live bytes stay bounded too")
    func bytes() {
        let megabyte = 1 << 20, steps = 64
        let x = normalDoubles([megabyte / 4]).converted(to: .single)
        func growth(checkpointed: Bool) -> Int {
            let before = EngineMemory.liveBytes
            let peak = Mutex(0)
            let step: @Sendable (Tensor) -> Tensor = { x in
                let y = x.tanh().sin() * x
                let live = EngineMemory.liveBytes
                peak.withLock { $0 = max($0, live - before) }
                return y
            }
            _ = gradient(at: x) { x in
                (0..<steps).reduce(x) { x, _ in checkpointed ? Tensors.checkpoint(x, step) : step(x) }.sum()
            }
            return peak.withLock { $0 }
        }
        #expect((0..<3).contains { _ in growth(checkpointed: true) < (steps + 20) * megabyte })
        #expect((0..<3).contains { _ in growth(checkpointed: false) >= 3 * (steps - 1) * megabyte })
    }

    @Test("without derivatives a checkpoint is the function, run once")
    func plain() {
        let seen = LiveTensors()
        let y = Self.integrate(Self.inputs, seen, checkpointed: true)
        #expect(y.node == nil && seen.shown == Self.segments * Self.length)
        #expect(y.bits == Self.integrate(Self.inputs, seen, checkpointed: false).bits)
    }

    @Test("third derivatives through checkpoints")
    func third() {
        func d(_ f: @escaping @Sendable (Tensor) -> Tensor) -> @Sendable (Tensor) -> Tensor {
            { x in gradient(at: x) { f($0).sum() }.gradient }
        }
        let f: @Sendable (Tensor) -> Tensor = { x in Tensors.checkpoint(x) { $0.sin() * $0.exp() } }
        // (e^x sin x)''' = 2 e^x (cos x - sin x)
        let x = Tensor([0.7], shape: [1])
        let expected = (x.exp() * (x.cos() - x.sin()) * 2).scalar
        #expect(abs(d(d(d(f)))(x).scalar - expected) < 1e-14)
    }
}
