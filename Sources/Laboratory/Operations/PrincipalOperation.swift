import Basics
import Foundation
import Generation
import ModelZoo
import Tensors

/// Fits principal components to a zoo's training networks, reading a few at a time, and says what they carry.
public struct PrincipalOperation {
    /// The zoo file to read.
    public let path: String
    /// The most components that are fitted; fewer where the training networks have no more.
    public let components: Int
    /// Bytes of networks to hold at once.
    public let maximumBytes: Int

    /// Prepares to fit components to the zoo file at `path`; nothing is read yet.
    public init(path: String, components: Int, maximumBytes: Int) {
        self.path = path
        self.components = components
        self.maximumBytes = maximumBytes
    }

    /// How much of the variance the components carry, and how many there are.
    public struct Outcome: Codable, Sendable, Equatable {
        /// Training networks that the components were fitted to.
        public let networks: Int
        /// Number of components that were found.
        public let components: Int
        /// Share of the training networks' variance that they carry together, 0-1.
        public let capturedVariance: Double
        /// Variance along each component (divisor N - 1), largest first.
        public let variances: [Double]
        /// Fresh networks: those of the test split.
        public let fresh: Int
        /// Share of the fresh networks' squared distance from the mean that the components leave, 0-1; nil without.
        public let freshLost: Double?

        /// The share of the variance that the first `count` components carry.
        public func captured(_ count: Int) -> Double {
            let sum = variances.reduce(0, +)
            return sum > 0 ? capturedVariance * variances.prefix(count).reduce(0, +) / sum : 0
        }
    }

    /// Fits and measures; throws `DataError`.
    public func execute(_ reporter: any ProgressReporter) throws -> Outcome {
        let reader = try ZooReader(path: path)
        let training = ZooRows(reader: reader, networks: reader.rows(in: .train))
        guard training.count >= 2 else {
            throw DataError(
                .malformed, path: path, expected: "at least 2 training networks", found: "\(training.count)")
        }
        let result = try PrincipalCoordinates(
            streaming: training, components: components, maximumBytes: maximumBytes
        ) { stage, done, total in
            try reporter.progress(stage.rawValue, hint: OutputFile.interrupted).report(done, of: total)
        }
        guard let fitted = result else {
            throw DataError(
                .malformed, path: path,
                problem: "its training networks are all the same, so there is no variance to explain")
        }
        let fresh = ZooRows(reader: reader, networks: reader.rows(in: .test))
        return Outcome(
            networks: training.count, components: fitted.dimension, capturedVariance: fitted.capturedVariance,
            variances: fitted.variances, fresh: fresh.count,
            freshLost: fresh.count == 0 ? nil : try Self.lost(fresh, fitted))
    }

    /// The share of the rows' squared distance from the mean that lies outside the components.
    private static func lost(_ rows: ZooRows, _ fitted: PrincipalCoordinates) throws -> Double {
        var (lost, all) = (0.0, 0.0)
        for row in 0..<rows.count {
            let weights = Tensor(try rows.rows(row..<row + 1), shape: [1, rows.width])
            let distance = (weights - fitted.mean).converted(to: .double).square().sum().scalar
            // The components are orthonormal: what they keep is the code's own length.
            let kept = fitted.encode(weights).converted(to: .double).square().sum().scalar
            all += distance
            lost += max(0, distance - kept)
        }
        return all > 0 ? lost / all : 0
    }
}
