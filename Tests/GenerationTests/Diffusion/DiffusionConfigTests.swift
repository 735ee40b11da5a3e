import Testing

@testable import Basics
@testable import Generation

@Suite("What diffusions' settings say")
struct DiffusionConfigTests {
    @Test("EDM's limits, each with its message")
    func edm() {
        let wrong: [((inout EDMConfig) -> Void, String)] = [
            ({ $0.dataStd = 1e-10 }, "dataStd must be 1e-9 to 1e9, it is 1e-10"),
            ({ $0.sigmaMin = 1e-10 }, "1e-9 <= sigmaMin < sigmaMax <= 1e9, they are 1e-10, 80.0"),
            ({ $0.sigmaMax = 0.002 }, "1e-9 <= sigmaMin < sigmaMax <= 1e9, they are 0.002, 0.002"),
            ({ $0.rho = 0.5 }, "rho must be 1 to 100, it is 0.5"),
            ({ $0.logMean = 21 }, "logMean must be -20 to 20, it is 21.0"),
            ({ $0.logStd = 6 }, "logStd must be 0 to 5, it is 6.0"),
        ]
        for (change, message) in wrong {
            var config = EDMConfig()
            change(&config)
            #expect(config.problem == message)
            #expect(config.problems().map(\.description) == ["these settings do not go together: \(message)"])
        }
        var edge = EDMConfig()
        (edge.dataStd, edge.sigmaMin, edge.sigmaMax, edge.rho) = (1e9, 1e-9, 1e9, 1)
        (edge.logMean, edge.logStd) = (-20, 0)
        #expect(edge.problem == nil, "limits belong to what is allowed")
    }

    @Test("DDPM's limits, each with its message")
    func ddpm() {
        let wrong: [((inout DDPMConfig) -> Void, String)] = [
            ({ $0.steps = 0 }, "steps must be 1 to 100000, they are 0"),
            ({ $0.betaStart = 1e-9 }, "1e-8 <= betaStart <= betaEnd < 1, they are 1e-09, 0.02"),
            ({ $0.betaStart = 0.03 }, "1e-8 <= betaStart <= betaEnd < 1, they are 0.03, 0.02"),
            ({ $0.betaEnd = 0.5 }, "1000 steps with betas from 0.0001 to 0.5 leave alpha below 1e-7"),
            ({ $0.clip = -1 }, "clip must be positive, it is -1.0"),
        ]
        for (change, message) in wrong {
            var config = DDPMConfig()
            change(&config)
            #expect(config.problem == message)
        }
    }

    @Test("a cosine schedule wants no betas, and a limit where the net says the noise")
    func cosine() {
        var config = DDPMConfig()
        config.schedule = .cosine
        let clip =
            "clip: expected a limit of codes with schedule: cosine and parameterization: noise, found null "
            + "(its first step divides errors by 5e-5; or parameterization: velocity)"
        #expect(config.problems().map(\.description) == [clip])
        config.betaEnd = 0.01
        config.clip = 3
        let beta = "betaEnd: expected not to be set with schedule: cosine, found 0.01"
        #expect(config.problems().map(\.description) == [beta])
        config.betaEnd = DDPMConfig().betaEnd
        #expect(config.problems().isEmpty)
        (config.clip, config.parameterization) = (nil, .velocity)
        #expect(config.problems().isEmpty)
    }

    @Test("usual steps by method, and the most that a chain has")
    func steps() {
        var short = DDPMConfig()
        short.steps = 12
        let ddpm = DDPMConfig().methods.map { DDPMConfig().usualSteps(of: $0) }
        #expect(ddpm == [1000, 50, 18, 100, 100, 100, nil])
        #expect(short.methods.map { short.usualSteps(of: $0) } == [12, 12, 12, 100, 100, 100, nil])
        #expect(short.methods.map { short.mostSteps(of: $0) } == [12, 12, 12, nil, nil, nil, nil])
        short.schedule = .continuous
        #expect(short.methods.allSatisfy { short.mostSteps(of: $0) == nil }, "there is always a step between")
        #expect(EDMConfig().methods.map { EDMConfig().usualSteps(of: $0) } == [18, 1000, 50, 100, 100, 100, nil])
        #expect(EDMConfig().methods.allSatisfy { EDMConfig().mostSteps(of: $0) == nil })
    }

    @Test("a method that is not set is the process's first")
    func usual() {
        let plain = SamplingConfig()
        #expect(plain.method(of: FlowConfig()) == .rk4 && plain.steps(of: FlowConfig()) == 100)
        #expect(plain.method(of: DDPMConfig()) == .ancestral && plain.steps(of: DDPMConfig()) == 1000)
        #expect(plain.method(of: EDMConfig()) == .heun && plain.steps(of: EDMConfig()) == 18)
        for method in SamplingConfig.Method.allCases {
            #expect(SamplingConfig.Method(rawValue: method.rawValue) == method)
        }
        #expect(SamplingConfig.Method(rawValue: "rk5") == nil)
    }

    @Test("noises that would leave single precision with the codes' width are refused, unless they stay")
    func rescaled() throws {
        var config = EDMConfig()
        let error = #expect(throws: DataError.self) { try config.check(codeStd: 1e8) }
        let found = try #require(error)
        #expect(found.path == "process" && found.kind == .configuration)
        #expect(found.expected.hasPrefix("noises that can be scaled to codes of root mean square "))
        #expect(found.found.hasPrefix("1e-9 <= sigmaMin < sigmaMax <= 1e9, they are "))
        config.rescale = false
        try config.check(codeStd: 1e8)
        #expect(try config.startStd(codeStd: 1e8) == 80)
        config.rescale = true
        let doubled = try #require(try config.startStd(codeStd: 1))
        #expect(abs(doubled - 160) < 1e-9)
        #expect(try DDPMConfig().startStd(codeStd: 5) == 1 && FlowConfig().startStd(codeStd: 5) == nil)
    }
}
