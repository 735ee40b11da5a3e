import CKernels
import Foundation

/// The kernel sets this processor can run, and array-shaped calls into their tables.
enum KernelSets {
    static let names: [String] = ["baseline", "avx2", "avx512"].filter { (name: String) in
        ck_kernels_named(name) != nil
    }

    static func table(_ name: String) -> ck_table { ck_kernels_named(name).pointee }
}

extension ck_table {
    func map(_ op: ck_unary, _ x: [Float], stride: Int = 1) -> [Float] {
        [Float](unsafeUninitializedCapacity: x.count / max(stride, 1)) { out, count in
            count = x.count / max(stride, 1)
            map_f32(op, count, x, stride, out.baseAddress)
        }
    }

    func map(_ op: ck_unary, _ x: [Double], stride: Int = 1) -> [Double] {
        [Double](unsafeUninitializedCapacity: x.count / max(stride, 1)) { out, count in
            count = x.count / max(stride, 1)
            map_f64(op, count, x, stride, out.baseAddress)
        }
    }

    func zip(_ op: ck_binary, _ a: [Float], _ sa: Int, _ b: [Float], _ sb: Int, count: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { out, made in
            made = count
            zip_f32(op, count, a, sa, b, sb, out.baseAddress)
        }
    }

    func zip(_ op: ck_binary, _ a: [Double], _ sa: Int, _ b: [Double], _ sb: Int, count: Int) -> [Double] {
        [Double](unsafeUninitializedCapacity: count) { out, made in
            made = count
            zip_f64(op, count, a, sa, b, sb, out.baseAddress)
        }
    }

    func zip(_ op: ck_binary, _ a: [Float], _ b: [Float], count: Int) -> [Float] { zip(op, a, 1, b, 1, count: count) }
    func zip(_ op: ck_binary, _ a: [Double], _ b: [Double], count: Int) -> [Double] {
        zip(op, a, 1, b, 1, count: count)
    }
}

/// KernelErrors against a reference in double precision.
enum KernelErrors {
    /// Distance in units of the last place of a float (of the smallest normal one below it).
    static func ulps(_ actual: Float, _ expected: Double) -> Double {
        if actual.isNaN || expected.isNaN { return actual.isNaN && expected.isNaN ? 0 : .infinity }
        if Float(expected) == actual { return 0 }
        if !actual.isFinite || !Float(expected).isFinite { return .infinity }
        return abs(Double(actual) - expected) / Double(Float(expected).ulp)
    }

    static func ulps(_ actual: Double, _ expected: Double) -> Double {
        if actual.isNaN || expected.isNaN { return actual.isNaN && expected.isNaN ? 0 : .infinity }
        if expected == actual { return 0 }
        if !actual.isFinite || !expected.isFinite { return .infinity }
        return abs(actual - expected) / expected.ulp
    }

    /// Difference, relative where the expected value exceeds one.
    static func mixed(_ actual: Double, _ expected: Double) -> Double {
        if actual.isNaN || expected.isNaN { return actual.isNaN && expected.isNaN ? 0 : .infinity }
        return actual == expected ? 0 : abs(actual - expected) / max(1, abs(expected))
    }
}

/// Test inputs that no kernel under test makes: a plain multiplicative congruence.
struct KernelInputs {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

    /// Uniform in [-1, 1).
    mutating func next() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(Int64(bitPattern: state) >> 11) / 4_503_599_627_370_496
    }

    mutating func floats(_ count: Int, scale: Double = 1) -> [Float] {
        (0..<count).map { _ in Float(next() * scale) }
    }

    mutating func doubles(_ count: Int, scale: Double = 1) -> [Double] { (0..<count).map { _ in next() * scale } }
}
