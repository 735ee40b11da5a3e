import Foundation

/// The next step's length from the error of this one: the PI controller of Dormand and Prince's code DOPRI5.
///
/// factor = safety error^-(1/5 - 3/4 beta) previous^beta, at least 1/5, at most 10, and never above 1 right after a
/// rejection. beta = 0 is the classical controller, which knows of the last error only.
/// Reference: Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, 1993, section II.4; Gustafsson,
/// Control theoretic techniques for stepsize selection, 1991.
struct StepControl {
    /// How much the previous error counts.
    var beta = 0.04
    private static let safety = 0.9
    private static let bounds = 0.2...10.0
    private var previous = 1e-4
    private var wasRejected = false

    init(beta: Double = 0.04) { self.beta = beta }

    /// By what to multiply the step after one of this error (1 is just allowed), and whether that one is taken.
    mutating func next(_ error: Double) -> (isAccepted: Bool, factor: Double) {
        guard error <= 1 else {
            wasRejected = true
            let factor = Self.safety * pow(error, -(0.2 - 0.75 * beta))
            return (false, factor > Self.bounds.lowerBound ? factor : Self.bounds.lowerBound)
        }
        let factor = Self.safety * pow(error, -(0.2 - 0.75 * beta)) * pow(previous, beta)
        let limit = wasRejected ? 1 : Self.bounds.upperBound
        previous = max(error, 1e-4)
        wasRejected = false
        return (true, min(max(factor, Self.bounds.lowerBound), limit))
    }
}
