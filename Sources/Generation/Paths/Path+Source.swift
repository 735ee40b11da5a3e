import Foundation

extension Path {
    /// How the source's part of a point follows from the point and its velocity: x_0 = ofPoint x + ofVelocity v at
    /// time t, without the path's noise, and its factor `scale` = a in the point. Traps for a bridge.
    func sourceShare(at t: Double) -> (scale: Double, ofPoint: Double, ofVelocity: Double) {
        switch kind {
        case .linear: (1 - t, 1, -t)
        case .targetConditional: (1 - (1 - sigma) * t, 1, -t)
        case .variancePreserving: (cos(.pi / 2 * t), cos(.pi / 2 * t), -2 / .pi * sin(.pi / 2 * t))
        case .schrodingerBridge: preconditionFailure("source share: a bridge's noise is not the source's")
        }
    }
}
