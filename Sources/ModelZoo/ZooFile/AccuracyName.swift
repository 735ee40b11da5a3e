import Basics

/// What a column's name says of the accuracies in it: `test_accuracy`, `val_acc`, `top1`, `bestValidAcc`.
///
/// A name counts where it is made of words for accuracy (`acc`, `accuracy`, `top1`, `acc@5`, `prec1`) and of words that
/// usually stand beside them, for the part of the data and for which epoch; `grad_acc` is none.
public struct AccuracyName: Sendable, Hashable {
    /// The part of the data, where the name says it.
    public enum Part: Sendable {
        case test, validation, training
    }

    /// The part of the data that it is of; nil where the name does not say.
    public let part: Part?
    /// Whether it is plainly the share of right answers of the network that stands there: not of its best epoch, of an
    /// average, or of the five likeliest classes.
    public let isPlain: Bool

    private static let metrics: Set<String> = ["acc", "accuracy", "accuracies", "top", "prec", "correct"]
    private static let partWords: [String: Part] = [
        "test": .test, "testing": .test, "te": .test,
        "val": .validation, "valid": .validation, "validation": .validation, "dev": .validation, "eval": .validation,
        "train": .training, "training": .training, "tr": .training,
    ]
    private static let others: Set<String> = [
        "best", "final", "last", "mean", "avg", "average", "max", "clean", "at", "set", "epoch", "ema", "model",
        "percent", "pct", "pc", "metric", "metrics", "score",
    ]

    private static let otherNetworks: Set<String> = ["best", "max", "mean", "avg", "average", "ema", "clean"]

    /// Reads a name; nil where it is not that of accuracies.
    public init?(_ name: String) {
        let words = Self.words(name)
        guard words.contains(where: { Self.metrics.contains($0) }) else { return nil }
        let isKnown = words.allSatisfy { word in
            Self.metrics.contains(word) || Self.partWords[word] != nil || Self.others.contains(word)
                || (1...10).map(String.init).contains(word)
        }
        // `top` and `correct` alone say too little.
        guard isKnown, !["top", "correct", "prec"].contains(where: { words == [$0] }) else { return nil }
        isPlain = !words.contains { Self.otherNetworks.contains($0) || ($0 != "1" && $0.allSatisfy(\.isNumber)) }
        part = words.lazy.compactMap { Self.partWords[$0] }.first
    }

    /// The name's words in lower case: parted by what is neither letter nor digit, by a change from lower to upper case,
    /// and between letters and digits.
    private static func words(_ name: String) -> [String] {
        var (words, last): ([String], Character?) = ([], nil)
        for character in name {
            defer { last = character }
            guard character.isLetter || character.isNumber else { continue }
            let continues =
                last.map { before in
                    (before.isLetter && character.isLetter && !(before.isLowercase && character.isUppercase))
                        || (before.isNumber && character.isNumber)
                } ?? false
            if continues, !words.isEmpty {
                words[words.count - 1] += character.lowercased()
            } else {
                words.append(character.lowercased())
            }
        }
        return words
    }
}
