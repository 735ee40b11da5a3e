import CKernels

/// A stream of random numbers that is a pure function of (seed, purpose, index): Philox4x32-10.
///
/// There is no global state. Two streams with any different part are independent; sample i of a population draws from
/// the stream with index i, so that it does not depend on how many others are drawn.
///
/// Reference: Salmon, Moraes, Dror, Shaw, Parallel random numbers: as easy as 1, 2, 3, 2011.
public struct RandomStream: Sendable {
    private let key: UInt64
    private let index: UInt64
    /// Next 32-bit word of the stream.
    private var position: UInt64 = 0

    /// Opens a stream. `purpose` names what the numbers are for ("zoo.init", "flow.time").
    public init(seed: UInt64, purpose: String, index: UInt64 = 0) {
        self.index = index
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        key = Self.mix(Self.mix(seed) ^ hash)
    }

    /// SplitMix64's finaliser: a bijection that spreads every bit.
    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// Uniform numbers in [0, 1), single precision.
    public mutating func uniform(_ shape: Shape) -> Tensor {
        Tensor(shape: shape) { buffer in
            guard let base = buffer.baseAddress else { return }
            kernels.philox_uniform_f32(key, index, take(buffer.count), buffer.count, base)
        }
    }

    /// Standard normal numbers, single precision.
    public mutating func normal(_ shape: Shape) -> Tensor {
        Tensor(shape: shape) { buffer in
            guard let base = buffer.baseAddress else { return }
            kernels.philox_normal_f32(key, index, take(buffer.count), buffer.count, base)
        }
    }

    /// A whole number in 0..<bound, exactly uniform (Lemire's multiplication with rejection). Traps unless bound > 0.
    public mutating func integer(below bound: Int) -> Int {
        precondition(bound > 0 && bound <= Int(UInt32.max), "integer: bound \(bound)")
        let range = UInt32(bound)
        let threshold = (0 &- range) % range
        while true {
            let product = UInt64(word()) * UInt64(range)
            if UInt32(truncatingIfNeeded: product) >= threshold { return Int(product >> 32) }
        }
    }

    /// A uniform random order of 0..<count (Fisher-Yates).
    public mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        guard count > 1 else { return order }
        for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, integer(below: last + 1)) }
        return order
    }

    private mutating func word() -> UInt32 {
        var value: UInt32 = 0
        kernels.philox_bits(key, index, position, 1, &value)
        position += 1
        return value
    }

    /// Advances by `count` words, in whole blocks so that Box-Muller pairs never straddle a call.
    private mutating func take(_ count: Int) -> UInt64 {
        let start = (position + 3) / 4 * 4
        position = start + UInt64(count)
        return start
    }
}
