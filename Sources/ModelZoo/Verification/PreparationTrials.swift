import Basics

/// What the first networks of a zoo reach on training rows with each of the usual preparations.
struct PreparationTrials {
    /// Accuracy with the zoo's own preparation.
    let own: Double
    /// The best of the others, where it is better by more than chance.
    let better: PreparationCheck.Trial?

    /// Tries the preparations on the given training rows; throws `DataError` where the data does not fit its own.
    init(_ data: PreparationData, rows: [Int], subject: FirstNetworks) throws {
        func accuracy(_ preparation: Preparation) throws -> Double {
            let all = subject.accuracies(try data.loaded.prepared(rows: rows, preparation))
            return all.reduce(0, +) / Double(max(all.count, 1))
        }
        let present = data.dataset.preparation
        let own = try accuracy(present)
        self.own = own
        var best: PreparationCheck.Trial?
        for candidate in Candidate.all(data) where !candidate.preparation.isNear(present) {
            let reached = try accuracy(candidate.preparation)
            guard reached > best?.accuracy ?? own else { continue }
            best = .init(
                preparation: candidate.words, description: candidate.description(data.dataset), keys: candidate.keys,
                accuracy: reached)
        }
        let noise = 2 * (own * (1 - own) / Double(max(rows.count, 1))).squareRoot()
        let chance = data.commonest(rows)
        // What hardly beats naming the commonest class explains nothing.
        let least = max(own + max(PreparationCheck.tolerance, noise), chance + 0.25 * (1 - chance))
        better = best.flatMap { $0.accuracy > least ? $0 : nil }
    }

    /// A preparation that people often use, and the keys of a description that say it.
    private struct Candidate {
        let preparation: Preparation
        let keys: String
        var words: String

        /// The description of the data set with these keys, and with what else the zoo says of it; nil where that is more than
        /// a line, such as lists of rows.
        func description(_ dataset: ZooDataset) -> String? {
            if case .indices = dataset.split { return nil }
            func text(_ value: String) -> String { Tree.string(value).text() }
            let parts = [
                "\"name\":\(text(dataset.name))", keys, dataset.label.map { "\"label\":\(text($0))" },
                dataset.missing == nil ? nil : "\"missing\":\"mean\"",
                dataset.split == .official ? "\"split\":\"official\"" : nil,
                dataset.classes.map { "\"classes\":[\($0.map(text).joined(separator: ","))]" },
            ]
            let all = parts.compactMap { $0 }.joined(separator: ",")
            guard all.count <= 400 else { return nil }
            return "{\(all)}"
        }

        /// Those that can be of the data: raw, divided by the largest value, torchvision's for bytes, standardized.
        static func all(_ data: PreparationData) -> [Candidate] {
            let (loaded, missing) = (data.loaded, data.dataset.preparation.missing)
            var all = [Candidate(scale: 1, keys: "\"scale\":1", missing)]
            if loaded.otherThanBytes == nil {
                all.append(Candidate(scale: .unitByte, keys: "\"scale\":\(1.0 / 255)", missing))
                all += Self.normalizations.compactMap { Candidate($0.mean, $0.std, missing, loaded) }
            } else if loaded.isOfUnits {
                all += Self.normalizations.compactMap { Candidate($0.mean, $0.std, missing, loaded, unit: 1) }
            } else if let greatest = loaded.greatestWhole, greatest > 1 {
                all.append(Candidate(scale: .uniform(1 / greatest), keys: "\"scale\":\(1 / greatest)", missing))
            }
            if let rows = data.trainingRows {
                let moments = loaded.featureMoments(rows: rows)
                if moments.allSatisfy({ $0.count > 0 }) {
                    all.append(
                        Candidate(
                            preparation: Preparation(standardizing: moments, missing: missing),
                            keys: "\"standardize\":true",
                            words: "standardizing each feature to mean 0 and deviation 1"))
                }
            }
            let usual = loaded.usualPreparation
            let keys = "\"scale\":\(json(usual.scale)),\"shift\":\(json(usual.shift))"
            all.append(
                Candidate(
                    preparation: Preparation(scale: usual.scale, shift: usual.shift, missing: missing), keys: keys))
            return all
        }

        /// torchvision's Normalize as it is usually given: (0.5, 0.5), MNIST, Fashion-MNIST, and by channel CIFAR-10 with its
        /// deviations over all pixels and over images, CIFAR-100, ImageNet.
        private static let normalizations: [(mean: [Double], std: [Double])] = [
            ([0.5], [0.5]), ([0.1307], [0.3081]), ([0.2860], [0.3530]),
            ([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]),
            ([0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.2010]),
            ([0.5071, 0.4865, 0.4409], [0.2673, 0.2564, 0.2762]),
            ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        ]

        private init(preparation: Preparation, keys: String, words: String? = nil) {
            (self.preparation, self.keys) = (preparation, keys)
            self.words = words ?? preparation.inWords
        }

        private init(scale: PerFeature, keys: String, _ missing: PerFeature?) {
            self.init(preparation: Preparation(scale: scale, missing: missing), keys: keys)
        }

        /// Nil where the data has not as many channels.
        private init?(
            _ mean: [Double], _ std: [Double], _ missing: PerFeature?, _ loaded: LoadedDataset,
            unit: PerFeature = .unitByte
        ) {
            let (means, deviations) = (PerFeature(recorded: mean), PerFeature(recorded: std))
            guard means.problem(featureCount: loaded.featureCount) == nil,
                let form = Normalization(mean: means, deviation: deviations).preparation(unit: unit)
            else { return nil }
            self.init(
                preparation: Preparation(scale: form.scale, shift: form.shift, missing: missing),
                keys: (unit == .unitByte ? "" : "\"scale\":\(Self.json(unit)),")
                    + "\"mean\":\(Self.json(means)),\"std\":\(Self.json(deviations))")
        }

        private static func json(_ values: PerFeature) -> String {
            let list = values.values.map { Tree.number($0).text() }
            return list.count == 1 ? list[0] : "[\(list.joined(separator: ","))]"
        }
    }
}

extension LoadedDataset {
    /// Whether values lie between 0 and 1 and are not all whole: bytes that were divided by 255.
    fileprivate var isOfUnits: Bool {
        guard case .floats(let all) = values else { return false }
        return all.allSatisfy { $0.isNaN || (0...1).contains($0) } && all.contains { $0 != $0.rounded() }
    }

    /// The greatest value, where all are whole numbers from 0 on.
    fileprivate var greatestWhole: Double? {
        guard case .floats(let all) = values else { return 255 }
        guard all.allSatisfy({ $0.isNaN || ($0 >= 0 && $0 == $0.rounded()) }) else { return nil }
        return all.lazy.filter { !$0.isNaN }.max().map(Double.init)
    }
}

extension Preparation {
    /// Whether inputs are the same but for rounding.
    fileprivate func isNear(_ other: Preparation) -> Bool {
        func near(_ first: [Double], _ second: [Double]) -> Bool {
            let count = max(first.count, second.count)
            func value(_ list: [Double], _ index: Int) -> Double { list.count == 1 ? list[0] : list[index] }
            guard first.count == 1 || second.count == 1 || first.count == second.count else { return false }
            return (0..<count).allSatisfy { index in
                let (one, two) = (value(first, index), value(second, index))
                return abs(one - two) <= max(1e-9, 1e-6 * abs(one))
            }
        }
        return near(scale.values, other.scale.values) && near(shift.values, other.shift.values)
    }
}
