import Basics
import ModelZoo
import ShiftDetection
import TestSupport
import Testing

@testable import Laboratory

@Suite struct RawStudyEncodingTests {
    private static func column(_ values: [Float]) -> RawStudyRows {
        RawStudyRows(values: values, labels: Array(repeating: 0, count: values.count), width: 1)
    }

    private static func encoded(_ values: [Float], by known: [Float], arePixels: Bool = false)
        -> [Float]
    {
        RawStudyEncoding(fitting: column(known), arePixels: arePixels).rows(column(values), classes: 2)
            .features.floats
    }

    @Test func gapsBecomeTheMedianAndColumnsHaveMeanNoughtAndDeviationOne() {
        let root = Float(2).squareRoot()
        let own = Self.encoded([1, 3, .nan, 5], by: [1, 3, .nan, 5])
        for (value, expected) in zip(own, [-root, 0, 0, root]) { #expect(abs(value - expected) < 1e-6) }
        // Of four values the median lies half way between the middle ones: 2.5 of a mean of 4.
        let even = Self.encoded([.nan, 4], by: [1, 2, 3, 10])
        #expect(abs(even[0] + 1.5 / Float(12.5).squareRoot()) < 1e-6 && even[1] == 0)
    }

    @Test func nothingLiesFurtherThanSixDeviationsFromTheMean() {
        #expect(Self.encoded([1000, -1000, 3], by: [1, 3, 5]) == [6, -6, 0])
    }

    @Test func columnsThatDoNotVaryOrAreEmptySayNothing() {
        #expect(Self.encoded([7, 8, .nan], by: [7, 7, 7]) == [0, 0, 0])
        #expect(Self.encoded([7, .nan], by: [.nan, .nan, .nan]) == [0, 0])
        #expect(Self.encoded([7, .nan], by: []) == [0, 0])
    }

    @Test func columnsAreEncodedEachByItselfAndPixelsTogether() {
        let rows = RawStudyRows(values: [0, 10, 1, 10, 0, 30, 1, 30], labels: [0, 1, 0, 1], width: 2)
        let apart = RawStudyEncoding(fitting: rows, arePixels: false).rows(rows, classes: 2)
        #expect(apart.features.floats == [-1, -1, 1, -1, -1, 1, 1, 1] && apart.labels == rows.labels)
        let pixels = RawStudyRows(values: [0, 1, 0, 1], labels: [0, 1], width: 2)
        let together = RawStudyEncoding(fitting: pixels, arePixels: true).rows(pixels, classes: 2)
        // The dark corner does not vary and the bright one neither, and still they are -1 and 1.
        #expect(together.features.floats == [-1, 1, -1, 1] && together.features.shape.array == [2, 2])
    }

    @Test func rowsAreChosenInAnyOrderAndMoreThanOnce() {
        let rows = RawStudyRows(values: [1, 2, 3, 4, 5, 6], labels: [0, 1, 2], width: 2)
        let chosen = rows.selecting([2, 0, 2])
        #expect(
            chosen.values == [5, 6, 1, 2, 5, 6] && chosen.labels == [2, 0, 2] && chosen.count == 3)
        #expect(rows.selecting([]).count == 0)
    }
}

@Suite struct ShiftStudySourceTests {
    private static let catalog = DatasetCatalog(folders: [
        fixturesFolder.deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "Datasets"
        ).path
    ])

    private static func images(side: Int = 8, dataset: String = "digits", others: Int = 20)
        -> ShiftStudyData.Images
    {
        var images = ShiftStudyData.Images()
        (images.training, images.reference, images.others) = (40, 20, others)
        (images.corruptions, images.side, images.dataset) = ([], side, dataset)
        return images
    }

    @Test func aSmallerImageHasTheMeansOfTheLargeOnesBlocks() throws {
        func features(_ side: Int) throws -> [Float] {
            let source = try ShiftStudySource(.images(Self.images(side: side)), catalog: Self.catalog)
            return source.split(5).reference.features.floats
        }
        let (large, small) = (try features(8), try features(4))
        let blocks = small.indices.map { place -> Float in
            let (image, row, column) = (place / 16, place / 4 % 4, place % 4)
            let corner = image * 64 + row * 2 * 8 + column * 2
            return (large[corner] + large[corner + 1] + large[corner + 8] + large[corner + 9]) / 4
        }
        // Both have the mean 0 over T, so that they differ by one factor, that of the deviations.
        let factor =
            zip(small, blocks).reduce(0) { $0 + $1.0 * $1.1 } / blocks.reduce(0) { $0 + $1 * $1 }
        #expect(factor > 1)
        #expect(zip(small, blocks).allSatisfy { abs($0 - factor * $1) < 1e-3 })
    }

    @Test func whatDoesNotFitImagesIsToldWithWhatThereIs() throws {
        func refusal(_ images: ShiftStudyData.Images) throws -> DataError {
            try requireDataError { _ = try ShiftStudySource(.images(images), catalog: Self.catalog) }
        }
        let many = try refusal(Self.images(others: 60_000))
        #expect(many.path == "shift.data" && many.found == "60060" && many.kind == .configuration)
        #expect(
            try refusal(Self.images(side: 9)).expected == "square images of 9 pixels a side or more")
        #expect(try refusal(Self.images(dataset: "iris")).found.hasSuffix("in iris"))
    }

    /// Damaged rows, and the place of other frequencies, are the undamaged rows once more.
    @Test func undamagedRowsStandBesideThePlacesMadeOfThem() throws {
        var images = Self.images(others: 200)
        (images.corruptions, images.severities, images.frequent) = ([.occlusion, .noise], [0.01, 0.5], 3)
        let rows = try ShiftStudySource(.images(images), catalog: Self.catalog).split(5)
        #expect(
            rows.places.map(\.name) == ["occlusion 0.01", "occlusion 0.5", "noise 0.01", "noise 0.5", "classes"]
                && rows.places.map(\.severity) == images.damages.map(Optional.init) + [nil])
        let undamaged = try #require(rows.undamaged)
        // An occlusion of less than half a pixel is none.
        #expect(rows.places[0].rows.features.floats == undamaged.features.floats)
        #expect(rows.places[1].rows.features.floats != undamaged.features.floats)
        #expect(rows.places[..<4].allSatisfy { $0.rows.labels == undamaged.labels })
    }

    @Test func inThreeOfFourImagesIsAFrequentClassAndOthersAreFrequentInAnotherSplit() throws {
        var images = Self.images(others: 400)
        images.frequent = 3
        let source = try ShiftStudySource(.images(images), catalog: Self.catalog)
        let chosen = try ([5, 6, 7] as [UInt64]).map { seed -> [Int32] in
            let rows = source.split(seed)
            let labels = try #require(rows.places.last).rows.labels
            let counts = Dictionary(grouping: labels, by: { $0 }).mapValues(\.count)
            let frequent = counts.sorted { $0.value > $1.value }.prefix(3)
            let own = frequent.map(\.value).reduce(0, +)
            #expect(labels.count - own == own / 3 && own > 60)
            // All rows of a frequent class are there.
            let undamaged = try #require(rows.undamaged).labels
            for (label, count) in frequent { #expect(count == undamaged.count { $0 == label }) }
            return frequent.map(\.key).sorted()
        }
        #expect(Set(chosen).count > 1)
        images.frequent = 10
        let refusal = try requireDataError { _ = try ShiftStudySource(.images(images), catalog: Self.catalog) }
        #expect(refusal.path == "shift.data.frequent" && refusal.found == "10")
    }

    @Test func hospitalsHaveNoUndamagedRows() throws {
        let source = try ShiftStudySource(.sites(.init()), catalog: Self.catalog)
        #expect(source.split(0).undamaged == nil)
    }

    @Test(arguments: [1e-6, 1 - 1e-6])
    func aShareOfNearlyNothingLeavesOneRow(training: Double) throws {
        var sites = ShiftStudyData.Sites()
        (sites.places, sites.training) = (["uci-heart-va"], training)
        let rows = try ShiftStudySource(.sites(sites), catalog: Self.catalog).split(0)
        #expect(min(rows.training.count, rows.reference.count) == 1)
        #expect(rows.training.count + rows.reference.count == 303)
        #expect(rows.places.map(\.name) == ["uci-heart-va"] && rows.places[0].rows.features.isFinite)
    }

    @Test func aDecisionThatLearnsFromEverySampleIsRefused() throws {
        var section = ShiftStudyConfig.Section()
        #expect(section.problems().isEmpty)
        section.method = try #require(Described(kind: "detectron"))
        let problem = try #require(section.problems().first)
        #expect(
            problem.path == "method.kind" && problem.found == "detectron"
                && problem.hint.contains("beside"))
        var config = ShiftStudyConfig()
        config.shift = section
        #expect(config.problems().map(\.path) == ["shift.method.kind"])
    }
}
