import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("What is left over is named, and --skip with that name helps")
struct LeftOverTests {
    private typealias Shapes = [(String, [Int])]
    private static let plain: Shapes = [("0.weight", [3, 4]), ("0.bias", [3]), ("2.weight", [2, 3]), ("2.bias", [2])]

    private static func under(_ prefix: String, _ shapes: Shapes) -> Shapes { shapes.map { ("\(prefix).\($0)", $1) } }

    private func tensors(_ shapes: [(String, [Int])]) -> [ForeignTensor] {
        ForeignNetwork(shapes.map { ($0, $1, [Float](repeating: 0, count: $1.reduce(1, *))) }).tensors
    }

    @Test("very many tensors of other names are refused in a moment")
    func many() throws {
        let shapes = (0..<20_000).map { ("layer\($0).weight", [2, 1]) }
        let start = ContinuousClock.now
        let error = dataError {
            _ = try TensorMapping(tensors(shapes), layout: smallArchitecture.layout, place: "many")
        }
        #expect(error?.kind == .malformed && error?.found.contains("more") == true)
        #expect(start.duration(to: .now) < .seconds(60))
    }

    @Test(
        "tensors, modules, all of one last part, all below a prefix",
        arguments: [
            (plain + [("criterion.weight", [2])], "criterion.weight [2]", "criterion.weight"),
            ([("pos", [1, 5])] + plain, "pos [1, 5]", "pos"),
            (plain + [("scaled_fp8", [0])], "scaled_fp8 [0]", "scaled_fp8"),
            (under("net", plain) + [("loss.weight", [2])], "loss.weight [2]", "loss.weight"),
            (plain + [("aux.weight", [5, 3]), ("aux.bias", [5])], "aux.weight [5, 3]", "\"aux.*\""),
            (plain.flatMap { [$0, ($0.0 + ".fp8", [0])] }, "0.weight.fp8 [0]", "\"*.fp8\""),
            (
                under("netG", plain) + under("netD", [("0.weight", [7, 4]), ("0.bias", [7])]), "netD.0.weight [7, 4]",
                "\"netD.0.*\""
            ),
            (
                under("netD", [("0.weight", [7, 4]), ("2.weight", [1, 7])]) + under("netG", plain),
                "netD.0.weight [7, 4]", "\"netD.*\""
            ),
        ] as [([(String, [Int])], String, String)])
    func extras(shapes: [(String, [Int])], names: String, skip: String) throws {
        let all = tensors(shapes)
        let layout = smallArchitecture.layout
        let error = try #require(dataError { _ = try TensorMapping(all, layout: layout, place: "x") })
        #expect(error.found.contains(names) && error.hint.hasPrefix("--skip \(skip) leaves"), "\(error)")
        let pattern = NamePattern(wildcard: skip.filter { $0 != "\"" })
        let kept = all.filter { pattern.match($0.name) == nil }
        #expect(throws: Never.self) { try TensorMapping(kept, layout: layout, place: "x") }
    }

    @Test("several modules at once, each with its own --skip")
    func several() throws {
        let all = tensors(Self.plain + [("criterion.weight", [10]), ("mean", [1, 64]), ("std", [1, 64])])
        let error = try #require(
            dataError { _ = try TensorMapping(all, layout: smallArchitecture.layout, place: "x") })
        #expect(error.hint == "--skip criterion.weight --skip mean --skip std leaves them out", "\(error)")
        #expect(error.found.contains("criterion.weight [10], mean [1, 64], std [1, 64]"))
    }

    @Test(
        "what changes the computation is not simply to be left out",
        arguments: ["0.weight_scale", "0.mask", "temperature", "logit_scale"])
    func factors(_ name: String) throws {
        let all = tensors(Self.plain + [(name, [3, 1])])
        let error = try #require(
            dataError { _ = try TensorMapping(all, layout: smallArchitecture.layout, place: "x") })
        #expect(error.hint.contains("changes what the network computes"), "\(error)")
    }

    @Test("two networks that both fit are told apart by the person")
    func rivals() throws {
        let all = tensors(Self.under("netG", Self.plain) + Self.under("netD", Self.plain))
        let error = try #require(
            dataError { _ = try TensorMapping(all, layout: smallArchitecture.layout, place: "x") })
        #expect(
            error.found == "two that fit, netG and netD" && error.hint.contains("--skip \"netD.*\" takes netG, --skip"))
    }

    @Test(
        "where the architecture is another one, the message has the right one",
        arguments: [
            (
                plain.map { ($0.0, $0.1 == [3, 4] ? [3, 5] : $0.1) },
                #"'{"activation":"relu","kind":"mlp","widths":[5,3,2]}'"#
            ),
            (
                [("0.weight", [3, 4]), ("0.bias", [3]), ("1.weight", [3]), ("1.bias", [3])] + plain.suffix(2),
                #""norm":"layer""#
            ),
            ([("0.weight", [3, 4]), ("2.weight", [2, 3])], #""bias":false"#),
            (
                [("conv1.weight", [8, 1, 3, 3]), ("conv1.bias", [8]), ("fc.weight", [10, 128]), ("fc.bias", [10])],
                #""kind":"cnn""#
            ),
        ] as [([(String, [Int])], String)])
    func proposals(shapes: [(String, [Int])], says: String) throws {
        let error = try #require(
            dataError { _ = try TensorMapping(tensors(shapes), layout: smallArchitecture.layout, place: "x") })
        #expect(error.hint.contains(says), "\(error)")
    }

    @Test("a matrix that is only turned is said to be")
    func turned() throws {
        let error = try #require(
            dataError {
                _ = try TensorMapping(
                    tensors([("layers.0.weight", [4, 3])]), layout: smallArchitecture.layout, place: "x")
            })
        #expect(error.hint.contains("--matrices in-out"))
    }

    @Test("long lists are cut with a count")
    func cut() throws {
        let shapes = (0..<9).map { ("odd\($0)", [$0 + 1, 2, 2]) }
        let error = try #require(
            dataError { _ = try TensorMapping(tensors(shapes), layout: smallArchitecture.layout, place: "x") })
        #expect(error.found.hasSuffix("and 5 more"), "\(error)")
    }
}
