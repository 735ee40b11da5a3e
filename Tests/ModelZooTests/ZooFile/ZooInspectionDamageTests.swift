import Foundation
import Networks
import Tensors
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Zoo inspection: damage, and nothing to measure")
struct ZooInspectionDamageTests {
    /// A file of these rows of `testLayout()`, with a wrong checksum for one network, if any.
    private func inspect(_ rows: [Float], wrong: Int? = nil) throws -> ZooInspection {
        try withFolder { (folder: String) throws in
            let count = rows.count / 11
            let file = try HDF5File.create("\(folder)/z.h5")
            try ZooHeader(layout: testLayout()).write(to: file)
            try file.write(rows, shape: [count, 11], as: "/weights")
            var digests = ZooChecksum.digests(weights: rows, buffers: nil, count: count)
            if let wrong { digests[wrong * SHA256.byteCount + 5] ^= 4 }
            try file.write(digests, shape: [count, SHA256.byteCount], as: "/checksums")
            try file.close()
            return try ZooReader(path: "\(folder)/z.h5").inspect(maximumBytes: 50)
        }
    }

    @Test("A network that its checksum does not fit is listed, and left out of the statistics")
    func damaged() throws {
        var rows = formulaRows(3, 11)
        rows[15] = 1000
        let found = try inspect(rows, wrong: 1)
        #expect(found.checksums == .damaged && found.damaged == [1] && found.nonFinite == [] && !found.isSound)
        let sound = try inspect(Array(rows[..<11] + rows[22...]))
        #expect(found.slots == sound.slots && found.maximum == sound.maximum && sound.checksums == .verified)
        #expect(found.description.contains("damaged: 1"))
        #expect(found.contentDigest != sound.contentDigest)
    }

    @Test("Without a sound network there are no statistics: dashes in the table, nothing in JSON")
    func noneSound() throws {
        let found = try inspect([Float](repeating: .nan, count: 110))
        #expect(found.nonFinite == Array(0..<10) && found.minimum == nil && found.maximum == nil)
        #expect(found.slots.allSatisfy { $0.mean == nil && $0.deviation == nil && $0.magnitudes == nil })
        #expect(found.description.contains("- to -"))
        #expect(found.description.contains("10 networks: 0, 1, 2, 3, 4, 5, 6, 7, ..."))
        #expect(try JSONDecoder().decode(ZooInspection.self, from: JSONEncoder().encode(found)) == found)
    }

    @Test("Numbers keep five digits at any magnitude and sign")
    func digits() throws {
        var stream = RandomStream(seed: 2, purpose: "test.digits")
        for exponent in -12...12 {
            for mantissa in (stream.uniform([20]) * 9 + 1).floats {
                let value = Double(mantissa) * pow(10, Double(exponent)) * (exponent % 2 == 0 ? 1 : -1)
                let read = try #require(Double(ZooInspection.number(value)))
                #expect(abs(read - value) <= 5.001e-5 * abs(value), "\(value): \(read)")
            }
        }
        #expect([Double.nan, .infinity, -.infinity].map { ZooInspection.number($0) } == ["nan", "inf", "-inf"])
    }
}
