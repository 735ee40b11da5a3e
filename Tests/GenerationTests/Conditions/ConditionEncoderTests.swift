import Networks
import TestSupport
import Tensors
import Testing

@testable import Generation

@Suite("Encoders of conditions")
struct ConditionEncoderTests {
    /// Both kinds of examples, as one vector or as class tokens.
    struct Case: Sendable, CustomTestStringConvertible {
        var images: Bool
        var tokens: Bool
        var layers = 2
        var testDescription: String {
            "\(images ? "images" : "rows")\(tokens ? ", class tokens" : ""), \(layers) layers"
        }

        func set(classes: Int = 3, perClass: Int = 2, seed: UInt64 = 1) throws -> SupportSet {
            images
                ? try SupportSamples.images(classes: classes, perClass: perClass, seed: seed)
                : try SupportSamples.rows(classes: classes, perClass: perClass, seed: seed)
        }

        func encoder(of set: SupportSet, classes: Int? = nil) throws -> SupportSamples.Encoder {
            try SupportSamples.encoder(
                of: set, images: images, layers: layers, classes: classes, classTokens: tokens ? classes ?? 3 : nil)
        }
    }

    private static let cases = [false, true].flatMap { images in
        [
            Case(images: images, tokens: false), Case(images: images, tokens: true),
            Case(images: images, tokens: false, layers: 0), Case(images: images, tokens: true, layers: 0),
        ]
    }

    @Test("the order of the examples changes nothing", arguments: cases)
    func order(_ test: Case) throws {
        let set = try test.set(perClass: 4), encoder = try test.encoder(of: set)
        var stream = RandomStream(seed: 2, purpose: "test")
        let other = set[stream.permutation(set.count)]
        #expect(relativeDifference(encoder.features(set), encoder.features(other)) < 1e-11)
        if test.tokens { #expect(relativeDifference(encoder.tokens(set), encoder.tokens(other)) < 1e-11) }
        // In the precision of training.
        let single = Parameters(
            layout: encoder.parameters.layout, flat: encoder.parameters.flat.converted(to: .single))
        let both = encoder.encoder(single, [Condition(support: set), Condition(support: other)]).features
        #expect(relativeDifference(both.sliced(axis: 0, 0..<1), both.sliced(axis: 0, 1..<2)) < 1e-5)
    }

    @Test("swapping two labels changes the embedding; of class tokens it swaps two", arguments: cases)
    func swappedLabels(_ test: Case) throws {
        let set = try test.set(), encoder = try test.encoder(of: set), swapped = set.relabelled([1, 0, 2])
        guard test.tokens else {
            #expect(relativeDifference(encoder.features(set), encoder.features(swapped)) > 1e-3)
            return
        }
        #expect(relativeDifference(encoder.features(set), encoder.features(swapped)) < 1e-12)
        let tokens = encoder.tokens(set)
        #expect(relativeDifference(encoder.tokens(swapped), tokens.gathered(axis: 0, [1, 0, 2])) < 1e-12)
        #expect(relativeDifference(encoder.tokens(swapped), tokens) > 1e-3)
    }

    @Test("labels put to the wrong examples change the embedding", arguments: cases)
    func shuffledLabels(_ test: Case) throws {
        let set = try test.set(perClass: 3), encoder = try test.encoder(of: set)
        var stream = RandomStream(seed: 6, purpose: "test")
        let shuffled = set.shuffled(&stream)
        #expect(relativeDifference(encoder.features(set), encoder.features(shuffled)) > 1e-4)
    }

    @Test("sets of any size and any number of classes stand side by side", arguments: cases)
    func sizes(_ test: Case) throws {
        let sets = try [(3, 1), (2, 5), (3, 7)].map { try test.set(classes: $0.0, perClass: $0.1) }
        let encoder = try test.encoder(of: sets[0], classes: 5)
        let together = encoder.encoder(encoder.parameters, sets.map { Condition(support: $0) })
        for (row, set) in sets.enumerated() {
            let alone = encoder.features(set)
            #expect(relativeDifference(together.features.sliced(axis: 0, row..<(row + 1)), alone) < 1e-11)
            guard let tokens = together.classes else { continue }
            let own = encoder.tokens(set)
            #expect(relativeDifference(tokens.selected(axis: 0, row), own) < 1e-11)
            // The classes that a set does not have are the same stand-in.
            let absent = own.sliced(axis: 0, 4..<5)
            for place in set.classes..<5 {
                #expect(relativeDifference(own.sliced(axis: 0, place..<(place + 1)), absent) < 1e-12)
            }
            #expect(relativeDifference(own.sliced(axis: 0, 0..<1), absent) > 1e-3)
        }
    }

    @Test("an example of no known class counts by its learned code, in class tokens not at all", arguments: cases)
    func unknown(_ test: Case) throws {
        let set = try test.set(), encoder = try test.encoder(of: set)
        let more = try SupportSet(
            features: .concatenate([set.features, set.features.sliced(axis: 0, 0..<1)], axis: 0),
            labels: set.labels + [SupportSet.unknown], classes: 3)
        let difference = relativeDifference(encoder.features(set), encoder.features(more))
        #expect(test.tokens ? difference < 1e-11 : difference > 1e-4)
    }

    @Test("gradients reach every weight of the encoder", arguments: cases)
    func gradients(_ test: Case) throws {
        let set = try test.set(), encoder = try test.encoder(of: set, classes: 4)
        let more = try SupportSet(
            features: set.features, labels: [SupportSet.unknown] + set.labels.dropFirst(), classes: 3)
        let layout = encoder.parameters.layout
        func loss(_ flat: Tensor) -> Tensor {
            let found = encoder.encoder(
                Parameters(layout: layout, flat: flat), [Condition(support: set), .none, Condition(support: more)])
            let features = found.features.square().sum()
            return found.classes.map { features + $0.square().sum() } ?? features
        }
        let flat = encoder.parameters.flat
        let slope = gradient(at: flat, of: loss).gradient
        for slot in layout.slots where !slot.name.hasSuffix("in_proj_bias") {
            #expect(!slope.sliced(axis: 0, slot.range).doubles.allSatisfy { $0 == 0 }, "\(slot.name)")
        }
        let direction = normalDoubles(flat.shape, seed: 21), h = 1e-5
        let numeric = (loss(flat + direction * h).scalar - loss(flat - direction * h).scalar) / (2 * h)
        let exact = (slope * direction).sum().scalar
        #expect(abs(numeric - exact) < 1e-6 * max(1, abs(exact)))
    }
}
