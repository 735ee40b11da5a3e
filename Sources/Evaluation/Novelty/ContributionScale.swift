/// The zoo's contributions, and what counts as distance 1 among them: the fresh networks' mean distance to their nearest
/// zoo network, or where there are none the zoo's own to its nearest other one.
struct ContributionScale: Sendable {
    private let zoo: Contributions
    private let unit: NoveltyUnit
    private let sharing: any WorkSharing
    /// For each fresh network its nearest zoo network.
    let freshToZoo: [Neighbour]
    /// For zoo networks their nearest others: without fresh networks, of at most `leaveOneOut` spread evenly; nil beside
    /// fresh ones, where nothing asks for it.
    let zooToZoo: [Neighbour]?

    /// Zoo networks whose own distances are measured where there are no fresh ones.
    static let leaveOneOut = 256

    /// Nil where contributions were not measured of both.
    init?(zoo: Contributions?, fresh: Contributions?, sharing: any WorkSharing = OneProcess()) {
        guard let zoo, zoo.count > 0 else { return nil }
        self.zoo = zoo
        self.sharing = sharing
        if let fresh {
            freshToZoo = fresh.nearest(in: zoo, sharing: sharing)
            zooToZoo = nil
        } else {
            let count = min(Self.leaveOneOut, zoo.count)
            let rows = (0..<count).map { $0 * zoo.count / count }
            freshToZoo = []
            zooToZoo = zoo.selecting(rows).nearest(in: zoo, except: rows, sharing: sharing)
        }
        unit = NoveltyUnit(freshToZoo: freshToZoo, zooToZoo: zooToZoo ?? [])
    }

    /// For each network of a population its nearest zoo network; nil where its contributions were not measured.
    func nearest(_ population: Contributions?) -> [Neighbour]? { population?.nearest(in: zoo, sharing: sharing) }

    /// Distances in units; `lost` more networks have none.
    func ratios(_ neighbours: [Neighbour], lost: Int) -> SampleStatistics {
        SampleStatistics(
            inOrder: neighbours.map { unit.ratio($0.distance) } + [Double](repeating: .nan, count: lost))
    }
}
