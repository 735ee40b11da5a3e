import func Tensors.precondition

/// Holds the extents of a description against what is possible, key by key; the first fault is kept.
///
/// One check serves both ways in: a description from a file that fails is refused with the key, one from code traps.
struct ConfigCheck {
    /// The most parameters that a network may have.
    static let mostParameters = 1 << 31

    /// What is wrong, and with which key.
    private(set) var fault: (key: String, text: String)?

    /// Notes a fault unless `value` lies in `range`.
    mutating func extent(_ key: String, _ value: Int, _ range: ClosedRange<Int>) {
        require(range.contains(value), key, "\(value): expected \(range.lowerBound) to \(range.upperBound)")
    }

    /// Notes a fault unless the extents of an image lie between 1 and 4096, and all of it holds at most 2^24 numbers.
    mutating func image(_ key: String, _ image: ImageExtent) {
        let extents = [image.channels, image.height, image.width]
        require(extents.allSatisfy { (1...4096).contains($0) }, key, "\(extents): expected extents of 1 to 4096")
        guard fault == nil else { return }
        require(image.count <= 1 << 24, key, "\(extents): expected at most 2^24 numbers")
    }

    /// Notes a fault unless `probability` lies in [0, 1).
    mutating func dropout(_ key: String, _ probability: Double) {
        require(probability >= 0 && probability < 1, key, "\(probability): expected at least 0 and below 1")
    }

    /// Notes a fault unless `condition` holds; it is not evaluated after an earlier fault.
    mutating func require(_ condition: @autoclosure () -> Bool, _ key: String, _ text: @autoclosure () -> String) {
        if fault == nil, !condition() { fault = (key, text()) }
    }

    /// Notes a fault where a network would have more parameters than any may have; asked only of possible extents.
    mutating func parameters(_ key: String, _ count: @autoclosure () -> Int) {
        guard fault == nil else { return }
        let count = count()
        require(count <= Self.mostParameters, key, "\(count) parameters: expected at most 2^31")
    }

    /// Traps with the first fault: a programmer's mistake.
    func trap(_ kind: String) {
        precondition(fault == nil, "\(kind): \(fault?.key ?? "") \(fault?.text ?? "")")
    }

    /// Throws the first fault at its key: the mistake of a file.
    func refuse(_ decoder: any Decoder) throws {
        guard let fault else { return }
        throw DecodingError.dataCorrupted(
            .init(codingPath: decoder.codingPath + [NamedKey(stringValue: fault.key)], debugDescription: fault.text))
    }

    /// A key known by its name.
    private struct NamedKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

extension ConfigCheck {
    /// Notes a fault unless these are possible extents of a stack of transformer blocks.
    mutating func transformer(depth: Int, width: Int, heads: Int, hidden: Int) {
        extent("depth", depth, 1...256)
        extent("width", width, 1...(1 << 14))
        extent("heads", heads, 1...(1 << 14))
        require(width % heads == 0, "heads", "\(heads): does not divide the width \(width)")
        extent("hidden", hidden, 1...(1 << 17))
    }
}
