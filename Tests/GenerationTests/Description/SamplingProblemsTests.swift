import Testing

@testable import Basics
@testable import Generation

@Suite("What sampling is refused for")
struct SamplingProblemsTests {
    private static func problems(
        _ process: any ProcessConfig, kind: String = "flow", _ change: (inout SamplingConfig) -> Void
    ) -> [String] {
        var sampling = SamplingConfig()
        change(&sampling)
        return sampling.problems(with: process, kind: kind).map(\.description)
    }

    @Test("a method of another process: the right ones are named, and nothing else is said")
    func foreign() {
        let flow =
            "method: expected one of rk4, euler, midpoint, heun, dopri5, euler-maruyama with process.kind: flow, found "
        for method in [SamplingConfig.Method.ancestral, .ddim] {
            #expect(Self.problems(FlowConfig()) { ($0.method, $0.churn) = (method, 1) } == [flow + method.rawValue])
        }
        let ddpm =
            "method: expected one of ancestral, ddim, heun, rk4, euler, midpoint, dopri5 with process.kind: ddpm, "
            + "found euler-maruyama"
        #expect(Self.problems(DDPMConfig(), kind: "ddpm") { $0.method = .eulerMaruyama } == [ddpm])
    }

    @Test("settings of one method are refused with every other")
    func owned() {
        typealias Change = (inout SamplingConfig) -> Void
        let owned: [(change: Change, owner: SamplingConfig.Method, text: String)] = [
            ({ $0.tolerance = 0.001 }, .dormandPrince, "tolerance: expected null with method: %, found 0.001"),
            ({ $0.eta = 0.5 }, .ddim, "eta: expected null with method: %, found 0.5"),
            ({ $0.variance = .forward }, .ancestral, "variance: expected null with method: %, found forward"),
            ({ $0.churn = 3 }, .heun, "churn: expected null with method: %, found 3.0"),
            ({ $0.strength = 2 }, .eulerMaruyama, "strength: expected null with method: %, found 2.0"),
        ]
        for (change, owner, text) in owned {
            for method in EDMConfig().methods {
                let found = Self.problems(EDMConfig(), kind: "edm") {
                    $0.method = method
                    change(&$0)
                }
                let parts = text.split(separator: "%")
                #expect(found == (method == owner ? [] : ["\(parts[0])\(method.rawValue)\(parts[1])"]))
            }
        }
        #expect(Self.problems(FlowConfig()) { ($0.method, $0.strength) = (.eulerMaruyama, 2) }.isEmpty)
    }

    @Test("a flow's heun adds no noise; fixed steps need no tolerance")
    func conditions() {
        let churn = "churn: expected null with method: heun, found 3.0"
        #expect(Self.problems(FlowConfig()) { ($0.method, $0.churn) = (.heun, 3) } == [churn])
        let tolerance = "tolerance: expected null with method: dopri5, found 0.01"
        let change: (inout SamplingConfig) -> Void = { ($0.method, $0.tolerance) = (.dormandPrince, 0.01) }
        #expect(Self.problems(FlowConfig(), change).isEmpty)
        #expect(
            Self.problems(FlowConfig()) {
                change(&$0); $0.steps = 10
            } == [tolerance])
    }

    @Test("a chain has no more steps than it has")
    func steps() {
        var config = DDPMConfig()
        config.steps = 30
        let text = "steps: expected at most process.steps, 30, found 31"
        for method in [SamplingConfig.Method.ancestral, .ddim, .heun] {
            #expect(Self.problems(config, kind: "ddpm") { ($0.method, $0.steps) = (method, 30) }.isEmpty)
            #expect(Self.problems(config, kind: "ddpm") { ($0.method, $0.steps) = (method, 31) } == [text])
        }
        #expect(Self.problems(config, kind: "ddpm") { ($0.method, $0.steps) = (.rk4, 31) }.isEmpty)
        config.schedule = .continuous
        #expect(Self.problems(config, kind: "ddpm") { $0.steps = 31 }.isEmpty)
    }

    @Test("several problems are all said, in the order of the keys")
    func several() {
        let found = Self.problems(FlowConfig()) {
            ($0.tolerance, $0.eta, $0.strength, $0.variance, $0.churn) = (0.1, 1, 1, .posterior, 1)
        }
        let keys = ["tolerance", "eta", "strength", "variance", "churn"]
        #expect(found.map { String($0.prefix { $0 != ":" }) } == keys)
        #expect(found.allSatisfy { $0.contains("expected null with method: rk4") })
    }

    @Test("a tolerance is that of adaptive steps; steps make them fixed")
    func solver() {
        var sampling = SamplingConfig()
        sampling.method = .dormandPrince
        #expect(sampling.solver(.dormandPrince, of: FlowConfig()).tolerance == Tolerance())
        sampling.tolerance = 1e-3
        let expected = Tolerance(relative: 1e-3, absolute: 1e-3)
        #expect(sampling.solver(.dormandPrince, of: FlowConfig()).tolerance == expected)
        sampling.steps = 7
        #expect(sampling.solver(.dormandPrince, of: FlowConfig()) == Solver(.dormandPrince, steps: 7))
        #expect(throws: DataError.self) { try adaptive().fixedSteps(of: FlowConfig()) }
    }

    private func adaptive() -> SamplingConfig {
        var sampling = SamplingConfig()
        sampling.method = .dormandPrince
        return sampling
    }
}
