import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Zoo file: what is written is read")
struct ZooRoundTripTests {
    @Test("every part comes back", arguments: [nil, 4])
    func roundTrip(compression: Int?) throws {
        try withFolder { (folder: String) throws in
            let zoo = fullZoo()
            try ZooWriter.write(zoo, to: "\(folder)/z.h5", compression: compression)
            let reader = try ZooReader(path: "\(folder)/z.h5")
            #expect(reader.hasChecksums && reader.count == 5 && reader.checkpoints == 2)
            expectSame(try reader.readAll(), zoo)
            for network in 0..<5 {
                #expect(try reader.trajectory(network: network) == zoo.trajectory?.select(rows: [network]))
            }
            #expect(reader.rows(in: .validation) == [1, 4])
        }
    }

    @Test("an architecture comes back with its layout")
    func architecture() throws {
        try withFolder { (folder: String) throws in
            let text = #"{"kind":"mlp","widths":[4,3,2],"activation":"relu"}"#
            let architecture = try JSONDecoder().decode(Architecture.self, from: Data(text.utf8))
            let zoo = Zoo(header: ZooHeader(architecture: architecture), weights: formulaRows(3, 23))
            try ZooWriter.write(zoo, to: "\(folder)/z.h5")
            let back = try ZooReader(path: "\(folder)/z.h5").readAll()
            #expect(back.header.architecture == architecture && back.weights == zoo.weights)
        }
    }

    @Test("two writes of one zoo are equal bytes, seconds apart", arguments: [nil, 6])
    func equalBytes(compression: Int?) throws {
        try withFolder { (folder: String) throws in
            try ZooWriter.write(fullZoo(), to: "\(folder)/a.h5", compression: compression)
            usleep(1_100_000)
            try ZooWriter.write(fullZoo(), to: "\(folder)/b.h5", compression: compression)
            #expect(try bytes("\(folder)/a.h5") == bytes("\(folder)/b.h5"))
        }
    }

    @Test("bytes do not depend on the division into blocks, across chunks")
    func streaming() throws {
        try withFolder { (folder: String) throws in
            // 40,003 weights a row: 6 networks a chunk, 20 networks in 4 chunks.
            let zoo = fullZoo(count: 20, rows: 10_000)
            try ZooWriter.write(zoo, to: "\(folder)/whole.h5")
            for size in [1, 7] {
                let writer = try ZooWriter(path: "\(folder)/parts.h5", header: zoo.header)
                for first in stride(from: 0, to: 20, by: size) {
                    try writer.append(zoo.select(rows: Array(first..<min(first + size, 20))))
                }
                #expect(writer.count == 20)
                try writer.finish()
                #expect(try bytes("\(folder)/parts.h5") == bytes("\(folder)/whole.h5"))
            }
            expectSame(try ZooReader(path: "\(folder)/parts.h5").readAll(), zoo)
        }
    }

    @Test("rows are read in the order asked for, repeated ones too")
    func rows() throws {
        try withFolder { (folder: String) throws in
            let zoo = fullZoo(count: 20, rows: 10_000)
            try ZooWriter.write(zoo, to: "\(folder)/z.h5")
            let reader = try ZooReader(path: "\(folder)/z.h5")
            let wanted = [19, 0, 7, 7, 8, 3]
            expectSame(try reader.read(rows: wanted), zoo.select(rows: wanted))
            expectSame(try reader.read(rows: 5..<14), zoo.select(rows: Array(5..<14)))
            #expect(try reader.read(rows: []).count == 0)
        }
    }

    @Test("blocks keep to their size and cover every network once")
    func blocks() throws {
        try withFolder { (folder: String) throws in
            let zoo = fullZoo(count: 20, rows: 10_000)
            try ZooWriter.write(zoo, to: "\(folder)/z.h5")
            let reader = try ZooReader(path: "\(folder)/z.h5")
            for most in [1, 500_000, 2_500_000, 1 << 30] {
                var (weights, next) = ([Float](), 0)
                try reader.forEachBlock(maximumBytes: most) { block, rows in
                    #expect(rows.lowerBound == next && block.count == rows.count)
                    #expect(block.count == 1 || block.weights.count * 4 + block.count * 8 <= most)
                    weights += block.weights
                    next = rows.upperBound
                }
                #expect(next == 20 && weights == zoo.weights)
            }
        }
    }

    @Test("an unfinished or failing writer leaves the folder as it was")
    func nothingHalfWritten() throws {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/z.h5"
            try ZooWriter.write(fullZoo(), to: path)
            let before = try bytes(path)
            do {
                let writer = try ZooWriter(path: path, header: fullZoo().header)
                try writer.append(fullZoo())
            }
            let empty = dataError { try ZooWriter(path: path, header: fullZoo().header).finish() }
            #expect(empty?.kind == .malformed)
            var weights = fullZoo().weights
            weights[11 + 9] = .infinity
            let wrong = Zoo(header: ZooHeader(layout: testLayout()), weights: weights)
            let error = dataError { try ZooWriter.write(wrong, to: path) }
            #expect(error?.found.contains("inf in network 1, slot b") == true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["z.h5"])
            #expect(try bytes(path) == before)
        }
    }

    @Test("a folder that is not there, a column name with a slash, a text with a zero are refused")
    func unwritable() throws {
        try withFolder { (folder: String) throws in
            let missing = dataError { try ZooWriter.write(fullZoo(), to: "\(folder)/none/z.h5") }
            #expect(missing?.kind == .inputOutput)
            for (name, text) in [("a/b", "x"), ("a/\u{301}", "x"), ("", "x"), ("ok", "x\0y")] {
                var columns = ZooColumns(count: 5)
                columns[name] = .text(Array(repeating: text, count: 5))
                let error = dataError { try ZooWriter.write(fullZoo().with(columns: columns), to: "\(folder)/z.h5") }
                #expect(error?.kind == .malformed)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test("header JSON has sorted keys and plain slashes")
    func json() throws {
        let text = try ZooHeader.text(fullZoo().header.dataset)
        #expect(
            text == #"{"name":"a/b","scale":[0.5,2],"sha256":"ff","shift":1,"#
                + #""split":{"test":[],"train":[0,2],"validation":[1]}}"#)
    }
}
