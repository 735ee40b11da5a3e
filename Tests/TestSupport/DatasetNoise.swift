/// Numbers that look random and are the same in every run, to make hostile input of.
public struct DatasetNoise {
    private var state: UInt64

    /// Starts the sequence that belongs to `seed`.
    public init(seed: UInt64) { state = seed }

    /// The next number from 0 up to, not including, `bound` (Knuth's MMIX generator, its high bits).
    public mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    /// Bytes with every value equally likely.
    public mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(below(256)) } }

    /// The bytes with a few of them changed, removed or doubled.
    public mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0...below(3) where !result.isEmpty {
            let place = below(result.count)
            switch below(3) {
            case 0: result[place] = UInt8(below(256))
            case 1: result.remove(at: place)
            default: result.insert(result[place], at: place)
            }
        }
        return result
    }
}
