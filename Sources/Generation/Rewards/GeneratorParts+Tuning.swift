import Basics
import Networks
import Tensors

extension GeneratorDescription {
    /// Why no generator of this description can be tuned to a reward along trajectories of `steps` steps; nothing where one
    /// can.
    public func tuningProblems(steps: Int) -> [ConfigProblem] {
        let process = process.member
        do {
            _ = try process.chain(GaussianSource(dimension: 1, std: 1), codeStd: 1, steps: steps)
        } catch let error as DataError {
            return [ConfigProblem(error.path, expected: error.expected, found: error.found, hint: error.hint)]
        } catch {
            return []
        }
        let isMatched = source.member is MatchedSource.Config && coordinates.keepsPlaces
        guard !process.isDiffusion, !source.isGaussian, !isMatched else { return [] }
        return [
            ConfigProblem(
                "source.kind",
                expected: "gaussian, or matched in coordinates that keep weights in their places, with tuning",
                found: source.kind,
                hint: "noise that forgets the start leads back to a Gaussian of independent elements")
        ]
    }
}

extension GeneratorParts {
    /// A trained generator's process as a memoryless chain, along which it can be tuned to a reward. Throws `DataError`
    /// where the process or the source has none.
    public func chain(_ source: any Source, steps: Int) throws -> MemorylessChain {
        try description.process.member.chain(source, codeStd: codeStd, steps: steps)
    }
}
