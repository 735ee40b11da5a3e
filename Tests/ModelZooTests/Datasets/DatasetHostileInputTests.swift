import Networks
import TestSupport
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

/// Whatever the bytes are, the readers give a consistent value or throw `DataError`.
@Suite struct DatasetHostileInputTests {
    private func survives(_ bytes: [UInt8], _ read: ([UInt8]) throws -> Void) {
        do {
            try read(bytes)
        } catch {
            #expect(error is DataError, "\(bytes)")
        }
    }

    private func readIDX(_ bytes: [UInt8]) throws {
        let array = try IDXArray(bytes: bytes, path: "file")
        #expect(array.floats().count == array.count)
        _ = try array.labels()
    }

    private func readCSV(_ bytes: [UInt8]) throws {
        let table = try CSVTable(bytes: bytes, path: "file", options: .init(allowsMissing: true))
        #expect(table.features.count == table.rowCount * table.featureCount)
        #expect(table.labels.allSatisfy { table.classNames.indices.contains(Int($0)) })
        #expect(Set(table.labels).count == table.classNames.count)
    }

    @Test(arguments: IDXArray.Element.allCases)
    func damagedIDX(element: IDXArray.Element) {
        var noise = DatasetNoise(seed: UInt64(element.rawValue))
        let whole = DatasetBytes.idx(element.rawValue, [3], noise.bytes(3 * element.size))
        for _ in 0..<500 { survives(noise.damaged(whole), readIDX) }
        for length in 0..<200 { survives([0, 0, element.rawValue] + noise.bytes(length % 20), readIDX) }
    }

    @Test func damagedCSV() {
        var noise = DatasetNoise(seed: 1)
        let whole = Array("a,\"b\"\"c\",d\r\n1,?,x\n\"2.5\",-1e3,\"y,\nz\"\r3,,x\n".utf8)
        for _ in 0..<2_000 { survives(noise.damaged(whole), readCSV) }
        let alphabet = Array("0123456789.,,,\"\n\r-e?x \u{0}".utf8)
        for length in 0..<1_000 {
            survives((0..<length % 60).map { _ in alphabet[noise.below(alphabet.count)] }, readCSV)
        }
    }

    @Test func randomBytesAsCSV() {
        var noise = DatasetNoise(seed: 2)
        for length in 0..<500 { survives(noise.bytes(length % 90), readCSV) }
    }

    @Test func damagedGzip() throws {
        var noise = DatasetNoise(seed: 4)
        try DatasetFolder.with { folder in
            for _ in 0..<300 {
                let path = try folder.write(noise.damaged(GzipTests.deflated), to: "file.gz")
                survives([]) { _ in
                    // Damage to the magic makes a plain file; to the name of the system or the time, an equal one.
                    let content = try Gzip.decompress(contentsOf: path, maximumBytes: 1 << 20)
                    #expect(content == GzipTests.unpacked || content.starts(with: [0x1F, 0x8B]) == false)
                }
            }
        }
    }
}
