import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Zoo verification")
struct ZooVerifierTests {
    private func check(_ found: ZooVerification, _ kind: ZooVerification.Kind) throws -> ZooVerification.Check {
        try #require(found.checks.first { $0.kind == kind })
    }

    @Test("A sound zoo passes every check, in blocks of any size", arguments: [1, 5000, 1 << 20])
    func sound(maximumBytes: Int) throws {
        let found = try VerificationZoo.verify(maximumBytes: maximumBytes)
        #expect(found.isGood && found.count == 8 && found.bad.isEmpty && found.good == Array(0..<8))
        #expect(found.checks.map(\.kind) == ZooVerification.Kind.allCases)
        #expect(found.checks.allSatisfy { $0.state == .good }, "\(found.checks)")
        #expect(try check(found, .accuracies).detail.contains("largest difference 0"))
    }

    @Test("Accuracies of test and validation rows are recomputed by any plain name; others are named")
    func otherNames() throws {
        func renamed(_ zoo: Zoo, _ change: (inout ZooColumns) -> Void) -> Zoo {
            var columns = ZooColumns(count: zoo.count)
            change(&columns)
            return zoo.with(columns: columns)
        }
        let own = try VerificationZoo.zoo.get().columns
        let right = try VerificationZoo.verify { zoo in
            renamed(zoo) { ($0["test_acc"], $0["val_top1"]) = (own["test_accuracy"], own["validation_accuracy"]) }
        }
        let detail = try check(right, .accuracies).detail
        #expect(right.isGood && detail.contains("test_acc, val_top1"), "\(detail)")
        let wrong = try VerificationZoo.verify { zoo in
            renamed(zoo) { $0["test_acc"] = .real(Array(repeating: 0.97, count: 8)) }
        }
        #expect(wrong.bad.count == 8 && wrong.findings[0].detail.contains("test_acc 0.97 is recorded"))
        let unsaid = try VerificationZoo.verify { zoo in
            renamed(zoo) { ($0["acc"], $0["best_val_acc"]) = (own["test_accuracy"], own["test_accuracy"]) }
        }
        let skipped = try check(unsaid, .accuracies)
        #expect(skipped.state == .skipped && skipped.detail.contains("acc, best_val_acc do not say"), "\(skipped)")
    }

    @Test("A slot far above the population's median names the network, by factor or by bound")
    func magnitudes() throws {
        func scaled(_ zoo: Zoo) -> Zoo {
            var weights = zoo.weights
            let bias = zoo.layout.slots[1]
            for index in bias.range { weights[3 * zoo.layout.count + index] *= 50 }
            return zoo.withoutTrajectory(weights: weights)
        }
        let found = try VerificationZoo.verify { scaled($0) }
        #expect(found.bad == [3] && !found.isDamaged)
        #expect(try check(found, .magnitudes).networks == [3])
        #expect(found.findings[0].detail.contains("layers.0.bias") && found.findings[0].detail.contains("times"))
        var options = ZooVerifier.Options()
        options.magnitudeFactor = 1000
        #expect(try VerificationZoo.verify(options) { scaled($0) }.isGood)
        options.bound = 1
        #expect(try VerificationZoo.verify(options) { scaled($0) }.findings.map(\.network) == [3])
        options.bound = 1e-6
        #expect(try VerificationZoo.verify(options) { scaled($0) }.bad.count == 8)
    }

    @Test("The median of odd, even and no numbers; a slot of zeros has no yardstick")
    func medians() throws {
        #expect(MagnitudeCheck.median([3, 1, 2]) == 2 && MagnitudeCheck.median([4, 1, 2, 3]) == 2.5)
        #expect(MagnitudeCheck.median([]) == 0)
        let found = try VerificationZoo.verify { zoo in
            var weights = zoo.weights
            let bias = zoo.layout.slots[1]
            for row in 0..<zoo.count { for index in bias.range { weights[row * zoo.layout.count + index] = 0 } }
            weights[bias.offset] = 1
            return zoo.withoutTrajectory(weights: weights)
        }
        #expect(found.isGood)
    }

    @Test("Equal networks: the later one is named, and a leak between splits is said")
    func duplicates() throws {
        let found = try VerificationZoo.verify { zoo in
            var rows = Array(0..<8)
            rows[1] = 0
            rows[6] = 0
            return zoo.withoutTrajectory(weights: rows.flatMap { zoo.row($0) })
        }
        #expect(found.findings.map(\.network) == [1, 6] && found.findings.allSatisfy { $0.kind == .duplicates })
        #expect(found.findings[0].detail == "equal to network 0")
        #expect(found.findings[1].detail == "equal to network 0, which is in another split (train)")
    }

    @Test(
        "Steps that fall, repeat or have gaps; a selected checkpoint that is absent or another",
        arguments: [
            ([20, 10], "after step 20"), ([10, 10], "after step 10"), ([-1, 20], "checkpoint 0 is absent"),
            ([-1, -1], "no checkpoint at all"), ([10, -1], "selected checkpoint 1 is absent"),
        ] as [([Int64], String)])
    func steps(_ steps: [Int64], _ says: String) throws {
        let found = try VerificationZoo.verify { zoo in
            var all = zoo.trajectory?.steps ?? []
            all.replaceSubrange(4..<6, with: steps)
            return zoo.changed(steps: all)
        }
        #expect(found.bad == [2] && found.findings[0].detail.contains(says), "\(found.findings)")
    }

    @Test("Weights that are not those of the selected checkpoint")
    func selection() throws {
        let found = try VerificationZoo.verify { zoo in
            var columns = zoo.columns
            columns["selected"] = .integer([1, 1, 1, 1, 1, 0, -1, 1])
            return zoo.changed(columns: columns)
        }
        #expect(found.findings.map(\.network) == [5] && found.findings[0].kind == .trajectories)
        #expect(found.findings[0].detail.contains("not those of the selected checkpoint 0"))
    }

    @Test("A run in two splits; without runs every network stands for itself")
    func splits() throws {
        let found = try VerificationZoo.verify { zoo in
            var columns = zoo.columns
            columns["split"] = .integer([0, 2, 0, 0, 1, 1, 2, 2])
            return zoo.changed(columns: columns)
        }
        #expect(found.bad == [1] && found.findings[0].kind == .splits && found.findings[0].detail.contains("run a"))
        let alone = try VerificationZoo.verify { zoo in
            var columns = zoo.columns
            columns["split"] = .integer([0, 2, 0, 0, 1, 1, 2, -1])
            columns["run"] = nil
            return zoo.changed(columns: columns)
        }
        #expect(try alone.isGood && check(alone, .splits).detail.contains("1 in none"))
        let none = try VerificationZoo.verify { zoo in
            var columns = zoo.columns
            columns["split"] = nil
            return zoo.changed(columns: columns)
        }
        #expect(try check(none, .splits).state == .skipped)
    }

    @Test("Recorded accuracies that are not reached, within the tolerance or beyond")
    func accuracies() throws {
        func moved(_ zoo: Zoo) throws -> Zoo {
            var columns = zoo.columns
            var values = try #require(columns.numbers("test_accuracy"))
            values[7] += 0.02
            values[0] = .nan
            columns["test_accuracy"] = .real(values)
            return zoo.changed(columns: columns)
        }
        let found = try VerificationZoo.verify { try moved($0) }
        #expect(found.findings.map(\.network) == [7] && found.findings[0].detail.hasPrefix("test_accuracy"))
        var options = ZooVerifier.Options()
        options.tolerance = 0.03
        #expect(try VerificationZoo.verify(options) { try moved($0) }.isGood)
    }

    @Test("Why accuracies are not recomputed is said; a data set that was asked for must be there")
    func unavailable() throws {
        let nowhere = DatasetCatalog(folders: [])
        let found = try VerificationZoo.verify(catalog: nowhere)
        let accuracies = try check(found, .accuracies)
        #expect(found.isGood && accuracies.state == .skipped && accuracies.detail.contains("digits"))
        let error = dataError { _ = try VerificationZoo.verify(dataset: "no-such-data") }
        #expect(error?.kind == .missing)
        let unnamed = try VerificationZoo.verify { zoo in
            Zoo(
                header: ZooHeader(architecture: .mlp(VerificationZoo.config)), weights: zoo.weights,
                columns: zoo.columns, trajectory: zoo.trajectory)
        }
        #expect(try check(unnamed, .accuracies).detail.contains("no data set"))
        let undivided = try VerificationZoo.verify { zoo in
            zoo.with(dataset: ZooDataset(name: "digits", scale: [0.0625]))
        }
        #expect(try check(undivided, .accuracies).detail.contains("which rows"))
        let layoutOnly = try VerificationZoo.verify { zoo in
            Zoo(header: ZooHeader(layout: zoo.layout), weights: zoo.weights, columns: zoo.columns)
        }
        #expect(try check(layoutOnly, .layout).state == .skipped && check(layoutOnly, .accuracies).state == .skipped)
        #expect(try check(layoutOnly, .trajectories).state == .skipped)
    }

    @Test("A changed byte cannot be read; NaN is a finding; a file without checksums says so")
    func bytes() throws {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/z.h5"
            let zoo = try VerificationZoo.zoo.get()
            try ZooWriter.write(zoo.withoutTrajectory(weights: zoo.weights), to: path)
            var data = try ZooTestSupport.bytes(path)
            let place = try #require(data.range(of: zoo.row(5).withUnsafeBytes { Data($0) }))
            data[place.lowerBound + 2] ^= 1
            // HDF5's own checksum of the chunk already refuses the read.
            try data.write(to: URL(fileURLWithPath: path))
            let error = dataError { _ = try ZooVerifier(catalog: .init(folders: [])).verify(ZooReader(path: path)) }
            #expect(error?.kind == .malformed)
        }
        let found = try ZooVerifier(catalog: .init(folders: [])).verify(ZooReader(path: zooFixture("bad-nan.h5")))
        #expect(found.bad == [3] && !found.isDamaged && found.findings[0].kind == .finite)
        #expect(try check(found, .checksums).state == .skipped)
    }

    @Test("A checksum that does not fit its network is damage")
    func damage() throws {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/z.h5"
            let file = try HDF5File.create(path)
            let layout = testLayout()
            try ZooHeader(layout: layout).write(to: file)
            let rows = formulaRows(4, layout.count)
            var digests = ZooChecksum.digests(weights: rows, buffers: nil, count: 4)
            digests[2 * SHA256.byteCount] ^= 1
            try file.write(rows, shape: [4, layout.count], as: "/weights")
            try file.write(digests, shape: [4, SHA256.byteCount], as: "/checksums")
            try file.close()
            let found = try ZooVerifier(catalog: .init(folders: [])).verify(ZooReader(path: path))
            #expect(found.isDamaged && found.bad == [2] && found.good == [0, 1, 3])
            #expect(try JSONDecoder().decode(ZooVerification.self, from: JSONEncoder().encode(found)) == found)
        }
    }
}
