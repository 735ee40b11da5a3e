import Tensors

/// How far a function's value and gradients are from PyTorch's, relative to the largest magnitude in each.
public struct TorchComparison {
    /// Value in double precision.
    public let value: Double
    /// Gradients in double precision; infinite where PyTorch has one that was not asked for.
    public let gradient: Double
    /// Value and gradients in single precision.
    public let single: Double

    /// Compares `f` of the named inputs with the output and all gradients of a case.
    ///
    /// A scalar output is differentiated as it is, any other against the input "cotangent".
    public init(
        _ expected: TorchCase, _ names: [String], output: String = "output", of f: ([Tensor]) throws -> Tensor
    ) throws {
        let inputs = try names.map { try expected.input($0) }
        let target = try expected.output(output)
        let cotangent = expected.inputs["cotangent"] ?? .ones(target.shape, precision: .double)
        func gaps(_ precision: Precision) throws -> (value: Double, gradient: Double) {
            let (values, pull) = try pullback(at: inputs.map { $0.converted(to: precision) }) { [try f($0)] }
            let gradients = pull([cotangent.converted(to: precision)])
            var worst = expected.gradients.keys.allSatisfy(names.contains) ? 0 : Double.infinity
            for (name, gradient) in zip(names, gradients) {
                guard let reference = expected.gradients[name] else { continue }
                worst = max(worst, relativeDifference(gradient, reference, floor: 1e-3))
            }
            return (relativeDifference(values[0], target, floor: 1e-3), worst)
        }
        (value, gradient) = try gaps(.double)
        let narrow = try gaps(.single)
        single = max(narrow.value, narrow.gradient)
    }

    /// Whether all agree: to the fixtures' twelve digits in double, to rounding errors in single precision.
    public var agrees: Bool { value < 1e-10 && gradient < 1e-10 && single < 1e-5 }
}
