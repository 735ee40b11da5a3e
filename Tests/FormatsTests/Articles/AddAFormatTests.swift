import Basics
import Foundation
import ModelZoo
import Networks
import TestSupport
import Testing

@testable import Formats

// article
/// A text file with a network a line: its weights, in the layout's order, with blanks between them.
struct WeightLinesSource: ForeignSource {
    let path: String
    let format = ZooFormat.npy  // yours is a case of its own

    func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        let file = try RegularFile(path: path)
        let text = String(decoding: try file.read(0..<file.count), as: UTF8.self)
        for (number, line) in text.split(separator: "\n").enumerated() {
            let place = "\(path), line \(number + 1)"
            let weights = try line.split(separator: " ").map { word in
                guard let weight = Float(word) else {
                    throw DataError(
                        .malformed, path: place, expected: "weights", found: "\"\(String(word).printable())\"",
                        hint: "a line is one network, its weights with blanks between them")
                }
                return weight
            }
            let vector = ForeignTensor(
                name: "weights", shape: [weights.count], values: ForeignValues(floats: weights))
            var network = ForeignNetwork(tensors: [vector], facts: ["line": .integer(Int64(number + 1))], place: place)
            network.hasOwnNames = false
            try body(network)
        }
    }
}
// end

@Suite("The article on adding a format")
struct AddAFormatTests {
    @Test("every line is a network with its place")
    func reads() throws {
        let scratch = try ScratchFolder()
        try scratch.put("nets.txt", "1 2 3\n-0.5 0 1e-3\n")
        var networks: [ForeignNetwork] = []
        try WeightLinesSource(path: scratch.file("nets.txt").path).forEach { networks.append($0) }
        #expect(networks.map { $0.tensors[0].shape } == [[3], [3]])
        #expect(networks[1].facts["line"] == .integer(2) && networks[1].place.hasSuffix("nets.txt, line 2"))
    }

    @Test("a word that is no number is named with its line")
    func refuses() throws {
        let scratch = try ScratchFolder()
        try scratch.put("nets.txt", "1 2 3\n1 two 3\n")
        let error = try requireDataError {
            try WeightLinesSource(path: scratch.file("nets.txt").path).forEach { _ in }
        }
        #expect("\(error)".contains("line 2") && "\(error)".contains("\"two\""))
        #expect(throws: DataError.self) {
            try WeightLinesSource(path: scratch.file("none.txt").path).forEach { _ in }
        }
    }
}
