import Generation
import ModelZoo

/// The weights of some networks of a zoo file as rows, read on demand.
struct ZooRows: RowSource {
    let reader: ZooReader
    let networks: [Int]

    var count: Int { networks.count }
    var width: Int { reader.header.layout.count }

    func rows(_ range: Range<Int>) throws -> [Float] {
        guard let first = networks[range].first else { return [] }
        // Networks of one split usually stand together: then one read does.
        let isRun = networks[range].elementsEqual(first..<first + range.count)
        return isRun
            ? try reader.read(rows: first..<first + range.count).weights
            : try reader.read(rows: Array(networks[range])).weights
    }
}
