extension Baseline {
    /// For each generated network the zoo network nearest to it, as it is: what retrieval would have given. No rival:
    /// it only shows what copies look like.
    public static let nearestZoo = Baseline(
        "nearest-zoo", label: "nearest zoo network", isRival: false, group: .nearest, leastZoo: 1
    ) { zoo, _ in .zooRows(zoo.nearest) }
}

extension Baseline.Family {
    static let nearestZoo = Baseline.Family(Baseline.nearestZoo)
}
