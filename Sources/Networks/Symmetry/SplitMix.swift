/// A small generator (SplitMix64, Steele et al. 2014) whose whole sequence is a pure function of its keys.
///
/// It orders sweeps and draws restarts; it is not meant for sampling.
struct SplitMix {
    private var state: UInt64

    /// Starts the sequence of `(seed, index)`.
    init(seed: UInt64, index: UInt64) {
        var keyed = SplitMix(state: seed)
        state = keyed.next() ^ (index &* 0xD6E8_FEB8_6659_FD93)
    }

    private init(state: UInt64) { self.state = state }

    /// The next 64 bits.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// A permutation of `0..<count` (Fisher and Yates; the high half of a 128-bit product picks each place).
    mutating func permutation(_ count: Int) -> [Int] {
        var result = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) {
            result.swapAt(last, Int(next().multipliedFullWidth(by: UInt64(last + 1)).high))
        }
        return result
    }
}
