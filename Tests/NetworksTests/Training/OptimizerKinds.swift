import Tensors

@testable import Networks

/// One of every optimizer, with rates that suit the two test functions.
struct OptimizerKind: Sendable, CustomStringConvertible {
    let description: String
    /// Rate and steps that find the quadratic's minimum, and Rosenbrock's.
    let quadratic: (rate: Double, steps: Int)
    let rosenbrock: (rate: Double, steps: Int)
    let make: @Sendable (Shape, Precision) -> any Optimizer

    init(
        _ name: String, quadratic: (Double, Int), rosenbrock: (Double, Int),
        _ make: @escaping @Sendable (Shape, Precision) -> any Optimizer
    ) {
        description = name
        self.quadratic = (quadratic.0, quadratic.1)
        self.rosenbrock = (rosenbrock.0, rosenbrock.1)
        self.make = make
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
        OptimizerKind("clipped by norm, momentum", quadratic: (0.05, 800), rosenbrock: (1e-3, 20_000)) {
            TransformChain([ClipByGlobalNorm(1), Momentum(0.9)], shape: $0, precision: $1)
        },
        OptimizerKind("clipped by value, AdamW", quadratic: (0.05, 1500), rosenbrock: (0.02, 6000)) {
            TransformChain([ClipByValue(1)], shape: $0, precision: $1, then: AdamW(shape: $0, precision: $1))
        },
        OptimizerKind("Adam from links", quadratic: (0.05, 1500), rosenbrock: (0.02, 6000)) {
            TransformChain([ScaleByAdam()], shape: $0, precision: $1)
        },
        OptimizerKind("scheduled Nesterov links", quadratic: (1, 400), rosenbrock: (1e-2, 10_000)) {
            let schedule = WarmUpSchedule(steps: 50, then: ConstantSchedule(0.05))
            return TransformChain(
                [Momentum(0.9, isNesterov: true), AddDecayedWeights(0), ScaleBySchedule(schedule)], shape: $0,
                precision: $1)
        },
    ]
}
