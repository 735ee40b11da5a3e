import Networks
import Tensors
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Zoo verification: what cannot be judged, and statistics that differ")
struct ZooVerifierLimitsTests {
    /// Writes a zoo and verifies it.
    private func verify(_ zoo: Zoo) throws -> ZooVerification {
        try withFolder { (folder: String) throws in
            try ZooWriter.write(zoo, to: "\(folder)/z.h5")
            return try ZooVerifier(catalog: VerificationZoo.catalog).verify(ZooReader(path: "\(folder)/z.h5"))
        }
    }

    private func accuracies(_ found: ZooVerification) throws -> ZooVerification.Check {
        try #require(found.checks.first { $0.kind == .accuracies })
    }

    /// A training accuracy for each of so many networks.
    private func recorded(_ count: Int) -> ZooColumns {
        var columns = ZooColumns(count: count)
        columns["train_accuracy"] = .real(Array(repeating: 0.5, count: count))
        return columns
    }

    @Test("Networks with batch norms whose running statistics are not recorded are not run")
    func withoutStatistics() throws {
        let architecture = Architecture.mlp(MLP.Config(widths: [64, 4, 10], norm: .batch))
        let weights = Initialization.pytorch.population(architecture.layout, seeds: [0, 1, 2]).floats
        let header = ZooHeader(architecture: architecture, dataset: VerificationZoo.dataset)
        let found = try verify(Zoo(header: header, weights: weights, columns: recorded(3)))
        #expect(try found.isGood && accuracies(found).state == .skipped)
        #expect(try accuracies(found).detail.contains("no /buffers"))
    }

    @Test("Networks of tokens are not run on data of which any part has other numbers")
    func strangeTokens() throws {
        try DatasetFolder.with { folder in
            let path = try folder.write("0,1,0\n2,7,1\n1,2,0\n0,2,1\n", to: "tokens.csv")
            let config = TokenEncoder.Config(vocabulary: 3, length: 2, depth: 1, width: 4, outputs: 2)
            let architecture = Architecture.encoder(config)
            let dataset = ZooDataset(name: path, split: .indices(train: [0, 1], validation: [], test: [2, 3]))
            let found = try verify(
                Zoo(
                    header: ZooHeader(architecture: architecture, dataset: dataset),
                    weights: Initialization.pytorch.population(architecture.layout, seeds: [0]).floats,
                    columns: recorded(1)))
            #expect(try accuracies(found).state == .skipped)
            #expect(try accuracies(found).detail.contains("whole numbers 0 to 2, found 7.0"))
        }
    }

    @Test("Where no network is sound nothing was recomputed, and no accuracy is called good")
    func noneSound() throws {
        try withFolder { (folder: String) throws in
            let width = Architecture.mlp(VerificationZoo.config).layout.count
            let file = try HDF5File.create("\(folder)/z.h5")
            try ZooHeader(architecture: .mlp(VerificationZoo.config), dataset: VerificationZoo.dataset).write(to: file)
            try file.write([Float](repeating: .nan, count: 2 * width), shape: [2, width], as: "/weights")
            try file.createGroup("/networks")
            try file.write([0.5, 0.5] as [Double], shape: [2], as: "/networks/test_accuracy")
            try file.close()
            let found = try ZooVerifier(catalog: VerificationZoo.catalog).verify(ZooReader(path: "\(folder)/z.h5"))
            #expect(found.bad == [0, 1] && found.good.isEmpty)
            #expect(try accuracies(found).state == .skipped)
            #expect(try accuracies(found).detail == "none were recomputed: no network is sound")
        }
    }

    @Test("Networks of equal weights and other running statistics are no duplicates")
    func statistics() throws {
        let layout = testLayout(buffers: true)
        let row = formulaRows(1, layout.count)
        let found = try verify(
            Zoo(header: ZooHeader(layout: layout), weights: row + row + row, buffers: [1, 2, 1, 3, 1, 2]))
        #expect(found.findings.map(\.network) == [2] && found.findings[0].detail == "equal to network 0")
    }

    @Test("Running statistics that are not those of the selected checkpoint")
    func selectedStatistics() throws {
        let layout = testLayout(buffers: true)
        var columns = ZooColumns(count: 2)
        columns["selected"] = .integer([0, 0])
        let (weights, buffers) = (formulaRows(2, layout.count), formulaRows(2, 2))
        let found = try verify(
            Zoo(
                header: ZooHeader(layout: layout), weights: weights, buffers: Array(buffers.dropLast()) + [9],
                columns: columns,
                trajectory: ZooTrajectory(checkpoints: 1, steps: [4, 4], weights: weights, buffers: buffers)))
        #expect(found.findings.map(\.network) == [1])
        #expect(found.findings.first?.detail == "the buffers are not those of the selected checkpoint 0")
    }

    @Test("Runs are told apart by the column that was asked for")
    func runColumn() throws {
        var options = ZooVerifier.Options()
        options.runColumn = "family"
        let found = try VerificationZoo.verify(options) { zoo in
            var columns = zoo.columns
            columns["family"] = .integer([1, 1, -1, 1, 2, 2, 2, -1])
            return zoo.changed(columns: columns)
        }
        #expect(found.findings.map(\.network) == [6])
        #expect(found.findings.first?.detail == "its run 2 is in another split (network 4)")
    }
}
