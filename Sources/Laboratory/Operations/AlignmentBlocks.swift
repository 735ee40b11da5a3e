import Basics
import Foundation
import ModelZoo
import Networks
import Ranks
import Tensors

/// The networks of a zoo file as work that any rank can do: how a network is aligned depends on it and the reference
/// alone.
///
/// What goes to rank 0 is each network's symmetry, a few numbers a unit: rank 0, which writes, reads the network and moves
/// it.
struct AlignmentBlocks: RankWork {
    struct Description: Codable {
        let zoo: URL
        let reference, sweeps: Int
    }

    /// Networks that were aligned side by side, and how they compare on inputs before and after.
    struct Block: Codable {
        let matches: [AlignmentMatch]
        /// Largest difference of any logit, and the largest of them.
        let difference, largest: Double
        /// The networks; nil where they were aligned elsewhere.
        var aligned: Zoo?

        private enum CodingKeys: String, CodingKey { case matches, difference, largest }
    }

    static let name = "aligning networks"
    let description: Description
    let reader: ZooReader
    /// The account of an alignment to the reference, with nothing in it.
    let pass: AlignmentPass
    private let path: String
    private let network: any Network
    private let inputs: Tensor

    /// Prepares to align the networks of a zoo file, which messages call `path`. Throws `DataError`.
    init(_ description: Description, path: String) throws {
        (self.description, self.path) = (description, path)
        reader = try ZooReader(path: path)
        let reference = description.reference
        guard (0..<reader.count).contains(reference) else {
            throw DataError(
                .configuration, path: "--reference", expected: "a row from 0 to \(reader.count - 1)",
                found: "\(reference)")
        }
        guard let architecture = reader.header.architecture else {
            throw DataError(
                .malformed, path: path, expected: "an architecture, whose symmetries are known", found: "only a layout")
        }
        network = architecture.network
        pass = try AlignmentPass(
            reference: reference, row: try reader.read(rows: [reference]).weights, layout: reader.header.layout,
            sweeps: description.sweeps)
        var stream = RandomStream(seed: 0, purpose: "align.check")
        inputs = architecture.input.samples(100, &stream)
    }

    init(_ description: Description) throws { try self.init(description, path: description.zoo.path) }

    /// Networks of an item, whole blocks: one block for a process alone, so that few are held at a time, and otherwise so
    /// many that an item takes longer than handing it out.
    func chunk(over ranks: Ranks, weights: Int) -> Int {
        let size = AlignmentPass.blockCount
        return ranks.areSeveral ? size * max(1, weights / (size * reader.header.layout.count)) : size
    }

    func item(_ range: Range<Int>, report: (_ units: Int) throws -> Void) throws -> [Block] {
        try Self.blocks(range).map { rows in
            let networks = try networks(rows)
            let (aligned, matches) = try pass.aligned(networks, startingAt: rows.lowerBound, path: path)
            let check = Aligner.largestLogitDifference(network, before: networks, after: aligned, inputs: inputs)
            try report(rows.upperBound - range.lowerBound)
            return Block(matches: matches, difference: check.difference, largest: check.largest, aligned: aligned)
        }
    }

    /// The aligned networks of an item, a block at a time, whoever did it.
    func forEachBlock(_ range: Range<Int>, _ blocks: [Block], _ body: (Block, Zoo) throws -> Void) throws {
        for (rows, block) in zip(Self.blocks(range), blocks) {
            try body(block, block.aligned ?? networks(rows).moved(by: block.matches.map(\.element)))
        }
    }

    private func networks(_ rows: Range<Int>) throws -> Zoo {
        let networks = try reader.readWhole(rows: rows)
        try networks.checkBuffers(path: path)
        return networks
    }

    private static func blocks(_ range: Range<Int>) -> [Range<Int>] {
        stride(from: range.lowerBound, to: range.upperBound, by: AlignmentPass.blockCount).map {
            $0..<min(range.upperBound, $0 + AlignmentPass.blockCount)
        }
    }
}

extension AlignmentBlocks {
    private static let (infinite, negative, none) = ("inf", "-inf", "nan")

    /// JSON in which logits may be infinite.
    static func bytes(_ blocks: [Block]) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: infinite, negativeInfinity: negative, nan: none)
        return try Array(encoder.encode(blocks))
    }

    static func outcome(_ bytes: [UInt8]) throws -> [Block] {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: infinite, negativeInfinity: negative, nan: none)
        return try decoder.decode([Block].self, from: Data(bytes))
    }
}
