import Basics
import Networks
import Tensors
import TestSupport
import Testing

@testable import ModelZoo

@Suite("The article on bringing one's own zoo")
struct BringYourOwnZooTests {
    @Test("a zoo written from Swift is read with its columns, and a second write has the same bytes")
    func written() throws {
        let scratch = try ScratchFolder()
        let path = scratch.file("mine.h5").path
        // article
        // Ten networks 2-8-2 as rows [N, D]; here untrained ones.
        let architecture = Architecture.mlp(MLP.Config(widths: [2, 8, 2]))
        let weights = Initialization.pytorch.population(architecture.layout, seeds: Array(0..<10))

        var columns = ZooColumns(count: 10)
        columns["split"] = .integer([0, 0, 0, 0, 0, 0, 1, 1, 2, 2])  // training, validation, fresh
        columns["test_accuracy"] = .real((0..<10).map { 0.5 + Double($0) / 100 })

        let zoo = Zoo(header: ZooHeader(architecture: architecture), weights: weights.floats, columns: columns)
        try ZooWriter.write(zoo, to: path)
        // end
        // article
        let reader = try ZooReader(path: path)  // walked, and every checksum verified
        for row in reader.rows(in: .test) { print(row, reader.columns["test_accuracy"]?.numbers?[row] ?? .nan) }
        // end
        #expect(reader.rows(in: .test) == [8, 9] && reader.count == 10)
        #expect(reader.hasChecksums)
        try ZooWriter.write(zoo, to: scratch.file("again.h5").path)
        let (one, other) = (try RegularFile(path: path), try RegularFile(path: scratch.file("again.h5").path))
        #expect(try one.read(0..<one.count) == other.read(0..<other.count))
    }
}
