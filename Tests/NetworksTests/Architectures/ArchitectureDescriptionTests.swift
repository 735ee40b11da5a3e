import Foundation
import Testing

@testable import Networks

@Suite("Descriptions of architectures")
struct ArchitectureDescriptionTests {
    private static func decoded(_ json: String) throws -> Architecture {
        try JSONDecoder().decode(Architecture.self, from: Data(json.utf8))
    }

    private static func encoded(_ architecture: Architecture) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(architecture), as: UTF8.self)
    }

    @Test("every kind is written and read", arguments: sampleArchitectures)
    func roundTrip(_ architecture: Architecture) throws {
        #expect(try Self.decoded(try Self.encoded(architecture)) == architecture)
        #expect(Architecture.kinds.contains(architecture.config.kind))
    }

    @Test("the files' forms, exactly")
    func forms() throws {
        let forms: [(Architecture, String)] = [
            (
                .mlp(.init(widths: [4, 5, 3], activation: .tanh)),
                #"{"activation":"tanh","kind":"mlp","widths":[4,5,3]}"#
            ),
            (
                .mlp(.init(widths: [4, 3], bias: false, norm: .layer)),
                #"{"activation":"relu","bias":false,"kind":"mlp","norm":"layer","widths":[4,3]}"#
            ),
            (
                .cnn(.init(size: .small)),
                #"{"activation":"tanh","dropout":0,"image":[1,28,28],"kind":"cnn-s","outputs":10}"#
            ),
            (
                .resnet(.init(depth: 18)), #"{"depth":18,"image":[3,32,32],"kind":"resnet","outputs":10,"width":64}"#
            ),
            (
                .encoder(.init(vocabulary: 9, length: 4, width: 8, outputs: 2)),
                #"{"depth":2,"heads":2,"hidden":32,"kind":"encoder","length":4,"outputs":2,"vocabulary":9,"width":8}"#
            ),
            (
                .vit(.init()),
                #"{"depth":6,"heads":3,"hidden":768,"image":[3,32,32],"kind":"vit","outputs":10,"patch":4,"width":192}"#
            ),
            (
                .vit(.init(patch: 8, width: 6, dropout: 0.25)),
                #"{"depth":6,"dropout":0.25,"heads":3,"hidden":24,"image":[3,32,32],"kind":"vit","outputs":10,"#
                    + #""patch":8,"width":6}"#
            ),
            (
                .encoder(.init(vocabulary: 9, length: 4, width: 8, dropout: 0.5, outputs: 2)),
                #"{"depth":2,"dropout":0.5,"heads":2,"hidden":32,"kind":"encoder","length":4,"outputs":2,"#
                    + #""vocabulary":9,"width":8}"#
            ),
        ]
        for (architecture, form) in forms {
            #expect(try Self.encoded(architecture) == form)
            #expect(try Self.decoded(form) == architecture)
        }
    }

    @Test("short forms have the published values")
    func shortForms() throws {
        #expect(try Self.decoded(#"{"kind":"cnn-l"}"#) == .cnn(.init(size: .large)))
        #expect(try Self.decoded(#"{"kind":"lenet5"}"#) == .lenet5(.init()))
        #expect(try Self.decoded(#"{"kind":"lenet5","image":[3,32,32]}"#).layout.count == 62_006)
        #expect(try Self.decoded(#"{"kind":"resnet","depth":20}"#) == .resnet(.init(depth: 20, width: 16)))
        #expect(try Self.decoded(#"{"kind":"vit"}"#) == .vit(.init(width: 192, hidden: 768)))
        #expect(
            try Self.decoded(#"{"kind":"encoder","vocabulary":9,"length":4,"outputs":2,"width":6}"#)
                == .encoder(.init(vocabulary: 9, length: 4, width: 6, heads: 2, hidden: 24, outputs: 2)))
    }

    /// Descriptions that cannot be, and the key that the message names.
    static let refusals: [(String, String)] = [
        (#"{"kind":"mlp","widths":[4,3],"norm":"group"}"#, "norm"),
        (#"{"kind":"mlp","widths":[4,3],"bias":1}"#, "bias"),
        (#"{"kind":"cnn-s","image":[1,8,28]}"#, "image"), (#"{"kind":"cnn-s","image":[1,28]}"#, "image"),
        (#"{"kind":"cnn-s","image":[0,28,28]}"#, "image"), (#"{"kind":"cnn-s","image":[1,28,99999]}"#, "image"),
        (#"{"kind":"cnn-l","image":[4096,4096,4096]}"#, "image"), (#"{"kind":"cnn-s","dropout":1}"#, "dropout"),
        (#"{"kind":"cnn-s","dropout":-0.1}"#, "dropout"), (#"{"kind":"cnn-l","outputs":0}"#, "outputs"),
        (#"{"kind":"cnn-l","activation":"magic"}"#, "activation"), (#"{"kind":"lenet5","padding":-1}"#, "padding"),
        (#"{"kind":"lenet5","padding":99}"#, "padding"), (#"{"kind":"lenet5","image":[1,11,11],"padding":0}"#, "image"),
        (#"{"kind":"lenet5","pooling":"min"}"#, "pooling"), (#"{"kind":"resnet","depth":19}"#, "depth"),
        (#"{"kind":"resnet"}"#, "depth"), (#"{"kind":"resnet","depth":18,"width":0}"#, "width"),
        (#"{"kind":"resnet","depth":18,"width":4096}"#, "width"),
        (#"{"kind":"resnet","depth":18,"width":9223372036854775807}"#, "width"),
        (#"{"kind":"resnet","depth":18,"image":[-1,9,9]}"#, "image"), (#"{"kind":"vit","patch":0}"#, "patch"),
        (#"{"kind":"vit","patch":5}"#, "patch"), (#"{"kind":"vit","heads":5}"#, "heads"),
        (#"{"kind":"vit","heads":0}"#, "heads"), (#"{"kind":"vit","depth":100000}"#, "depth"),
        (#"{"kind":"vit","width":9223372036854775807}"#, "width"),
        (#"{"kind":"vit","width":16384,"heads":1,"depth":256}"#, "width"), (#"{"kind":"vit","hidden":-3}"#, "hidden"),
        (#"{"kind":"vit","dropout":1}"#, "dropout"), (#"{"kind":"vit","dropout":-0.1}"#, "dropout"),
        (#"{"kind":"encoder","vocabulary":9,"length":4,"outputs":2,"dropout":2}"#, "dropout"),
        (#"{"kind":"encoder","length":4,"outputs":2}"#, "vocabulary"),
        (#"{"kind":"encoder","vocabulary":0,"length":4,"outputs":2}"#, "vocabulary"),
        (#"{"kind":"encoder","vocabulary":9,"length":-4,"outputs":2}"#, "length"),
        (#"{"kind":"encoder","vocabulary":16777216,"length":4,"outputs":2,"width":16384}"#, "width"),
    ]

    @Test("impossible extents are refused, and the key is named", arguments: refusals)
    func refusal(_ json: String, _ key: String) {
        #expect {
            _ = try Self.decoded(json)
        } throws: { error in
            switch error as? DecodingError {
            case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context):
                context.codingPath.contains { $0.stringValue == key }
            case .keyNotFound(let missing, _): missing.stringValue == key
            default: false
            }
        }
    }

    /// Every whole number of every description replaced by extreme ones: read or refused, never a trap; and what is
    /// read can be laid out.
    @Test("extreme extents are read or refused", arguments: sampleArchitectures)
    func extremes(_ architecture: Architecture) throws {
        let text = try Self.encoded(architecture)
        var (taken, refused) = (0, 0)
        let extremes = [Int.min, -1, 0, 1, 2, 3, 17, 4096, 4097, 1 << 14, 1 << 24, 1 << 31, 1 << 62, Int.max]
        for match in text.matches(of: /[0-9]+(?=[,}\]])/) where match.range.lowerBound > text.startIndex {
            for extreme in extremes {
                let changed = text.replacingCharacters(in: match.range, with: "\(extreme)")
                guard let other = try? Self.decoded(changed) else {
                    refused += 1
                    continue
                }
                taken += 1
                #expect(other.input.count > 0 && other.outputs > 0)
                #expect(other.layout.count <= ConfigCheck.mostParameters + 1 << 24, "\(changed)")
            }
        }
        #expect(taken > 0 && refused > 0)
    }

    @Test("impossible extents from code end the process")
    func traps() async {
        await #expect(processExitsWith: .failure) { _ = ZooCNN.Config(size: .small, outputs: 0) }
        await #expect(processExitsWith: .failure) { _ = ResNet.Config(depth: 50) }
        await #expect(processExitsWith: .failure) { _ = VisionTransformer.Config(patch: 3) }
        await #expect(processExitsWith: .failure) { _ = TokenEncoder.Config(vocabulary: 0, length: 1, outputs: 1) }
    }

    @Test("inputs and outputs", arguments: sampleArchitectures)
    func inputs(_ architecture: Architecture) {
        let sample = SampleNetwork(architecture)
        let x = Formula.inputs(architecture.input, 2)
        #expect(x.shape == [2, architecture.input.count] && sample.outputs(x).shape == [2, architecture.outputs])
    }
}
