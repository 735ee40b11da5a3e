import Foundation
import Testing

@testable import Basics

@Suite("Provenance")
struct ProvenanceTests {
    private let step = Provenance.Step(
        "align", settings: String(repeating: "a", count: 64),
        parents: [.init("zoo", sha256: String(repeating: "b", count: 64))])

    @Test("A step is one line: seed, settings and parents by twelve digits of their checksums")
    func text() {
        #expect(step.text == "align: settings aaaaaaaaaaaa, from zoo bbbbbbbbbbbb")
        #expect(Provenance.Step("zoo random", seed: 7).text == "zoo random: seed 7")
        #expect(Provenance.Step("finish logits").text == "finish logits")
    }

    @Test("Steps are added at the end, also to what is not known")
    func adding() {
        let first = Provenance.Step("zoo train", seed: 0)
        #expect(Provenance([first]).adding(step).steps == [first, step])
        #expect(Provenance?.none.adding(step).steps == [step])
        #expect(Provenance?.some(Provenance([first])).adding(step).steps.count == 2)
    }

    @Test("JSON reads back, also the largest seed; what is not known is left out")
    func coding() throws {
        let chain = Provenance([.init("zoo train", seed: .max), step])
        let data = try JSONEncoder().encode(chain)
        #expect(try JSONDecoder().decode(Provenance.self, from: data) == chain)
        #expect(!String(decoding: try JSONEncoder().encode(Provenance.Step("x")), as: UTF8.self).contains("seed"))
    }
}
