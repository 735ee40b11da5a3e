import Basics
import Foundation

extension ZooDataset {
    /// The data set that a person describes, as a zoo file records it, with the SHA-256 of the data at hand.
    ///
    /// The form is that of the file's attribute, `{"name":"digits","scale":0.0625,"shift":0,"split":...}`. Scale and shift
    /// are the data set's usual ones where neither is given; `split` is `"official"`, three lists of rows, or shares of
    /// each class drawn by a key as in a recipe, `{"validation":0.2,"test":0.2,"seed":0}`.
    ///
    /// Throws `DataError`: `.configuration` naming `place` for a wrong description, `.missing` where the data is not there.
    public init(description json: Foundation.Data, place: String, catalog: DatasetCatalog) throws {
        let described: Description
        do {
            described = try JSONDecoder().decode(Description.self, from: json)
        } catch {
            throw DataError(
                .configuration, path: place, expected: "a data set such as {\"name\":\"digits\",\"scale\":0.0625}",
                found: DecodingError.reason(of: error))
        }
        self = try described.dataset(place, catalog)
    }

    /// A known data set, or a CSV file by its path, with its usual preparation; throws as the above.
    public init(name: String, place: String, catalog: DatasetCatalog) throws {
        self = try Description(name: name).dataset(place, catalog)
    }
}

/// What a person says of a data set.
private struct Description: Decodable {
    /// How samples are divided.
    enum Division {
        case recorded(ZooDataset.Split)
        case shares(validation: Double, test: Double, seed: UInt64)
    }

    let name: String
    var scale: PerFeature?
    var shift: PerFeature?
    var missing: PerFeature?
    var split: Division?

    init(name: String) { self.name = name }

    private enum CodingKeys: String, CodingKey, CaseIterable { case name, scale, shift, missing, split }

    init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(except: CodingKeys.allCases.map(\.rawValue))
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        name = try fields.decode(String.self, forKey: .name)
        scale = try fields.decodeIfPresent(PerFeature.self, forKey: .scale)
        shift = try fields.decodeIfPresent(PerFeature.self, forKey: .shift)
        missing = try fields.decodeIfPresent(PerFeature.self, forKey: .missing)
        split = try fields.decodeIfPresent(Division.self, forKey: .split)
    }

    /// The record; the data is loaded and prepared once to see that all fits.
    func dataset(_ place: String, _ catalog: DatasetCatalog) throws -> ZooDataset {
        let loaded = try catalog.load(name, csv: CSVOptions(allowsMissing: missing != nil))
        let usual = scale == nil && shift == nil ? loaded.usualPreparation : nil
        let preparation = Preparation(
            scale: usual?.scale ?? scale ?? 1, shift: usual?.shift ?? shift ?? 0, missing: missing)
        do {
            let indices = try indices(in: loaded)
            if let indices { _ = try loaded.split(indices.rows, preparation: preparation) }
            if indices == nil { _ = try loaded.prepared(rows: [0], preparation) }
            return ZooDataset(
                name: loaded.name, sha256: loaded.sha256, scale: preparation.scale.values,
                shift: preparation.shift.values, missing: missing?.values, split: indices?.recorded)
        } catch let error as DataError where error.kind == .malformed || error.kind == .configuration {
            throw DataError(
                .configuration, path: place, expected: "\(error.path): \(error.expected)", found: error.found,
                hint: error.hint)
        }
    }

    private func indices(in loaded: LoadedDataset) throws -> (rows: SplitIndices, recorded: ZooDataset.Split)? {
        switch split {
        case nil: return nil
        case .recorded(.official):
            return (try loaded.indices(for: .official(validation: 0, seed: 0)), .official)
        case .recorded(.indices(let train, let validation, let test)):
            let rows = SplitIndices(train: train, validation: validation, test: test)
            return (rows, rows.recorded)
        case .shares(let validation, let test, let seed):
            let rows = try loaded.indices(for: .stratified(validation: validation, test: test, seed: seed))
            return (rows, rows.recorded)
        }
    }
}

extension Description.Division: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case validation, test, seed }

    /// Shares where `validation` or `test` is a number, else the file's own form.
    init(from decoder: any Decoder) throws {
        guard let fields = try? decoder.container(keyedBy: CodingKeys.self),
            [CodingKeys.validation, .test].contains(where: { (try? fields.decode(Double.self, forKey: $0)) != nil })
        else {
            // A list whose name is misspelt would be one of no rows.
            if (try? decoder.singleValueContainer().decode(String.self)) == nil {
                try decoder.refuseKeys(except: ["train", "validation", "test"])
            }
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

extension Decoder {
    /// Throws where an object has other keys than these.
    fileprivate func refuseKeys(except known: [String]) throws {
        let fields = try container(keyedBy: AnyKey.self)
        guard let other = fields.allKeys.map(\.stringValue).sorted().first(where: { !known.contains($0) }) else {
            return
        }
        throw DecodingError.dataCorrupted(
            .init(
                codingPath: codingPath,
                debugDescription: "the key \(other), which is none of \(known.joined(separator: ", "))"))
    }
}
