import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Generation

@Suite("Encoding and decoding undo each other")
struct CoordinatesInverseTests {
    private static let layout = MLP(MLP.Config(widths: [3, 4, 2])).layout
    private static var fitting: CoordinatesFitting {
        CoordinatesFitting(layout: layout, path: "zoo.safetensors", seed: 1)
    }
    private static let rows = population(12)

    private static func population(_ count: Int, seed: UInt64 = 1) -> Tensor {
        let scales = normalDoubles([1, layout.count], seed: 7).abs() + 0.2
        let rows =
            normalDoubles([count, layout.count], seed: seed) * scales + normalDoubles([1, layout.count], seed: 8)
        return rows.converted(to: .single)
    }

    private static func principal(_ components: Int, standardize: Bool = false) -> PrincipalCoordinates.Config {
        var config = PrincipalCoordinates.Config()
        (config.components, config.standardize) = (components, standardize)
        return config
    }

    /// All kinds that lose nothing among twelve networks.
    private static let lossless: [any CoordinatesConfig] = [
        RawCoordinates.Config(), OrbitStandardizedCoordinates.Config(), SlotStandardizedCoordinates.Config(),
        principal(11), principal(11, standardize: true),
    ]

    private static func fitted(_ config: any CoordinatesConfig) throws -> any StoredCoordinates {
        try config.fit(rows, validation: nil, fitting)
    }

    @Test("training networks come back, and so do codes", arguments: lossless.indices)
    func inverse(_ index: Int) throws {
        let config = Self.lossless[index]
        let coordinates = try Self.fitted(config)
        #expect(relativeDifference(coordinates.decode(coordinates.encode(Self.rows)), Self.rows) < 1e-5)
        let codes = normalDoubles([5, coordinates.dimension], seed: 3).converted(to: .single)
        #expect(relativeDifference(coordinates.encode(coordinates.decode(codes)), codes) < 1e-4)
        #expect(!config.isLossy(among: 12) && coordinates.parameterCount == Self.layout.count)
    }

    @Test("what was recorded makes the same coordinates again", arguments: lossless.indices)
    func recorded(_ index: Int) throws {
        let coordinates = try Self.fitted(Self.lossless[index])
        let read = try Self.lossless[index].read(coordinates.tensors, Self.fitting)
        let fresh = Self.population(3, seed: 5)
        #expect(read.encode(fresh).bits == coordinates.encode(fresh).bits)
        #expect(read.tensors.map(\.name) == coordinates.tensors.map(\.name))
    }

    @Test("all of them are affine: the middle of two codes is the code of the middle", arguments: lossless.indices)
    func affine(_ index: Int) throws {
        let coordinates = try Self.fitted(Self.lossless[index])
        let (a, b) = (Self.population(4, seed: 5), Self.population(4, seed: 6))
        let (left, right) = (coordinates.encode(a), coordinates.encode(b))
        #expect(relativeDifference(coordinates.encode((a + b) / 2), (left + right) / 2) < 1e-5)
        let decoded = coordinates.decode(left) + coordinates.decode(right)
        #expect(relativeDifference(coordinates.decode((left + right) / 2) * 2, decoded) < 1e-5)
    }

    @Test("standardised codes have mean 0 and root mean square 1 over the training networks")
    func standardized() throws {
        for config in Self.lossless {
            let codes = try Self.fitted(config).encode(Self.rows).doubles
            let mean = codes.reduce(0, +) / Double(codes.count)
            let square = codes.reduce(0) { $0 + $1 * $1 } / Double(codes.count)
            #expect((abs(mean) < 1e-4 && abs(square - 1) < 1e-3) == config.isStandardized, "\(config.shortName)")
        }
    }

    @Test("projecting twice is projecting once, where components are too few")
    func lossy() throws {
        let config = Self.principal(3)
        let coordinates = try Self.fitted(config)
        let once = coordinates.decode(coordinates.encode(Self.rows))
        #expect(relativeDifference(coordinates.decode(coordinates.encode(once)), once) < 1e-5)
        #expect(relativeDifference(once, Self.rows) > 0.01)
        #expect(config.isLossy(among: 12) && config.isLossy(among: 5) && !config.isLossy(among: 4))
    }

    @Test("names for tables, and whose weights are in their places")
    func names() {
        #expect(
            Self.lossless.map(\.shortName) == [
                "raw", "weights, standardised by orbit", "weights, standardised by slot", "PCA-11",
                "PCA-11 standardised",
            ])
        #expect(Self.lossless.map(\.keepsPlaces) == [true, true, true, false, false])
        #expect(Self.lossless.allSatisfy { $0.autoencoderTraining == nil })
    }

    @Test("one repeated network, numbers that are not finite: the message names the file")
    func refused() {
        let same = Tensor.full([4, Self.layout.count], 0.5)
        let repeated = #expect(throws: DataError.self) {
            try Self.principal(3).fit(same, validation: nil, Self.fitting)
        }
        #expect(
            repeated?.description
                == "zoo.safetensors: expected training networks that differ, found no variance at all "
                + "(one repeated network has no principal components; coordinates: {kind: raw} has codes)")
        let others: [any CoordinatesConfig] = [
            OrbitStandardizedCoordinates.Config(), SlotStandardizedCoordinates.Config(),
        ]
        for config in others {
            let broken = #expect(throws: DataError.self) {
                try config.fit(same * Double.nan, validation: nil, Self.fitting)
            }
            #expect(
                broken?.description == "zoo.safetensors: the training networks, or codes of them, are not finite")
        }
    }

    @Test("parts of a record that do not take each other's codes are refused")
    func chain() {
        let parts: [any StoredCoordinates] = [RawCoordinates(parameterCount: 4), RawCoordinates(parameterCount: 3)]
        let error = #expect(throws: DataError.self) { try Self.fitting.chained(parts) }
        #expect(
            error?.description == "zoo.safetensors: expected parts that take each other's codes, found 4 to 4, 3 to 3")
    }
}
