import Foundation
import Testing

@testable import Networks

@Suite("Architectures")
struct ArchitectureTests {
    private static func decoded(_ json: String) throws -> Architecture {
        try JSONDecoder().decode(Architecture.self, from: Data(json.utf8))
    }

    @Test("the file's form, exactly")
    func fileForm() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let architecture = Architecture.mlp(.init(widths: [64, 32, 32, 10], activation: .relu))
        let text = String(decoding: try encoder.encode(architecture), as: UTF8.self)
        #expect(text == #"{"activation":"relu","kind":"mlp","widths":[64,32,32,10]}"#)
        #expect(try Self.decoded(#"{"kind":"mlp","widths":[64,32,32,10],"activation":"relu"}"#) == architecture)
        #expect(try Self.decoded(#"{"kind":"mlp","widths":[64,32,32,10]}"#) == architecture, "ReLU where none is said")
    }

    @Test("every activation is written and read", arguments: Activation.allCases)
    func activations(_ activation: Activation) throws {
        let architecture = Architecture.mlp(.init(widths: [2, 3], activation: activation))
        #expect(try JSONDecoder().decode(Architecture.self, from: JSONEncoder().encode(architecture)) == architecture)
    }

    @Test(
        "unknown kinds, missing and impossible settings are refused",
        arguments: [
            #"{"kind":"transformer","widths":[1,2]}"#, #"{"widths":[1,2]}"#, #"{"kind":"mlp"}"#,
            #"{"kind":"mlp","widths":[]}"#,
            #"{"kind":"mlp","widths":[3]}"#, #"{"kind":"mlp","widths":[3,0,1]}"#, #"{"kind":"mlp","widths":[3,-1]}"#,
            #"{"kind":"mlp","widths":[3,16777217]}"#, #"{"kind":"mlp","widths":["a","b"]}"#,
            #"{"kind":"mlp","widths":[1.5,2]}"#,
            #"{"kind":"mlp","widths":[1,2],"activation":"magic"}"#, #"{"kind":5,"widths":[1,2]}"#, "[]",
        ])
    func refusals(_ json: String) {
        #expect(throws: DecodingError.self) { try Self.decoded(json) }
    }

    @Test("an unknown kind is named in the message, with the known ones")
    func message() {
        #expect {
            try Self.decoded(#"{"kind":"unet","widths":[1,2]}"#)
        } throws: { error in
            "\(error)".contains("unet") && "\(error)".contains("mlp, cnn, cnn-s")
        }
    }

    @Test(
        "the number of parameters", arguments: [([64, 32, 32, 10], 3466), ([784, 32, 32, 10], 26506), ([1, 1], 2)])
    func counts(_ widths: [Int], _ count: Int) {
        let architecture = Architecture.mlp(.init(widths: widths))
        #expect(architecture.layout.count == count && architecture.network.layout == architecture.layout)
        #expect(architecture.layout.slots.map(\.count).reduce(0, +) == count)
    }

    @Test("the largest widths that are read can be laid out, larger ones are refused")
    func extremes() throws {
        let layout = try Self.decoded(#"{"kind":"mlp","widths":[46340,46340]}"#).layout
        #expect(layout.count == 46_340 * 46_341)
        #expect(throws: DecodingError.self) { try Self.decoded(#"{"kind":"mlp","widths":[46341,46341]}"#) }
        #expect(throws: DecodingError.self) { try Self.decoded(#"{"kind":"mlp","widths":[16777216,16777216]}"#) }
    }
}
