import CKernels
import Foundation
import Testing

@Suite("Kernels: random numbers")
struct KernelRandomTests {
    func bits(_ set: String, key: UInt64, index: UInt64, first: UInt64, count: Int) -> [UInt32] {
        var out = [UInt32](repeating: 0, count: count)
        KernelSets.table(set).philox_bits(key, index, first, count, &out)
        return out
    }

    /// One block of Philox4x32-10, from the paper's definition.
    static func block(_ number: UInt64, key: UInt64, index: UInt64) -> [UInt32] {
        var c = [number, number >> 32, index, index >> 32].map { UInt32(truncatingIfNeeded: $0) }
        var (low, high) = (UInt32(truncatingIfNeeded: key), UInt32(key >> 32))
        for _ in 0..<10 {
            let p = UInt64(c[0]) * 0xD251_1F53, q = UInt64(c[2]) * 0xCD9E_8D57
            c = [
                UInt32(q >> 32) ^ c[1] ^ low, UInt32(truncatingIfNeeded: q), UInt32(p >> 32) ^ c[3] ^ high,
                UInt32(truncatingIfNeeded: p),
            ]
            (low, high) = (low &+ 0x9E37_79B9, high &+ 0xBB67_AE85)
        }
        return c
    }

    @Test("The published vectors of Random123", arguments: KernelSets.names)
    func published(set: String) {
        #expect(
            bits(set, key: 0, index: 0, first: 0, count: 4) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
        let pi: [UInt32] = [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        #expect(Self.block(0x85a3_08d3_243f_6a88, key: 0x299f_31d0_a409_3822, index: 0x0370_7344_1319_8a2e) == pi)
        let ones: [UInt32] = [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        #expect(Self.block(.max, key: .max, index: .max) == ones)
    }

    @Test("Every set makes the defined words, from any first element on", arguments: KernelSets.names)
    func words(set: String) {
        let key: UInt64 = 0x299f_31d0_a409_3822, index: UInt64 = 0x0370_7344_1319_8a2e
        for first in [0, 1, 2, 3, 4, 1021, 1 << 34 - 3, 4 * (1 << 32) - 10, 0xFFFF_FFFF_FFFF_0000] as [UInt64] {
            for count in [1, 3, 5, 64, 700] {
                let expected = (0..<UInt64(count)).map { offset in
                    Self.block((first + offset) / 4, key: key, index: index)[Int((first + offset) % 4)]
                }
                #expect(bits(set, key: key, index: index, first: first, count: count) == expected)
            }
        }
    }

    @Test("Uniforms are the words' upper 24 bits", arguments: KernelSets.names)
    func uniforms(set: String) {
        let table = KernelSets.table(set)
        let words = bits(set, key: 5, index: 6, first: 7, count: 3001)
        var out = [Float](repeating: -1, count: 3001)
        table.philox_uniform_f32(5, 6, 7, 3001, &out)
        #expect(out == words.map { Float($0 >> 8) / 16_777_216 })
        #expect(out.allSatisfy { $0 >= 0 && $0 < 1 })
    }

    @Test("Normals are Box and Muller's of the words", arguments: KernelSets.names)
    func normals(set: String) {
        let words = bits(set, key: 9, index: 1, first: 0, count: 200_000)
        var out = [Float](repeating: 0, count: 200_000)
        KernelSets.table(set).philox_normal_f32(9, 1, 0, 200_000, &out)
        var worst = 0.0
        for j in stride(from: 0, to: out.count, by: 2) {
            let u1 = (Double(words[j]) + 1) * 0x1p-32, u2 = Double(words[j + 1]) * 0x1p-32
            let r = (-2 * log(u1)).squareRoot()
            worst = max(worst, abs(Double(out[j]) - r * cos(2 * .pi * u2)) / max(r, 1e-4))
            worst = max(worst, abs(Double(out[j + 1]) - r * sin(2 * .pi * u2)) / max(r, 1e-4))
        }
        #expect(worst < 4e-7)
        let mean = out.reduce(0.0) { $0 + Double($1) } / 200_000
        let square = out.reduce(0.0) { $0 + Double($1) * Double($1) } / 200_000
        let fourth = out.reduce(0.0) { $0 + pow(Double($1), 4) } / 200_000
        #expect(abs(mean) < 0.01 && abs(square - 1) < 0.016 && abs(fourth - 3) < 0.11)  // about 4.5 standard errors
    }

    @Test("A piece of a stream is that piece of the whole stream", arguments: KernelSets.names)
    func pieces(set: String) {
        let table = KernelSets.table(set)
        var whole = [Float](repeating: 0, count: 2500)
        table.philox_normal_f32(1, 2, 0, 2500, &whole)
        for first in [0, 1, 2, 3, 5, 511, 1026] {
            for count in [1, 2, 33, 515, 1400] {
                var piece = [Float](repeating: 99, count: count + 1)
                table.philox_normal_f32(1, 2, UInt64(first), count, &piece)
                #expect(piece == Array(whole[first..<first + count]) + [99])
            }
        }
    }
}
