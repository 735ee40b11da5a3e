import Networks
import Tensors

extension Baseline {
    /// Freshly initialised networks of the zoo's layout, He et al.'s uniform weights: no training at all, or none but the
    /// finish.
    public static let initialization = Baseline(
        "initialization", label: "fresh initialisation", isRival: true, group: .other, leastZoo: 1, needs: .layout
    ) { zoo, count in
        guard let layout = zoo.layout else { preconditionFailure("fresh initialisation: a source without a layout") }
        let rows = (0..<count).map { Initialization.heUniform.network(layout, zoo.stream("initialization", $0)) }
        return .weights(BaselineSource.stack(rows, width: layout.count))
    }
}

extension Baseline.Family {
    static let initialization = Baseline.Family(Baseline.initialization)
}
