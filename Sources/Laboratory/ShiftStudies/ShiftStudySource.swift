import Basics
import ModelZoo
import ShiftDetection
import Tensors

/// The data sets of a study, read once, and how each split is cut from them.
struct ShiftStudySource {
    private let data: ShiftStudyData
    private let own: RawStudyRows
    private let others: [(name: String, rows: RawStudyRows)]
    private let classes: Int

    /// Reads them. Throws `DataError` where one is missing, or of other features or classes.
    init(_ data: ShiftStudyData, catalog: DatasetCatalog) throws {
        self.data = data
        let (reference, places, side): (String, [String], Int?) =
            switch data {
            case .sites(let sites): (sites.reference, sites.places, nil)
            case .images(let images): (images.dataset, images.places, images.side)
            }
        let loaded = try catalog.load(reference)
        let own = try Self.rows(loaded, side: side)
        (self.own, classes) = (own, loaded.classCount)
        others = try places.map { name in
            let other = try catalog.load(name)
            let rows = try Self.rows(other, side: side)
            guard rows.width == own.width, other.classCount == loaded.classCount else {
                throw DataError(
                    .configuration, path: "shift.data.places",
                    expected: "data of \(own.width) features and \(loaded.classCount) classes, as \(reference) has",
                    found: "\(rows.width) and \(other.classCount) in \(name)")
            }
            return (name, rows)
        }
        if case .images(let images) = data, images.training + images.reference + images.others > own.count {
            throw DataError(
                .configuration, path: "shift.data",
                expected: "training, reference and others of \(own.count) rows at most",
                found: "\(images.training + images.reference + images.others)")
        }
        if case .images(let images) = data, images.frequent >= classes {
            throw DataError(
                .configuration, path: "shift.data.frequent", expected: "fewer than the \(classes) classes",
                found: "\(images.frequent)")
        }
    }

    /// The rows of split `seed`.
    func split(_ seed: UInt64) -> ShiftStudyRows {
        var stream = RandomStream(seed: seed, purpose: "shift.study.split")
        let order = stream.permutation(own.count)
        switch data {
        case .sites(let sites):
            let cut = min(max(Int((Double(own.count) * sites.training).rounded()), 1), own.count - 1)
            return rows(
                training: order[..<cut], reference: order[cut...],
                places: others.map { ($0.name, nil, $0.rows) })
        case .images(let images):
            let (first, second) = (images.training, images.training + images.reference)
            let pool = own.selecting(Array(order[second..<second + images.others]))
            let damaged = images.damages.map { damage in
                (
                    damage.name, Optional(damage),
                    damage.corruption.applied(to: pool, side: images.side, amount: damage.amount, seed: seed)
                )
            }
            let elsewhere = others.map { name, all -> RawPlace in
                var stream = RandomStream(seed: seed, purpose: "shift.study.place.\(name)")
                return (name, nil, all.selecting(Array(stream.permutation(all.count).prefix(images.others))))
            }
            let relabelled: [RawPlace] =
                images.frequent > 0 ? [(Self.classes, nil, otherClasses(pool, frequent: images.frequent, seed))] : []
            return rows(
                training: order[..<first], reference: order[first..<second],
                places: damaged + elsewhere + relabelled, undamaged: pool)
        }
    }

    /// The place in which some classes are frequent, and nothing else has changed.
    static let classes = "classes"

    private typealias RawPlace = (String, ShiftStudyRows.Severity?, RawStudyRows)

    /// All rows of `frequent` classes drawn anew in each split, and a third as many others.
    private func otherClasses(_ pool: RawStudyRows, frequent: Int, _ seed: UInt64) -> RawStudyRows {
        var stream = RandomStream(seed: seed, purpose: "shift.study.classes")
        let chosen = Set(stream.permutation(classes).prefix(frequent).map(Int32.init))
        let (many, few) = (
            pool.labels.indices.filter { chosen.contains(pool.labels[$0]) },
            pool.labels.indices.filter { !chosen.contains(pool.labels[$0]) }
        )
        return pool.selecting(many + few.prefix(many.count / 3))
    }

    private func rows(
        training: ArraySlice<Int>, reference: ArraySlice<Int>, places: [RawPlace], undamaged: RawStudyRows? = nil
    ) -> ShiftStudyRows {
        let known = own.selecting(Array(training))
        let arePixels = if case .images = data { true } else { false }
        let encoding = RawStudyEncoding(fitting: known, arePixels: arePixels)
        return ShiftStudyRows(
            training: encoding.rows(known, classes: classes),
            reference: encoding.rows(own.selecting(Array(reference)), classes: classes),
            places: places.map {
                ShiftStudyRows.Place(name: $0, severity: $1, rows: encoding.rows($2, classes: classes))
            },
            undamaged: undamaged.map { encoding.rows($0, classes: classes) })
    }

    /// Raw rows; of images pixels from 0 to 1, shrunk to `side`.
    private static func rows(_ loaded: LoadedDataset, side: Int?) throws -> RawStudyRows {
        let values = loaded.rawInputs(rows: 0..<loaded.count)
        guard let side else {
            return RawStudyRows(values: values, labels: loaded.labels, width: loaded.featureCount)
        }
        guard loaded.sampleShape.count == 2, loaded.sampleShape[0] == loaded.sampleShape[1],
            loaded.sampleShape[0] >= side
        else {
            throw DataError(
                .configuration, path: "shift.data", expected: "square images of \(side) pixels a side or more",
                found: "samples of \(loaded.sampleShape) in \(loaded.name)")
        }
        let largest = max(values.max() ?? 1, 1e-6)
        return RawStudyRows(
            values: shrunk(values.map { $0 / largest }, from: loaded.sampleShape[0], to: side), labels: loaded.labels,
            width: side * side)
    }

    /// Each new pixel is the mean of the area of old ones that it covers.
    private static func shrunk(_ pixels: [Float], from old: Int, to new: Int) -> [Float] {
        if old == new { return pixels }
        let step = Float(old) / Float(new)
        // How much of each old row lies in each new one.
        let shares = (0..<new).map { place -> [(Int, Float)] in
            let (low, high) = (Float(place) * step, Float(place + 1) * step)
            return (Int(low)..<min(old, Int(high.rounded(.up)))).map { row in
                (row, (min(high, Float(row + 1)) - max(low, Float(row))) / step)
            }
        }
        let size = old * old
        return (0..<pixels.count / size).flatMap { image -> [Float] in
            shares.flatMap { rows in
                shares.map { columns in
                    rows.reduce(Float(0)) { total, row in
                        columns.reduce(total) {
                            $0 + row.1 * $1.1 * pixels[image * size + row.0 * old + $1.0]
                        }
                    }
                }
            }
        }
    }
}
