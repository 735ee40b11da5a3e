import TestSupport
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("Labelled examples in .npz files")
struct NPZExamplesTests {
    /// Reads an archive of these members.
    private func read(_ members: [(String, [UInt8])]) throws -> NPZExamples {
        try withFolder { (folder: String) throws in
            var writer = try ZipWriter(path: "\(folder)/x.npz")
            for (name, bytes) in members { try writer.add(name, bytes) }
            try writer.finish()
            return try NPZExamples(path: "\(folder)/x.npz")
        }
    }

    /// Bytes of pixels counting up.
    private func images(_ shape: [Int]) -> [UInt8] {
        NPYWriter.header("|u1", shape: shape) + (0..<shape.reduce(1, *)).map { UInt8($0) }
    }

    private func labels(_ values: [UInt8]) -> [UInt8] { NPYWriter.header("|u1", shape: [values.count]) + values }

    @Test("Images and labels are found by their names; any other array beside the labels will do")
    func found() throws {
        let named = try read([
            ("labels.npy", labels([7, 3])), ("images.npy", images([2, 2, 3])), ("more.npy", images([2, 4])),
        ])
        #expect(named.shape == [2, 3] && named.labels == [7, 3] && named.values == (0..<12).map(Float.init))
        let other = try read([("pixels.npy", images([3, 4])), ("y.npy", labels([0, 1, 1]))])
        #expect(other.shape == [4] && other.labels == [0, 1, 1])
    }

    @Test("What does not fit together is refused with what is expected")
    func refused() throws {
        func error(_ members: [(String, [UInt8])]) -> DataError? { dataError { _ = try read(members) } }
        #expect(error([("images.npy", images([2, 3]))])?.expected.contains("labels") == true)
        #expect(
            error([("y.npy", labels([0, 1])), ("a.npy", images([2, 3])), ("b.npy", images([2, 3]))])?.kind == .malformed
        )
        #expect(error([("y.npy", labels([0, 1])), ("x.npy", images([3, 3]))])?.expected.contains("n labels") == true)
        let reals = NPYWriter.header("<f4", shape: [2]) + [UInt8](repeating: 0, count: 8)
        #expect(error([("y.npy", reals), ("x.npy", images([2, 3]))])?.expected.contains("whole numbers") == true)
    }
}
