/// A learning rate as a function of the step.
public protocol Schedule: Sendable {
    /// The rate for step k, counted from 0.
    func rate(at step: Int) -> Double
}
