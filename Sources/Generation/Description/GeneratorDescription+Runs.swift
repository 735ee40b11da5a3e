import Basics
import Networks
import Tensors

extension GeneratorDescription {
    /// Whether checkpoints of whole runs are needed beside networks.
    public var needsCheckpoints: Bool { process.knots != nil || source.needsCheckpoints }

    /// What is wrong where there are networks alone.
    static let checkpointsMissing = DataError(
        .configuration, path: "process.kind", expected: "a process and a source that need no checkpoints",
        found: "others", hint: "train(onRuns:) learns from whole runs")

    /// A net that is fitted is fitted to pairs of checkpoints, and not trained.
    func potentialProblems() -> [ConfigProblem] {
        guard net.isFitted else { return [] }
        var problems: [ConfigProblem] = []
        if !(process.member is TransitionConfig) {
            problems.append(
                ConfigProblem("process.kind", expected: "jko with generator.kind: \(net.kind)", found: process.kind))
        }
        if training != TrainingConfig() {
            problems.append(
                ConfigProblem(
                    "training", expected: "no settings with generator.kind: \(net.kind)", found: "some",
                    hint: "it is fitted in closed form"))
        }
        return problems
    }

    /// The same as `train(on:)` from whole runs, whose last checkpoints are the networks, without conditions.
    ///
    /// A process that learns from whole runs has its coordinates fitted to all their checkpoints; others to the last
    /// ones. Throws as `train(on:)`, and where a run has too few checkpoints, steps that do not rise, or none at the
    /// start that is asked for.
    public func train(
        onRuns runs: RunCheckpoints, layout: ParameterLayout, validation: RunCheckpoints? = nil,
        initialization: Initialization? = nil, seed: UInt64, observe: (TrainingStep) throws -> Bool = { _ in true }
    ) throws -> Generator {
        let problems = problems(knowing: initialization)
        guard problems.isEmpty else { throw ConfigError(problems) }
        guard runs.steps.count >= 2, runs.steps.allSatisfy({ !$0.isEmpty }), runs.weights.shape[1] == layout.count
        else {
            throw DataError(
                .malformed, path: runs.path, expected: "at least two runs of networks with \(layout.count) weights",
                found: "\(runs.steps.count) with \(runs.weights.shape[1])")
        }
        try net.member.check(layout)
        let coordinates = try coordinates.member.fit(
            process.knots == nil ? runs.ends : runs.weights, validation: validation?.ends,
            CoordinatesFitting(layout: layout, seed: seed))
        let codes = coordinates.encode(runs.ends)
        var parts = try GeneratorParts(
            self, layout: layout, coordinates: coordinates, codeStd: EDMConfig.dataStd(of: codes),
            initialization: initialization)
        parts.checkpoints = runs
        let learned = try process.knots?.trajectories(of: runs, in: coordinates)
        parts.knots = learned?.typicalTimes ?? []
        let source = try parts.source(runs.ends)
        if let net = parts.net as? any FittedNet, let learned {
            return try parts.generator(net.fitted(to: learned), source)
        }
        let watched = try validation.map { runs in
            try process.knots?.trajectories(of: runs, in: coordinates).packed ?? coordinates.encode(runs.ends)
        }
        let work = GeneratorTraining(
            config: training, net: parts.net, objective: try parts.objective(source), seed: seed)
        var state = work.start()
        let outcome = try work.run(&state, codes: learned?.packed ?? codes, validation: watched, observe: observe)
        if case .diverged = outcome { return try parts.generator(state.kept ?? work.start().parameters, source) }
        return try parts.generator(state.samplingParameters, source, guide: state.guide)
    }
}
