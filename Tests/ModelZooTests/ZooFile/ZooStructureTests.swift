import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite("Zoo file: datasets that do not fit")
struct ZooStructureTests {
    /// Opens a file of 3 networks of `testLayout(buffers: true)` whose other datasets `body` writes.
    private func open(weights: Bool = true, _ body: (borrowing HDF5File) throws -> Void) throws -> ZooReader {
        try withFolder { (folder: String) throws in
            let file = try HDF5File.create("\(folder)/z.h5")
            try ZooHeader(layout: testLayout(buffers: true)).write(to: file)
            if weights { try file.write(formulaRows(3, 11), shape: [3, 11], as: "/weights") }
            try file.createGroup("/networks")
            try body(file)
            try file.close()
            let reader = try ZooReader(path: "\(folder)/z.h5")
            _ = try reader.readAll()
            return reader
        }
    }

    private func refusal(weights: Bool = true, _ body: (borrowing HDF5File) throws -> Void) -> DataError? {
        dataError { _ = try open(weights: weights, body) }
    }

    private func floats(_ count: Int) -> [Float] { Array(repeating: 1, count: count) }
    private func integers(_ count: Int) -> [Int64] { Array(repeating: 1, count: count) }

    @Test("weights: missing, of integers, of one axis, of no network")
    func weights() {
        let errors = [
            refusal(weights: false) { _ in },
            refusal(weights: false) { try $0.write(integers(33), shape: [3, 11], as: "/weights") },
            refusal(weights: false) { try $0.write(floats(33), shape: [33], as: "/weights") },
            refusal(weights: false) { try $0.write(floats(0), shape: [0, 11], as: "/weights") },
            refusal(weights: false) { try $0.createGroup("/weights") },
        ]
        for (index, error) in errors.enumerated() {
            #expect(error?.kind == .malformed && error?.description.contains("/weights") == true, "case \(index)")
        }
    }

    @Test("buffers, checksums and trajectories of other extents or types")
    func others() {
        let errors = [
            refusal { try $0.write(floats(9), shape: [3, 3], as: "/buffers") },
            refusal { try $0.write(floats(4), shape: [2, 2], as: "/buffers") },
            refusal { try $0.write(integers(6), shape: [3, 2], as: "/buffers") },
            refusal { try $0.write(floats(96), shape: [3, 32], as: "/checksums") },
            refusal { try $0.write([UInt8](repeating: 0, count: 93), shape: [3, 31], as: "/checksums") },
            refusal { try $0.write(floats(60), shape: [3, 2, 10], as: "/trajectory") },
            refusal { try $0.write(floats(33), shape: [3, 11], as: "/trajectory") },
            refusal {
                try $0.write(floats(66), shape: [3, 2, 11], as: "/trajectory")
                try $0.write(integers(9), shape: [3, 3], as: "/trajectory_steps")
            },
            refusal {
                try $0.write(floats(66), shape: [3, 2, 11], as: "/trajectory")
                try $0.write(floats(18), shape: [3, 2, 3], as: "/trajectory_buffers")
            },
        ]
        for (index, error) in errors.enumerated() {
            #expect(error?.kind == .malformed && error?.expected.contains("[3, ") == true, "case \(index)")
        }
    }

    @Test("columns whose values cannot be")
    func columns() {
        let split = refusal { try $0.write([0, 3, 1] as [Int64], shape: [3], as: "/networks/split") }
        #expect(split?.path.hasSuffix("/networks/split") == true)
        let fraction = refusal { try $0.write([0, 0.5, 1] as [Double], shape: [3], as: "/networks/split") }
        #expect(fraction?.description.contains("0.5 for network 1") == true, "\(String(describing: fraction))")
        let word = refusal { try $0.write(text: ["train", "exam", "test"], as: "/networks/split") }
        #expect(word?.description.contains("the text 'exam' for network 1") == true, "\(String(describing: word))")
        #expect(refusal { try $0.write(floats(6), shape: [3, 2], as: "/networks/x") } != nil)
        let selected = refusal {
            try $0.write(floats(66), shape: [3, 2, 11], as: "/trajectory")
            try $0.write([0, 1, 2] as [Int64], shape: [3], as: "/networks/selected")
        }
        #expect(selected?.found == "2.0 for network 2")
    }

    @Test("a split in words or in other numbers is read as its codes")
    func splits() throws {
        let words = try open { try $0.write(text: ["train", "Val", "test"], as: "/networks/split") }
        #expect(words.columns["split"] == .integer([0, 1, 2]) && words.rows(in: .test) == [2])
        let digits = try open { try $0.write(text: ["0", "", "2"], as: "/networks/split") }
        #expect(digits.columns["split"] == .integer([0, -1, 2]))
        let real = try open { try $0.write([0, 2, .nan] as [Double], shape: [3], as: "/networks/split") }
        #expect(real.columns["split"] == .integer([0, 2, -1]) && real.rows(in: .train) == [0])
    }

    @Test("what is optional may be missing, and unknown objects are passed over")
    func optional() throws {
        let reader = try open { file in
            try file.write([-1, 0, 2] as [Int64], shape: [3], as: "/networks/split")
            try file.createGroup("/networks/extra")
            try file.write(floats(66), shape: [3, 2, 11], as: "/trajectory")
            try file.write(floats(5), shape: [5], as: "/notes")
        }
        #expect(try reader.readAll().buffers == nil && !reader.hasChecksums)
        #expect(reader.rows(in: .train) == [1] && reader.rows(in: .test) == [2])
        #expect(try reader.trajectory(network: 1)?.steps == [1, 2])
        #expect(reader.columns.names == ["split"])
    }

    @Test("a checkpoint that is not finite is named, an absent one may be anything")
    func trajectory() throws {
        func checkpoints(_ step: Int64) throws -> ZooTrajectory? {
            try withFolder { (folder: String) throws in
                var values = floats(66)
                values[11 + 9] = .nan
                let file = try HDF5File.create("\(folder)/z.h5")
                try ZooHeader(layout: testLayout()).write(to: file)
                try file.write(floats(33), shape: [3, 11], as: "/weights")
                try file.write(values, shape: [3, 2, 11], as: "/trajectory")
                try file.write([0, step, 0, 1, 0, 1] as [Int64], shape: [3, 2], as: "/trajectory_steps")
                try file.close()
                return try ZooReader(path: "\(folder)/z.h5").trajectory(network: 0)
            }
        }
        #expect(try checkpoints(-1)?.steps == [0, -1])
        let error = dataError { _ = try checkpoints(5) }
        #expect(error?.found == "nan in network 0, slot b of checkpoint 1")
    }

    @Test("a present checkpoint that is not finite is not written")
    func unwritable() throws {
        for (step, isRefused) in [(Int64(3), true), (-1, false)] {
            var values = floats(22)
            values[12] = .infinity
            let zoo = Zoo(
                header: ZooHeader(layout: testLayout()), weights: floats(11),
                trajectory: ZooTrajectory(checkpoints: 2, steps: [0, step], weights: values))
            try withFolder { (folder: String) throws in
                let error = dataError { try ZooWriter.write(zoo, to: "\(folder)/z.h5") }
                #expect((error != nil) == isRefused)
                #expect(error?.found.hasPrefix("inf in network 0, slot w") ?? true)
            }
        }
    }
}
