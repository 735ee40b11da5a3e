import Generation
import Networks
import Tensors
import Testing

@testable import Basics
@testable import Laboratory

/// A net of this test: v = w x, one weight a number of the code.
private struct ScalingNet: VelocityNet {
    let layout: ParameterLayout
    let dimension: Int

    init(dimension: Int) {
        var builder = ParameterLayout.Builder()
        _ = builder.addSlot("w", shape: [dimension], role: .weight)
        layout = builder.layout()
        self.dimension = dimension
    }

    func initialParameters(seed: UInt64) -> Tensor { .zeros([layout.count]) }

    func callAsFunction(_ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass) -> Tensor {
        input.x * parameters.flat
    }

    struct Config: VelocityNetConfig {
        var factor = 2.0
        var inner = Described<InnerFamily>()

        static let keys =
            [ConfigKey("factor", .number(above: 0), "A factor.")] + .section("inner", Described<InnerFamily>.self)

        func problems() -> [ConfigProblem] {
            factor > 9 ? [ConfigProblem("factor", expected: "at most 9", found: "\(factor)")] : []
        }

        func net(dimension: Int, layout: ParameterLayout) throws -> any VelocityNet { ScalingNet(dimension: dimension) }

        var label: String { "scaling" }
        var size: (name: String, value: Int) { ("factor", Int(factor)) }
    }
}

/// A family inside a kind.
private enum InnerFamily: ConfigFamily {
    static let standard: ConfigKinds<any ComponentConfig> = [
        ConfigKind("plain", NoSettings.self, "nothing") { $0 }
    ]
}

private struct Deep: ComponentConfig {
    var depth = 3
    static let keys = [ConfigKey("depth", .integer(1...5), "The depth.")]
}

@Suite("Kinds of a section, from a table that is handed to the resolver")
struct ConfigKindTests {
    private static let tables = ConfigTables.standard
        .with(
            VelocityNetFamily.self,
            VelocityNetFamily.standard + [ConfigKind("scaling", ScalingNet.Config.self, "a net of this test") { $0 }]
        )
        .with(InnerFamily.self, InnerFamily.standard + [ConfigKind("deep", Deep.self, "with a depth") { $0 }])

    private static func run(_ yaml: String) throws -> ConfigResolver<ExperimentConfig>.Run {
        try ConfigResolver<ExperimentConfig>(tables).plan(YAMLReader.read(yaml, file: "x.yaml")).runs[0]
    }

    private static func problems(_ yaml: String) throws -> [ConfigProblem] {
        let error = #expect(throws: ConfigError.self) { _ = try run(yaml) }
        return try #require(error).problems
    }

    @Test("One more line of a table is a kind with keys, defaults, decoding, a resolved file and a maker")
    func added() throws {
        let run = try Self.run("generator: {kind: scaling, inner: {kind: deep, depth: 4}}")
        #expect(run.tree["generator"]?.yaml == "kind: scaling\nfactor: 2.0\ninner:\n  kind: deep\n  depth: 4\n")
        let settings = try #require(run.config.net.member as? ScalingNet.Config)
        #expect(settings.factor == 2 && settings.inner.kind == "deep" && run.config.net.kind == "scaling")
        #expect((settings.inner.member as? Deep)?.depth == 4)
        #expect(run.config.net.name == "scaling, factor 2")
        let net = try run.config.net.member.net(dimension: 3, layout: Small.network.layout)
        #expect(net.layout.count == 3)
        #expect(try run.tree.decode(ExperimentConfig.self, Self.tables) == run.config)
        #expect(try Tree(encoding: run.config).decode(ExperimentConfig.self, Self.tables) == run.config)
    }

    @Test("The kind's keys are in messages and in the schema")
    func messages() throws {
        #expect(try Self.problems("generator: {kind: scaling, factor: 10}").map(\.path) == ["generator.factor"])
        #expect(try Self.problems("generator: {kind: scaling, hidden: 3}").map(\.path) == ["generator.hidden"])
        #expect(
            try Self.problems("generator: {factor: 3}").first?.description.contains("generator.kind: scaling") == true)
        #expect(try Self.problems("generator: {kind: scalin}").first?.description.contains("scaling") == true)
        let deep = try Self.problems("generator: {kind: scaling, inner: {depth: 2}}")
        #expect(deep.first?.description.contains("generator.inner.kind: deep") == true, "\(deep)")
        let schema = ConfigSchema(ExperimentConfig.self, Self.tables)
        let key = try #require(schema.keys.first { $0.path == "generator.inner.depth" })
        #expect(key.conditions.map(\.path) == ["generator.kind", "generator.inner.kind"])
        #expect(key.conditions.map(\.kind) == ["scaling", "deep"] && schema.discrepancies.isEmpty)
        #expect(schema.jsonSchema.text().contains("a net of this test"))
    }

    @Test("The standard tables do not know it: nothing was registered")
    func standard() throws {
        let text = try YAMLReader.read("generator: {kind: scaling}", file: "x")
        let error = #expect(throws: ConfigError.self) { try ConfigResolver<ExperimentConfig>().plan(text) }
        let said = try #require(error).problems.first?.description ?? ""
        #expect(said.contains("flow-mlp, residual-mlp, unet-1d, neuron-transformer, potential"), "\(said)")
        #expect(said.contains("found \"scaling\""), "\(said)")
        let tree = try Self.run("generator: {kind: scaling}").tree
        #expect(throws: ConfigError.self) { try tree.decode(ExperimentConfig.self) }
    }

    @Test("Members are equal with the same kind and settings only")
    func equality() {
        typealias Source = Described<SourceFamily>
        var wide = GaussianSource.Config()
        wide.std = 2
        #expect(Source() == Source(GaussianSource.Config()) && Source(wide) != Source())
        #expect(Source(FittedGaussianSource.Config()) != Source() && Source(wide).kind == "gaussian")
    }
}
