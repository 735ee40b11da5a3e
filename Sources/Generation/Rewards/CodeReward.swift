import Basics
import Networks
import Tensors

/// A reward of codes: strength times the reward of the networks that they stand for.
struct CodeReward: Sendable {
    let reward: any Reward
    let coordinates: any Coordinates
    let strength: Double

    /// strength r(decode(x)) of codes [B, K], one number each.
    func callAsFunction(_ codes: Tensor) -> Tensor { reward(coordinates.decode(codes)) * strength }

    /// The values [B] and their gradients by the codes [B, K].
    func gradient(at codes: Tensor) -> (values: Tensor, gradient: Tensor) {
        let (values, pull) = pullback(at: codes) { self($0) }
        precondition(values.shape == [codes.shape[0]], "reward: shape \(values.shape) of \(codes.shape[0]) networks")
        return (values, pull(.ones(values.shape, precision: values.precision)))
    }
}

/// How much a reward differs between the networks of an untuned generator, the unit in which strengths are given.
///
/// Where rewards are Gaussian with deviation d, the density times exp(s r / d) has its mean s deviations above the
/// generator's own: strength 1 asks for networks as good as the best sixth, 2 for the best fortieth. Best of n lies
/// 0.56, 1.03, 1.54 and 2.5 deviations above for n = 2, 4, 10 and 100.
public struct RewardSpread: Codable, Sendable, Equatable {
    /// Mean reward.
    public let mean: Double
    /// Standard deviation, above zero.
    public let std: Double

    /// Takes known numbers.
    public init(mean: Double, std: Double) { (self.mean, self.std) = (mean, std) }

    /// Of rewards of untuned networks.
    ///
    /// Throws `DataError` (malformed, `reward`) where one is not a number, there are fewer than two, or all are the same:
    /// such a reward says nothing of which networks are wanted.
    public init(_ rewards: [Double]) throws {
        let wrong = rewards.count { !$0.isFinite }
        guard wrong == 0, rewards.count >= 2 else {
            throw DataError(
                .malformed, path: "reward", expected: "a finite number for each of at least two networks",
                found: wrong > 0 ? "\(wrong) of \(rewards.count) that are not" : "\(rewards.count) networks",
                hint: "is it defined for every network that the generator makes?")
        }
        let mean = rewards.reduce(0, +) / Double(rewards.count)
        let square = rewards.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rewards.count - 1)
        // What rounding leaves of equal numbers is no spread.
        guard square.squareRoot() > 1e-6 * max(1e-30, abs(mean)) else {
            throw DataError(
                .malformed, path: "reward", expected: "a reward that tells networks apart",
                found: "\(NumberText.significant(mean)) for all \(rewards.count)",
                hint: "a reward whose derivative is zero cannot be climbed: for the accuracy take a smooth one")
        }
        (self.mean, std) = (mean, square.squareRoot())
    }

    /// The factor of the reward at a strength. Throws `DataError` (configuration, `strength`) where that is negative or not
    /// a number.
    public func factor(_ strength: Double) throws -> Double { try Self.checked(strength) / std }

    /// A strength that can be used. Throws as `factor` does.
    public static func checked(_ strength: Double) throws -> Double {
        guard strength >= 0, strength.isFinite else {
            throw DataError(
                .configuration, path: "strength", expected: "a number of at least 0", found: "\(strength)",
                hint: "for what is to be avoided take the reward's negative")
        }
        return strength
    }
}
