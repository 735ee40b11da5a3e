import Basics

/// The data set that a zoo's networks were trained on, as its file names it: inputs are `x * scale + shift`, with
/// missing values filled first.
public struct ZooDataset: Hashable, Sendable {
    /// Which samples were used for what.
    public enum Split: Hashable, Sendable {
        /// The division that the data set itself comes with.
        case official
        /// Sample indices, in the data set's own order.
        case indices(train: [Int], validation: [Int], test: [Int])
    }

    /// The name by which a catalog finds the data set, `digits`.
    public let name: String
    /// SHA-256 of the data in hexadecimal, where recorded.
    public let sha256: String?
    /// Factor of the inputs: one number, or one for each feature.
    public let scale: [Double]
    /// Added to the scaled inputs: one number, or one for each feature.
    public let shift: [Double]
    /// What stands for a missing raw value: one number, or one for each feature; nil where none is missing.
    public let missing: [Double]?
    /// The samples' division, where recorded.
    public let split: Split?
    /// The data's names of the classes in the order of the networks' outputs; nil where they are 0, 1, 2, ...
    public let classes: [String]?
    /// Of a table, the column that holds the class: its name, or its place counted from 1; nil is the last one.
    public let label: String?
    /// Of a table with a header, the names of the features in the order of the networks' inputs.
    public let features: [String]?

    /// Describes a data set; traps where scale or shift are empty.
    public init(
        name: String, sha256: String? = nil, scale: [Double] = [1], shift: [Double] = [0],
        missing: [Double]? = nil, split: Split? = nil, classes: [String]? = nil, label: String? = nil,
        features: [String]? = nil
    ) {
        precondition(
            !scale.isEmpty && !shift.isEmpty && missing?.isEmpty != true, "ZooDataset: scale and shift need a value")
        self.name = name
        self.sha256 = sha256
        self.scale = scale
        self.shift = shift
        self.missing = missing
        self.split = split
        self.classes = classes
        self.label = label
        self.features = features
    }
}

extension ZooDataset: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, sha256, scale, shift, mean, std, missing, split, classes, label, features
    }

    /// Reads the file form; scale and shift are numbers or lists of numbers, 1 and 0 where missing. `mean` and `std` stand
    /// for both: inputs are (x / 255 - mean) / std then, or (x * scale - mean) / std with a scale. Refuses other keys.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(except: CodingKeys.allCases.map(\.rawValue))
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        func numbers(_ key: CodingKeys, or missing: Double) throws -> [Double] {
            guard fields.contains(key) else { return [missing] }
            if let number = try? fields.decode(Double.self, forKey: key) { return [number] }
            let list = try fields.decode([Double].self, forKey: key)
            guard !list.isEmpty else {
                throw DecodingError.dataCorruptedError(forKey: key, in: fields, debugDescription: "an empty list")
            }
            return list
        }
        var (scale, shift) = (try numbers(.scale, or: 1), try numbers(.shift, or: 0))
        if fields.contains(.mean) || fields.contains(.std) {
            let unit = fields.contains(.scale) ? PerFeature(recorded: scale) : .unitByte
            let normalization = Normalization(
                mean: .init(recorded: try numbers(.mean, or: 0)), deviation: .init(recorded: try numbers(.std, or: 1)))
            guard !fields.contains(.shift), let both = normalization.preparation(unit: unit) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .std, in: fields,
                    debugDescription:
                        "mean and std that do not go together, a std that is not positive, or a shift beside them")
            }
            (scale, shift) = (both.scale.values, both.shift.values)
        }
        self.init(
            name: try fields.decode(String.self, forKey: .name),
            sha256: try fields.decodeIfPresent(String.self, forKey: .sha256), scale: scale, shift: shift,
            missing: fields.contains(.missing) ? try numbers(.missing, or: 0) : nil,
            split: try fields.decodeIfPresent(Split.self, forKey: .split),
            classes: try fields.decodeIfPresent([String].self, forKey: .classes),
            label: try fields.decodeIfPresent(String.self, forKey: .label),
            features: try fields.decodeIfPresent([String].self, forKey: .features))
    }

    /// Writes the file form; a single scale or shift is a plain number.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encodeIfPresent(sha256, forKey: .sha256)
        for case (let key, let values?) in [(CodingKeys.scale, scale), (.shift, shift), (.missing, missing)] {
            if values.count == 1 {
                try fields.encode(values[0], forKey: key)
            } else {
                try fields.encode(values, forKey: key)
            }
        }
        try fields.encodeIfPresent(split, forKey: .split)
        try fields.encodeIfPresent(classes, forKey: .classes)
        try fields.encodeIfPresent(label, forKey: .label)
        try fields.encodeIfPresent(features, forKey: .features)
    }
}

extension ZooDataset.Split: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case train, validation, test }

    /// Reads `"official"` or the three lists; refuses negative indices and samples that stand in two lists.
    public init(from decoder: any Decoder) throws {
        if let word = try? decoder.singleValueContainer().decode(String.self) {
            guard word == "official" else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "split is neither lists nor \"official\""))
            }
            self = .official
            return
        }
        try decoder.refuseKeys(except: CodingKeys.allCases.map(\.rawValue))
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let lists = try [CodingKeys.train, .validation, .test].map {
            try fields.decodeIfPresent([Int].self, forKey: $0) ?? []
        }
        var places: [Int: CodingKeys] = [:]
        for (key, rows) in zip([CodingKeys.train, .validation, .test], lists) {
            for row in rows {
                let problem =
                    row < 0
                    ? "the row \(row) in \(key.rawValue): rows count from 0"
                    : places.updateValue(key, forKey: row).map { other in
                        "row \(row) twice, in \(other == key ? "" : "\(other.rawValue) and in ")\(key.rawValue)"
                    }
                guard let problem else { continue }
                throw DecodingError.dataCorruptedError(forKey: key, in: fields, debugDescription: problem)
            }
        }
        self = .indices(train: lists[0], validation: lists[1], test: lists[2])
    }

    /// Writes `"official"` or the three lists.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .official:
            var value = encoder.singleValueContainer()
            try value.encode("official")
        case .indices(let train, let validation, let test):
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encode(train, forKey: .train)
            try fields.encode(validation, forKey: .validation)
            try fields.encode(test, forKey: .test)
        }
    }
}
