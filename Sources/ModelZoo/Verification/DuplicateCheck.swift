/// Finds networks that stand in the file more than once, by the digests of their bytes.
struct DuplicateCheck {
    private struct Digest: Hashable {
        let words: SIMD4<UInt64>

        init(_ bytes: ArraySlice<UInt8>) {
            words = bytes.withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
        }
    }

    private var first: [Digest: Int] = [:]
    private var found: [(network: Int, detail: String)] = []
    private let splits: [ZooSplit?]

    init(_ columns: ZooColumns) {
        var splits = [ZooSplit?](repeating: nil, count: columns.count)
        for split in ZooSplit.allCases { for row in columns.rows(in: split) { splits[row] = split } }
        self.splits = splits
    }

    mutating func add(_ block: ScannedBlock) {
        let size = SHA256.byteCount
        for network in block.rows where block.isSound(network) {
            let place = (network - block.rows.lowerBound) * size
            let digest = Digest(block.digests[place..<place + size])
            guard let earlier = first[digest] else {
                first[digest] = network
                continue
            }
            let leak = splits[earlier] == splits[network]
                ? "" : ", which is in another split (\(splits[earlier].map { "\($0)" } ?? "none"))"
            found.append((network, "equal to network \(earlier)\(leak)"))
        }
    }

    func outcome() -> CheckOutcome {
        CheckOutcome(.duplicates, "no two networks with equal weights and buffers; the first counts as good", found)
    }
}
