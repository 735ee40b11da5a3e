import Evaluation
import Generation
import Tensors

extension ExperimentRun {
    /// Every trivial way to get networks from the zoo: noise, averages, Gaussians in code space.
    ///
    /// - zoo: the aligned training networks [N, D]; codes: the training networks' codes [N, K].
    func baselines(zoo: Tensor, codes: Tensor, coordinates: any Coordinates) -> [Population] {
        let count = config.evaluation.baselineCount
        let source = BaselinePopulations(zoo: zoo, seed: seed)
        var populations: [Population] = []
        for sigma in config.evaluation.noise {
            populations.append(
                Population(
                    what: Baseline.noise(sigma: sigma).what, label: "zoo + noise \(sigma)",
                    weights: source.noise(sigma: sigma, count: count)))
        }
        for members in config.evaluation.averages where members <= zoo.shape[0] {
            populations.append(
                Population(
                    what: Baseline.average(of: members).what, label: "average of \(members) aligned",
                    weights: source.averages(of: members, count: count)))
        }
        let gaussians = [
            (Baseline.gaussianDiagonal, "Gaussian, diagonal", source.gaussianDiagonal(codes: codes, count: count)),
            (Baseline.gaussianFull, "Gaussian, full covariance", source.gaussianFull(codes: codes, count: count)),
        ]
        for (baseline, label, drawn) in gaussians {
            populations.append(
                Population(what: baseline.what, label: label, weights: coordinates.decode(drawn), codes: drawn))
        }
        return populations
    }
}
