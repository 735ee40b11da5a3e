import Foundation

/// How wide the noise around a curve through knots is, and how fast its width changes: sigma(t) and its exact derivative.
///
/// s is the share of the interval between two knots that has passed, h the interval's length; ds/dt = 1 / h.
///
/// | law      | sigma             | d sigma / dt                              |
/// |----------|-------------------|-------------------------------------------|
/// | constant | m                 | 0                                         |
/// | bridge   | m sqrt(s (1 - s)) | m (1 - 2 s) / (2 h sqrt(s (1 - s)))       |
/// | arch     | m s (1 - s)       | m (1 - 2 s) / h                           |
/// | bump     | m sin^2(pi s)     | m pi sin(2 pi s) / h                      |
///
/// All but the constant vanish at knots, so that the curve passes through what was seen. A `floor` holds the width up:
/// where it does, the derivative is 0.
/// Source: Rohbeck et al., Modeling complex system dynamics with flow matching across time and conditions, 2025; its
/// public code leaves 1 / h out of the first derivative, has another third one, and keeps both below the floor.
public struct SigmaLaw: Sendable, Equatable {
    /// The shapes.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// The same everywhere, at knots too.
        case constant
        /// A Brownian bridge from knot to knot; its derivative has no limit at knots, which are kept 1e-4 h away.
        case bridge
        /// A parabola from knot to knot.
        case arch
        /// A squared sine from knot to knot, smooth at knots too.
        case bump
    }

    /// The shape.
    public let kind: Kind
    /// m.
    public let scale: Double
    /// The least width.
    public let floor: Double

    /// Shares nearer to a knot than this are moved to it on a bridge.
    static let margin = 1e-4

    /// Describes a law; traps unless both numbers are finite and at least 0.
    public init(_ kind: Kind, scale: Double, floor: Double = 0) {
        precondition(
            scale >= 0 && scale.isFinite && floor >= 0 && floor.isFinite,
            "sigma \(kind.rawValue): scale \(scale), floor \(floor)")
        (self.kind, self.scale, self.floor) = (kind, scale, floor)
    }

    /// sigma and d sigma / dt where a share of an interval of some length has passed. Traps unless the length is positive.
    public func width(share: Double, length: Double) -> (width: Double, rate: Double) {
        precondition(length > 0, "sigma: an interval of length \(length)")
        let (value, derivative) = shape(min(1, max(0, share)))
        let width = scale * value
        return width < floor ? (floor, 0) : (width, scale * derivative / length)
    }

    /// The law of scale 1 and its derivative by s.
    private func shape(_ s: Double) -> (value: Double, derivative: Double) {
        switch kind {
        case .constant: return (1, 0)
        case .bridge:
            let s = min(1 - Self.margin, max(Self.margin, s))
            let root = (s * (1 - s)).squareRoot()
            return (root, (1 - 2 * s) / (2 * root))
        case .arch: return (s * (1 - s), 1 - 2 * s)
        case .bump: return (pow(sin(.pi * s), 2), .pi * sin(2 * .pi * s))
        }
    }
}
