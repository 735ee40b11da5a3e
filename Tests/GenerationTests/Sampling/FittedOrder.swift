import Tensors

/// The order with which an error falls: minus the slope of log error against log steps, by least squares.
func fittedOrder(_ steps: [Int], _ error: (Int) throws -> Double) rethrows -> Double {
    let x = Tensor(steps.map { Double($0) }, shape: [steps.count]).log().doubles
    let y = Tensor(try steps.map(error), shape: [steps.count]).log().doubles
    let n = Double(steps.count)
    let (mx, my) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
    let top = zip(x, y).reduce(0.0) { $0 + ($1.0 - mx) * ($1.1 - my) }
    return -top / x.reduce(0.0) { $0 + ($1 - mx) * ($1 - mx) }
}
