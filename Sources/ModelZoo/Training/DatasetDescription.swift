import Basics
import Foundation

/// A data set as a person describes it: a name, and what there is to say beside it.
///
/// The form is that of a zoo file's attribute, `{"name":"digits","scale":0.0625,"shift":0,"split":...}`, with
/// - `mean` and `std` in place of scale and shift, as torchvision's Normalize takes them: of x / 255, or of x * scale;
/// - `standardize`, mean 0 and deviation 1 of every feature over the training rows;
/// - `missing`, a number, one a feature, or `"mean"`, that over the training rows;
/// - `split`, `"official"`, three lists of rows, or shares of each class drawn by a key as in a recipe,
///   `{"validation":0.2,"test":0.2,"seed":0}`;
/// - `label`, the column of a table that holds the class: a name, `first`, `last`, or a place counted from 1;
/// - `classes`, their names in the order of the networks' outputs.
public struct DatasetDescription: Sendable {
    /// How samples are divided.
    enum Division: Sendable {
        case recorded(ZooDataset.Split)
        case shares(validation: Double, test: Double, seed: UInt64)
    }

    /// What stands for missing values.
    enum Filling: Sendable {
        case value(PerFeature)
        case mean
    }

    /// Name of a known data set, or path of a file.
    public let name: String
    /// Where the description stands, for messages.
    var place = "--dataset"
    var scale, shift, mean, std: PerFeature?
    var standardize = false
    var missing: Filling?
    var split: Division?
    var label: String?
    var classes: [String]?
    /// SHA-256 that the data must have, where a record of it is given.
    var sha256: String?

    /// A known data set, or a file by its path, with its usual preparation; `place` is for messages.
    public init(name: String, place: String = "--dataset") { (self.name, self.place) = (name, place) }

    /// Reads JSON; throws `.configuration` naming `place` for what is no description.
    public init(json: Foundation.Data, place: String) throws {
        do {
            self = try JSONDecoder().decode(DatasetDescription.self, from: json)
            self.place = place
        } catch {
            throw DataError(
                .configuration, path: place, expected: "a data set such as {\"name\":\"digits\",\"scale\":0.0625}",
                found: DecodingError.reason(of: error))
        }
    }

    /// Whether only a name is given.
    var isName: Bool {
        !saysPreparation && missing == nil && split == nil && label == nil && classes == nil
    }

    /// Whether it says how raw values become inputs.
    var saysPreparation: Bool { scale != nil || shift != nil || mean != nil || std != nil || standardize }
}

extension DatasetDescription: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, scale, shift, mean, std, standardize, missing, split, label, classes, sha256, features
    }

    /// Reads an object; refuses keys that it does not know, and settings that exclude each other.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(except: CodingKeys.allCases.map(\.rawValue))
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        func values(_ key: CodingKeys) throws -> PerFeature? {
            try fields.decodeIfPresent(PerFeature.self, forKey: key)
        }
        name = try fields.decode(String.self, forKey: .name)
        (scale, shift, mean, std) = (try values(.scale), try values(.shift), try values(.mean), try values(.std))
        standardize = try fields.decodeIfPresent(Bool.self, forKey: .standardize) ?? false
        missing = try fields.decodeIfPresent(Filling.self, forKey: .missing)
        split = try fields.decodeIfPresent(Division.self, forKey: .split)
        label = try fields.decodeIfPresent(ColumnName.self, forKey: .label)?.text
        classes = try fields.decodeIfPresent([ColumnName].self, forKey: .classes)?.map(\.text)
        sha256 = try fields.decodeIfPresent(String.self, forKey: .sha256)
        func refuse(_ key: CodingKeys, _ problem: String) -> DecodingError {
            .dataCorruptedError(forKey: key, in: fields, debugDescription: problem)
        }
        if (mean == nil) != (std == nil) {
            throw refuse(.mean, "mean and std, which go together, one without the other")
        }
        if mean != nil, shift != nil { throw refuse(.shift, "mean and std with a shift beside them") }
        if standardize, mean != nil || scale != nil || shift != nil {
            throw refuse(.standardize, "standardize, which measures both, with a scale, a shift or a mean beside it")
        }
        if let std, std.values.contains(where: { !($0 > 0) }) { throw refuse(.std, "a std that is not above 0") }
    }

    /// A name, or a number that stands for one.
    private struct ColumnName: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            text = try (try? value.decode(Int.self)).map(String.init) ?? value.decode(String.self)
        }
    }
}

extension DatasetDescription.Filling: Decodable {
    init(from decoder: any Decoder) throws {
        if let word = try? decoder.singleValueContainer().decode(String.self) {
            guard word == "mean" else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "missing: neither numbers nor \"mean\""))
            }
            self = .mean
        } else {
            self = .value(try PerFeature(from: decoder))
        }
    }
}

extension DatasetDescription.Division: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case validation, test, seed }

    /// Shares where `validation` or `test` is a number, else the file's own form.
    init(from decoder: any Decoder) throws {
        guard let fields = try? decoder.container(keyedBy: CodingKeys.self),
            [CodingKeys.validation, .test].contains(where: { (try? fields.decode(Double.self, forKey: $0)) != nil })
        else {
            self = .recorded(try ZooDataset.Split(from: decoder))
            return
        }
        try decoder.refuseKeys(except: CodingKeys.allCases.map(\.rawValue))
        self = .shares(
            validation: try fields.decodeIfPresent(Double.self, forKey: .validation) ?? 0,
            test: try fields.decodeIfPresent(Double.self, forKey: .test) ?? 0,
            seed: try fields.decodeIfPresent(UInt64.self, forKey: .seed) ?? 0)
    }
}
