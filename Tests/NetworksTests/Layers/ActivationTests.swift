import Foundation
import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Activations")
struct ActivationTests {
    private static func activation(_ expected: TorchCase) -> Activation? {
        switch expected.name.prefix(while: { $0 != "," }).prefix(while: { $0 != " " }) {
        case "leaky_relu": .leakyReLU(slope: expected.options["slope"]?.double ?? .nan)
        case "elu": .elu(alpha: expected.options["alpha"]?.double ?? .nan)
        case "gelu": expected.options["approximate"]?.string == "tanh" ? .geluTanh : .gelu
        case let name: Activation(named: String(name))
        }
    }

    @Test(
        "value, first and second derivative against PyTorch, at the kink and far out too",
        arguments: try TorchCase.family("activations"))
    func torch(_ expected: TorchCase) throws {
        let activation = try #require(Self.activation(expected))
        let comparison = try TorchComparison(expected, ["x"]) { activation($0[0]) }
        #expect(comparison.agrees, "\(comparison)")
        let x = try expected.input("x")
        let second = gradient(at: x) { x in gradient(at: x) { activation($0).sum() }.gradient.sum() }.gradient
        // At 0 curvatures jump: PyTorch's of elu is the upper branch's there, ours the lower one's.
        let elsewhere = 1 - x.isEqual(to: .zeros([], precision: .double))
        let difference = (second - (try expected.output("second_derivative"))) * elsewhere
        #expect(relativeDifference(difference, second * 0, floor: 1) < 1e-10)
    }

    @Test("every kind is compared at its kink")
    func coverage() throws {
        let kinks = try TorchCase.family("activations", where: { $0.hasSuffix("far out") }).compactMap(Self.activation)
        #expect(Set(kinks.map(\.name)) == Set(Activation.allCases.map(\.name)))
    }

    @Test("derivatives of every order agree with differences", arguments: Activation.allCases)
    func derivatives(_ activation: Activation) {
        let check = DerivativeCheck(at: [normalDoubles([40])]) { [activation($0[0])] }
        #expect(max(check.vjp, check.jvp, check.adjoint, check.symmetry) < 1e-6, "\(check)")
        #expect(check.hessian < 1e-5 && check.single < 1e-5, "\(check)")
    }

    @Test("nothing overflows far out, in value or gradient", arguments: Activation.allCases)
    func farOut(_ activation: Activation) {
        let x = Tensor([-1e18, -1e4, -200, 200, 1e4, 1e18] as [Float], shape: [6])
        let (value, pull) = pullback(at: x) { activation($0) }
        #expect(value.isFinite && pull(.ones([6])).isFinite, "\(value)")
    }

    @Test("elu keeps its digits near 0, where e^x - 1 would lose them")
    func digits() {
        let x = Tensor([-1e-3, -1e-5, -1e-7] as [Float], shape: [3])
        for (found, x) in zip(x.elu().doubles, x.doubles) { #expect(abs(found / expm1(x) - 1) < 1e-6) }
    }

    @Test("selu keeps mean 0 and variance 1 of normal numbers")
    func selfNormalizing() {
        var stream = RandomStream(seed: 1, purpose: "selu")
        let moments = Moments(Activation.selu(stream.normal([200_000])).doubles)
        #expect(abs(moments.mean) < 0.01 && abs(moments.variance - 1) < 0.02)
    }

    @Test("scalings that an activation permits leave a unit's function alone", arguments: Activation.allCases)
    func scaling(_ activation: Activation) {
        let x = normalDoubles([1000]) * 3
        let positive = relativeDifference(activation(x * 2.5) / 2.5, activation(x)) < 1e-12
        let sign = relativeDifference(-activation(-x), activation(x)) < 1e-12
        let found: SymmetryGroup.Scaling = positive ? .positive : sign ? .sign : .none
        #expect(found == activation.scaling)
    }
}

@Suite("Activations in files")
struct ActivationCodingTests {
    private static func text(_ activation: Activation) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(activation), as: UTF8.self)
    }

    private static func read(_ json: String) throws -> Activation {
        try JSONDecoder().decode(Activation.self, from: Data(json.utf8))
    }

    @Test(
        "the names that files hold",
        arguments: [
            ("relu", Activation.relu), ("tanh", .tanh), ("gelu", .gelu), ("sigmoid", .sigmoid), ("silu", .silu),
            ("leaky-relu", .leakyReLU(slope: 0.01)), ("gelu-tanh", .geluTanh), ("elu", .elu(alpha: 1)),
            ("selu", .selu), ("softplus", .softplus),
        ])
    func names(_ name: String, _ activation: Activation) throws {
        #expect(try Self.text(activation) == "\"\(name)\"")
        #expect(try Self.read("\"\(name)\"") == activation)
        #expect(try Self.read("{\"kind\":\"\(name)\"}") == activation)
        #expect(activation.name == name && Activation(named: name) == activation)
        #expect(Activation.allCases.contains(activation) && Activation.allCases.count == 10)
    }

    @Test("parameters stand beside the kind")
    func parameters() throws {
        #expect(try Self.text(.leakyReLU(slope: 0.25)) == #"{"kind":"leaky-relu","slope":0.25}"#)
        #expect(try Self.text(.elu(alpha: 0.5)) == #"{"alpha":0.5,"kind":"elu"}"#)
        #expect(try Self.read(#"{"kind":"leaky-relu","slope":0.25}"#) == .leakyReLU(slope: 0.25))
        #expect(try Self.read(#"{"kind":"elu","alpha":0.5}"#) == .elu(alpha: 0.5))
    }

    @Test(
        "what is no activation is refused",
        arguments: [
            #""magic""#, #""ReLU""#, #""leaky_relu""#, "{}", #"{"kind":"magic"}"#, "5", "[]", "null",
            #"{"kind":"elu","alpha":"x"}"#,
        ])
    func refusals(_ json: String) {
        #expect(throws: DecodingError.self) { try Self.read(json) }
    }

    @Test("an unknown name is in the message, with the known ones")
    func message() {
        #expect {
            try Self.read(#""magic""#)
        } throws: { error in
            "\(error)".contains("magic") && "\(error)".contains("leaky-relu")
        }
    }
}
