import CKernels
import Foundation
import Testing

@Suite("Kernels: elementwise functions of one operand")
struct KernelMapTests {
    struct Case {
        let name: String
        let op: ck_unary
        let range: ClosedRange<Double>
        /// Largest error in units of the last place; infinity where only the mixed error is bounded.
        let ulps: Double
        let function: (Double) -> Double
    }

    static func sigmoid(_ x: Double) -> Double { x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)) }

    static func geluTanh(_ x: Double) -> Double {
        0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    }

    static func cases() -> [Case] {
        [
            Case(name: "negate", op: CK_NEGATE, range: -9...9, ulps: 0) { -$0 },
            Case(name: "exp", op: CK_EXP, range: -110...92, ulps: 1.5) { exp($0) },
            Case(name: "log", op: CK_LOG, range: 0...90, ulps: 1.5) { log($0) },
            Case(name: "sqrt", op: CK_SQRT, range: 0...90, ulps: 0) { $0.squareRoot() },
            Case(name: "reciprocal", op: CK_RECIPROCAL, range: -9...9, ulps: 0) { 1 / $0 },
            Case(name: "tanh", op: CK_TANH, range: -12...12, ulps: 2) { tanh($0) },
            Case(name: "erf", op: CK_ERF, range: -6...6, ulps: 2) { erf($0) },
            Case(name: "sigmoid", op: CK_SIGMOID, range: -100...100, ulps: 3.5) { sigmoid($0) },
            Case(name: "sin", op: CK_SIN, range: -900...900, ulps: 1) { sin($0) },
            Case(name: "cos", op: CK_COS, range: -900...900, ulps: 1) { cos($0) },
            Case(name: "abs", op: CK_ABS, range: -9...9, ulps: 0) { abs($0) },
            Case(name: "sign", op: CK_SIGN, range: -9...9, ulps: 0) { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 },
            Case(name: "relu", op: CK_RELU, range: -9...9, ulps: 0) { max($0, 0) },
            Case(name: "step", op: CK_STEP, range: -9...9, ulps: 0) { $0 > 0 ? 1 : 0 },
            Case(name: "square", op: CK_SQUARE, range: -9...9, ulps: 0.51) { $0 * $0 },
            Case(name: "gelu", op: CK_GELU, range: -12...12, ulps: .infinity) {
                0.5 * $0 * erfc(-$0 * 0.5.squareRoot())
            },
            Case(name: "gelu, tanh", op: CK_GELU_TANH, range: -12...12, ulps: .infinity, function: geluTanh),
            Case(name: "silu", op: CK_SILU, range: -80...80, ulps: 4.5) { $0 * sigmoid($0) },
            Case(name: "softplus", op: CK_SOFTPLUS, range: -100...100, ulps: 2.5) {
                max($0, 0) + log1p(exp(-abs($0)))
            },
            Case(name: "log1p", op: CK_LOG1P, range: -0.999...90, ulps: 3) { log1p($0) },
            Case(name: "expm1", op: CK_EXPM1, range: -30...80, ulps: 4) { expm1($0) },
        ]
    }

    /// A dense grid, and points that crowd towards zero from both sides.
    static func grid(_ range: ClosedRange<Double>) -> [Double] {
        let even = (0...40_000).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / 40_000 }
        let crowding = (0...8000).map { exp(-103 + 105 * Double($0) / 8000) }
        return even + crowding + (range.lowerBound < 0 ? crowding.map { -$0 } : [])
    }

    @Test("Single precision agrees with the C library in double", arguments: KernelSets.names)
    func single(set: String) {
        let table = KernelSets.table(set)
        for test in Self.cases() {
            let x = Self.grid(test.range).map { Float($0) }
            let y = table.map(test.op, x)
            var worst = (ulps: 0.0, mixed: 0.0, at: Float(0))
            for (input, output) in zip(x, y) {
                let expected = test.function(Double(input))
                worst.mixed = max(worst.mixed, KernelErrors.mixed(Double(output), Double(Float(expected))))
                let ulps = KernelErrors.ulps(output, expected)
                if ulps > worst.ulps { worst = (ulps, worst.mixed, input) }
            }
            #expect(worst.ulps <= test.ulps, "\(test.name) at \(worst.at)")
            #expect(worst.mixed <= 2e-7, "\(test.name)")
        }
    }

    @Test("Double precision agrees with the C library", arguments: KernelSets.names)
    func double(set: String) {
        let table = KernelSets.table(set)
        for test in Self.cases() {
            let x = Self.grid(test.range)
            let y = table.map(test.op, x)
            var worst = (ulps: 0.0, mixed: 0.0, at: 0.0)
            for (input, output) in zip(x, y) {
                let expected = test.function(input)
                worst.mixed = max(worst.mixed, KernelErrors.mixed(output, expected))
                let ulps = KernelErrors.ulps(output, expected)
                if ulps > worst.ulps { worst = (ulps, worst.mixed, input) }
            }
            let allowed = test.ulps == 0 ? 0 : test.ulps + 2  // the reference errs too
            #expect(worst.ulps <= allowed, "\(test.name) at \(worst.at)")
            #expect(worst.mixed <= 2e-15, "\(test.name)")
        }
    }

    @Test("Infinities, zeros, subnormals and NaN go where they should", arguments: KernelSets.names)
    func special(set: String) {
        let table = KernelSets.table(set)
        let inf = Float.infinity, tiny = Float.leastNonzeroMagnitude, huge = Float.greatestFiniteMagnitude
        func value(_ op: ck_unary, _ x: Float) -> Float {
            let double = table.map(op, [Double(x)])[0], single = table.map(op, [x])[0]
            #expect(double.isNaN == single.isNaN && double.isInfinite == single.isInfinite || abs(x) >= huge)
            return single
        }
        #expect(value(CK_EXP, inf) == inf && value(CK_EXP, -inf) == 0 && value(CK_EXP, 0) == 1)
        #expect(value(CK_LOG, 0) == -inf && value(CK_LOG, inf) == inf && value(CK_LOG, -1).isNaN)
        #expect(abs(value(CK_LOG, tiny) + 103.27893) < 1e-4)
        #expect(value(CK_LOG1P, -1) == -inf && value(CK_LOG1P, inf) == inf && value(CK_LOG1P, -1.5).isNaN)
        #expect(value(CK_EXPM1, inf) == inf && value(CK_EXPM1, -inf) == -1)
        #expect(value(CK_LOG1P, tiny) == tiny && value(CK_EXPM1, -tiny) == -tiny && value(CK_EXPM1, 0) == 0)
        #expect(value(CK_TANH, inf) == 1 && value(CK_TANH, -inf) == -1 && value(CK_TANH, tiny) == tiny)
        #expect(value(CK_ERF, inf) == 1 && value(CK_ERF, -inf) == -1)
        #expect(value(CK_SIGMOID, inf) == 1 && value(CK_SIGMOID, -inf) == 0 && value(CK_SIGMOID, 0) == 0.5)
        #expect(value(CK_SIN, inf).isNaN && value(CK_COS, -inf).isNaN)
        for op in [CK_GELU, CK_GELU_TANH, CK_SILU, CK_RELU, CK_SOFTPLUS] {
            #expect(value(op, inf) == inf && value(op, -inf) == 0 && value(op, 1e30) == 1e30 && value(op, -1e30) == 0)
        }
        for op in 0..<CK_UNARY_COUNT.rawValue where op != CK_STEP.rawValue {
            #expect(value(ck_unary(rawValue: op), .nan).isNaN, "operation \(op)")
        }
        #expect(value(CK_SIN, 1e10) == Float(sin(Double(Float(1e10)))))
        #expect(value(CK_COS, -3e38) == Float(cos(Double(Float(-3e38)))))
    }

    @Test("An element's bytes do not depend on its place, the stride or the count", arguments: KernelSets.names)
    func placeless(set: String) {
        let table = KernelSets.table(set)
        var inputs = KernelInputs(1)
        let x = inputs.floats(700, scale: 4).map { abs($0) }
        for op in 0..<CK_UNARY_COUNT.rawValue {
            let op = ck_unary(rawValue: op)
            let whole = table.map(op, x)
            for count in [1, 2, 3, 7, 15, 17, 31, 33] {
                let offset = 100 + count
                #expect(table.map(op, Array(x[offset..<offset + count])) == Array(whole[offset..<offset + count]))
            }
            #expect(table.map(op, x, stride: 2) == (0..<350).map { whole[2 * $0] })
            var same = x
            same.withUnsafeMutableBufferPointer { table.map_f32(op, $0.count, $0.baseAddress, 1, $0.baseAddress) }
            #expect(same == whole)
            var repeated = [Float](repeating: 0, count: 5)
            table.map_f32(op, 5, x, 0, &repeated)
            #expect(repeated == [Float](repeating: whole[0], count: 5))
        }
    }

    @Test("Nothing is written past the end", arguments: KernelSets.names)
    func bounds(set: String) {
        let table = KernelSets.table(set)
        for count in 0...40 {
            var out = [Float](repeating: 7, count: 48)
            table.map_f32(CK_SQUARE, count, [Float](repeating: 2, count: count), 1, &out)
            #expect(out == (0..<48).map { $0 < count ? 4 : 7 })
        }
    }
}
