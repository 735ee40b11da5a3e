import Basics
import Foundation
import Generation
import ModelZoo
import Networks
import Ranks
import Tensors

/// The samples of a generator as work that any rank can do: sample i depends on the generator, the seed and i alone.
struct SampleBlocks: RankWork {
    /// Where another rank finds the generator: the folder of its run, and what is asked of it.
    struct Origin: Codable {
        let run: URL
        let asked: AskedCondition
        let places: DatasetCatalog.Places

        init(run: URL, asked: AskedCondition = AskedCondition(), catalog: DatasetCatalog) {
            (self.run, self.asked, places) = (run, asked, catalog.places)
        }
    }

    struct Description: Codable {
        /// Nil for samples that this process draws alone.
        let origin: Origin?
        let seed: UInt64
    }

    /// The processes that draw, and where those other than this one find the generator.
    struct Spread {
        let ranks: Ranks
        let origin: Origin
    }

    /// Codes [count, K] and weights [count, D] of consecutive samples.
    struct Samples {
        let codes, weights: Tensor
        /// Evaluations of the net, where they depend on the samples.
        let evaluations: Int
    }

    static let name = "generating networks"
    let description: Description
    private let generator: Generator
    private let counter: CountingNet.Counter?

    init(_ generator: Generator, _ description: Description) {
        counter = generator.sampler.evaluations == nil ? CountingNet.Counter() : nil
        self.generator = counter.map(generator.counting) ?? generator
        self.description = description
    }

    init(_ description: Description) throws {
        guard let origin = description.origin else {
            preconditionFailure("SampleBlocks: nobody says of which generator")
        }
        let made = try AskedGenerator(run: origin.run, asked: origin.asked, catalog: DatasetCatalog(origin.places))
        self.init(made.generator, description)
    }

    /// Whether evaluations are counted.
    var counts: Bool { counter != nil }

    func item(_ range: Range<Int>, report: (_ units: Int) throws -> Void) throws -> Samples {
        let before = counter?.value ?? 0
        let (codes, weights) = try generator.sample(range, seed: description.seed, progress: report)
        return Samples(codes: codes, weights: weights, evaluations: (counter?.value ?? 0) - before)
    }

    static func bytes(_ samples: Samples) throws -> [UInt8] {
        let tensors = [NamedTensor("codes", samples.codes), NamedTensor("weights", samples.weights)]
        return try Array(TensorRecord([samples.evaluations], tensors).data)
    }

    static func outcome(_ bytes: [UInt8]) throws -> Samples {
        let record = try TensorRecord<[Int]>(Data(bytes), path: name)
        guard record.tensors.count == 2, let evaluations = record.description.first else {
            throw DataError(.inputOutput, path: name, expected: "codes and weights", found: "other tensors")
        }
        return Samples(
            codes: record.tensors[0].value, weights: record.tensors[1].value, evaluations: evaluations)
    }
}
