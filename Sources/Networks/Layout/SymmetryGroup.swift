/// A set of units whose order carries no meaning: permuting them everywhere leaves the function unchanged.
public struct SymmetryGroup: Hashable, Sendable {
    /// How a unit's incoming weights may be multiplied if its outgoing weights are divided.
    public enum Scaling: String, Codable, Hashable, Sendable {
        /// Not at all.
        case none
        /// By any positive number (ReLU, LeakyReLU: positively homogeneous activations).
        case positive
        /// By -1 (odd activations such as tanh).
        case sign
    }

    /// Name for messages, `layers.0`.
    public let name: String
    /// Number of units.
    public let size: Int
    /// What the units' activation allows.
    public let scaling: Scaling

    /// Describes a group of `size` interchangeable units.
    public init(name: String, size: Int, scaling: Scaling) {
        self.name = name
        self.size = size
        self.scaling = scaling
    }
}

extension SymmetryGroup.Scaling {
    /// What is left of it where the largest of several outputs is taken on: max(-a, -b) is not -max(a, b).
    var behindMaximum: SymmetryGroup.Scaling { self == .sign ? .none : self }
}
