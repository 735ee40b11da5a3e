import Tensors

@testable import Networks

/// One of every optimizer, with rates that suit the two test functions.
struct OptimizerKind: Sendable, CustomStringConvertible {
    let description: String
    /// Rate and steps that find the quadratic's minimum, and Rosenbrock's.
    let quadratic: (rate: Double, steps: Int)
    let rosenbrock: (rate: Double, steps: Int)
    /// The limit on gradients, and steps in which the rate rises.
    let clip: GradientClip?
    let warmUp: Int
    let make: @Sendable (Shape, Precision) -> any Optimizer

    init(
        _ name: String, quadratic: (Double, Int), rosenbrock: (Double, Int), clip: GradientClip? = nil, warmUp: Int = 0,
        _ make: @escaping @Sendable (Shape, Precision) -> any Optimizer
    ) {
        description = name
        self.quadratic = (quadratic.0, quadratic.1)
        self.rosenbrock = (rosenbrock.0, rosenbrock.1)
        (self.clip, self.warmUp) = (clip, warmUp)
        self.make = make
    }

    /// Takes a step along a gradient, clipped where this kind says so.
    func step(_ optimizer: inout any Optimizer, _ parameters: inout Tensor, along gradient: Tensor, rate: Double) {
        optimizer.update(&parameters, along: FlatGradient(gradient), clippedTo: clip, rate: rate)
    }

    static let all: [OptimizerKind] = [
        OptimizerKind("SGD", quadratic: (0.1, 400), rosenbrock: (1e-3, 40_000)) { SGD(shape: $0, precision: $1) },
        OptimizerKind("SGD, momentum", quadratic: (0.05, 400), rosenbrock: (5e-4, 10_000)) {
            SGD(shape: $0, precision: $1, momentum: 0.9)
        },
        OptimizerKind("SGD, dampened momentum", quadratic: (0.1, 600), rosenbrock: (1e-3, 40_000)) {
            SGD(shape: $0, precision: $1, momentum: 0.9, dampening: 0.5)
        },
        OptimizerKind("SGD, Nesterov", quadratic: (0.05, 400), rosenbrock: (5e-4, 10_000)) {
            SGD(shape: $0, precision: $1, momentum: 0.9, isNesterov: true)
        },
        OptimizerKind("Adam", quadratic: (0.05, 1500), rosenbrock: (0.02, 6000)) { Adam(shape: $0, precision: $1) },
        OptimizerKind("AdamW", quadratic: (0.05, 1500), rosenbrock: (0.02, 6000)) { AdamW(shape: $0, precision: $1) },
        OptimizerKind(
            "clipped by norm, momentum", quadratic: (0.05, 800), rosenbrock: (1e-3, 20_000), clip: .norm(1)
        ) { SGD(shape: $0, precision: $1, momentum: 0.9) },
        OptimizerKind(
            "clipped by value, AdamW", quadratic: (0.05, 1500), rosenbrock: (0.02, 6000), clip: .value(1)
        ) { AdamW(shape: $0, precision: $1) },
        OptimizerKind("Nesterov after a warm-up", quadratic: (0.05, 400), rosenbrock: (5e-4, 10_000), warmUp: 50) {
            SGD(shape: $0, precision: $1, momentum: 0.9, isNesterov: true)
        },
    ]
}
