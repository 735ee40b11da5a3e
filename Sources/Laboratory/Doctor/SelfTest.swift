import Basics
import Foundation
import ModelZoo
import Networks
import Tensors

/// A small computation whose result is known, which `weightspace doctor` makes on this machine with this build.
struct SelfTest: Sendable {
    /// What is tried.
    let name: String
    /// What to do where it fails.
    let advice: String
    /// What is wrong, or nil.
    let problem: @Sendable () throws -> String?

    /// All of them; together they take less than a second in a release build.
    static let all = [product, derivative, seed, threads, file]

    private static let reinstall =
        "install the libraries anew (Scripts/setup) and build from clean sources: rm -rf .build && swift build -c release"

    /// A product of matrices against plain loops in double precision.
    static let product = SelfTest(
        name: "a matrix product against plain loops",
        advice: "another kernel may be right: try OPENBLAS_CORETYPE=Haswell or WEIGHTSPACE_KERNELS=baseline; otherwise "
            + reinstall
    ) {
        var stream = RandomStream(seed: 1, purpose: "doctor")
        let (rows, inner, columns) = (97, 130, 71)
        let (a, b) = (stream.normal([rows, inner]), stream.normal([inner, columns]))
        let (x, y, found) = (a.doubles, b.doubles, matmul(a, b).doubles)
        var worst = 0.0
        for row in 0..<rows {
            for column in 0..<columns {
                let sum = (0..<inner).reduce(0.0) { $0 + x[row * inner + $1] * y[$1 * columns + column] }
                worst = max(worst, abs(sum - found[row * columns + column]))
            }
        }
        return worst < 1e-4 ? nil : "it is wrong by up to \(worst), where 0.0001 would be much"
    }

    /// The gradient of a small network's loss against central differences, in double precision.
    static let derivative = SelfTest(
        name: "a gradient against central differences", advice: reinstall
    ) {
        var stream = RandomStream(seed: 2, purpose: "doctor")
        let input = stream.normal([5, 4]).converted(to: .double)
        let start = stream.normal([12]).converted(to: .double)
        func loss(_ x: Tensor) -> Tensor { matmul(input, x.reshaped([4, 3])).tanh().square().mean() }
        let found = gradient(at: start, of: loss).gradient.doubles
        let (values, width) = (start.doubles, 1e-5)
        let worst =
            values.indices.map { index in
                func moved(_ by: Double) -> Double {
                    var moved = values
                    moved[index] += by
                    return loss(Tensor(moved, shape: [12])).doubles[0]
                }
                return abs((moved(width) - moved(-width)) / (2 * width) - found[index])
            }.max() ?? .infinity
        return worst < 1e-8 ? nil : "it is wrong by up to \(worst), where 1e-8 would be much"
    }

    /// Random numbers of a seed, which are the same on every machine and with every kernel set.
    static let seed = SelfTest(
        name: "the random numbers of a seed", advice: "try WEIGHTSPACE_KERNELS=baseline; otherwise " + reinstall
    ) {
        var stream = RandomStream(seed: 2026, purpose: "doctor")
        var bytes = stream.uniform([1001]).floats.flatMap { value in
            withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
        }
        bytes += stream.permutation(256).map { UInt8(truncatingIfNeeded: $0) }
        let digest = SHA256.hex(bytes.withUnsafeBytes { SHA256.digest(of: $0) })
        return digest == known ? nil : "their SHA-256 is \(digest), not \(known)"
    }

    private static let known = "e47e5a36cf3cdb6a48bd78b0bca467e3e6368b0bb21135226f1af1ea22da1a1c"

    /// The same product and the same normal numbers on one thread and on all.
    static let threads = SelfTest(
        name: "the same bytes on one thread and on several",
        advice: "run with --threads 1, and please report it with the output of this command: it should never happen"
    ) {
        func computed() -> [Float] {
            var stream = RandomStream(seed: 3, purpose: "doctor")
            let (a, b) = (stream.normal([700, 300]), stream.normal([300, 90]))
            return matmul(a, b).softmax(axis: 1).floats
        }
        let count = Threads.count
        defer { Threads.count = count }
        Threads.count = 1
        let alone = computed()
        Threads.count = max(2, count)
        let differing = zip(alone, computed()).count { $0.bitPattern != $1.bitPattern }
        return differing == 0 ? nil : "\(differing) of \(alone.count) numbers differ"
    }

    /// A zoo file, written twice and read.
    static let file = SelfTest(
        name: "a zoo file written and read",
        advice: "is the temporary folder full or read-only? TMPDIR names another; otherwise " + reinstall
    ) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "weightspace-doctor-\(UUID().uuidString)")
        try POSIXFile.makeFolders(folder.path)
        defer { try? FileManager.default.removeItem(at: folder) }
        let architecture = Architecture(MLP.Config(widths: [3, 4, 2]))
        var stream = RandomStream(seed: 4, purpose: "doctor")
        let weights = stream.normal([6, architecture.layout.count]).floats
        let zoo = Zoo(header: ZooHeader(architecture: architecture), weights: weights)
        let files = ["first.h5", "second.h5"].map { folder.appendingPathComponent($0) }
        for file in files { try ZooWriter.write(zoo, to: file.path) }
        guard try ZooReader(path: files[0].path).readAll().weights == weights else {
            return "it holds other numbers than were written"
        }
        return try Data(contentsOf: files[0]) == Data(contentsOf: files[1])
            ? nil : "two files of the same networks differ in their bytes"
    }
}
