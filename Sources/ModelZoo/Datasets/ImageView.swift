/// How a task looks at its images: turned by quarters, mirrored, with dark and light exchanged.
///
/// Of an image [.., h, w] the mirror comes first, x'[i, j] = x[i, w - 1 - j], then the turns, each a quarter against the
/// clock (square images only), then the exchange x' = low + high - x. Every view is a task of its own: a 6 that is turned
/// by half is no 9 to a network that was trained on upright digits.
public struct ImageView: Codable, Hashable, Sendable {
    /// Quarter turns against the clock, 0 to 3.
    public let turns: Int
    /// Whether left and right are exchanged first.
    public let mirrored: Bool
    /// Whether dark and light are exchanged.
    public let inverted: Bool

    /// A view; turns are counted modulo 4.
    public init(turns: Int = 0, mirrored: Bool = false, inverted: Bool = false) {
        self.turns = ((turns % 4) + 4) % 4
        (self.mirrored, self.inverted) = (mirrored, inverted)
    }

    /// Reads the three facts; turns are counted modulo 4.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            turns: try fields.decode(Int.self, forKey: .turns),
            mirrored: try fields.decode(Bool.self, forKey: .mirrored),
            inverted: try fields.decode(Bool.self, forKey: .inverted))
    }

    /// Images as they are.
    public static let plain = ImageView()

    /// All views with the given turns; mirrored and inverted ones beside the others where they are asked for.
    static func all(turns: [Int], mirrored: Bool, inverted: Bool) -> [ImageView] {
        (inverted ? [false, true] : [false]).flatMap { inverted in
            (mirrored ? [false, true] : [false]).flatMap { mirrored in
                turns.map { ImageView(turns: $0, mirrored: mirrored, inverted: inverted) }
            }
        }
    }

    /// The view in words, `turned 90, mirrored`; empty for images as they are.
    public var inWords: String {
        [turns == 0 ? nil : "turned \(90 * turns)", mirrored ? "mirrored" : nil, inverted ? "inverted" : nil]
            .compactMap { $0 }.joined(separator: ", ")
    }

    /// Whether samples of a shape can be looked at so: images, and square ones where they are turned by an odd number of
    /// quarters; any samples can be inverted.
    func fits(_ sampleShape: [Int]) -> Bool {
        guard turns > 0 || mirrored else { return true }
        guard sampleShape.count >= 2 else { return false }
        return turns % 2 == 0 || sampleShape[sampleShape.count - 1] == sampleShape[sampleShape.count - 2]
    }

    /// Where each value of a sample comes from; traps on a shape that the view does not fit.
    func sources(_ sampleShape: [Int]) -> [Int] {
        precondition(fits(sampleShape), "image view: \(inWords) of samples \(sampleShape)")
        let count = sampleShape.reduce(1, *)
        guard turns > 0 || mirrored else { return Array(0..<count) }
        let (height, width) = (sampleShape[sampleShape.count - 2], sampleShape[sampleShape.count - 1])
        return (0..<count).map { place in
            let plane = place / (height * width) * height * width
            var (row, column) = (place % (height * width) / width, place % width)
            // From the result back: each turn undone, then the mirror.
            for _ in 0..<(turns % 2) { (row, column) = (column, width - 1 - row) }
            if turns >= 2 { (row, column) = (height - 1 - row, width - 1 - column) }
            if mirrored { column = width - 1 - column }
            return plane + row * width + column
        }
    }

    /// Samples as this view shows them; `range` holds the values that the exchange swaps.
    func callAsFunction(_ data: Dataset, range: (low: Float, high: Float)) -> Dataset {
        Self.seen(data, range: range, views: Array(repeating: self, count: data.classCount))
    }

    /// Samples as the view of their class shows them, one a class.
    fileprivate static func seen(_ data: Dataset, range: (low: Float, high: Float), views: [ImageView]) -> Dataset {
        let places = views.map { $0.sources(data.sampleShape) }
        let (width, sum) = (data.featureCount, range.low + range.high)
        var seen: [Float] = []
        seen.reserveCapacity(data.inputs.count)
        for (row, label) in data.labels.enumerated() {
            let isInverted = views[Int(label)].inverted
            for place in places[Int(label)] {
                let value = data.inputs[row * width + place]
                seen.append(isInverted ? sum - value : value)
            }
        }
        return Dataset(
            name: data.name, inputs: seen, sampleShape: data.sampleShape, labels: data.labels,
            classCount: data.classCount)
    }
}

extension DatasetSplit {
    /// All parts as views show them, one a class; the least and the greatest value are those of the training rows.
    func seen(_ views: [ImageView]) -> DatasetSplit {
        guard views.contains(where: { $0 != .plain }) else { return self }
        let range = (low: train.inputs.min() ?? 0, high: train.inputs.max() ?? 0)
        func seen(_ data: Dataset) -> Dataset { ImageView.seen(data, range: range, views: views) }
        return DatasetSplit(train: seen(train), validation: seen(validation), test: seen(test))
    }
}
