import Basics
import Foundation
import Ranks

/// What passes between the ranks of a job, and how long it takes: medians of many times.
enum RankFindings {
    private static let kibibyte = 1 << 10, mebibyte = 1 << 20

    /// A line for handing out and one for sums; none for a process alone.
    static func all(_ ranks: Ranks) -> [DoctorOperation.Finding] {
        guard ranks.areSeveral else { return [] }
        do {
            return [
                .init(what: "ranks", found: Job.summary ?? "\(ranks.size) ranks"),
                try handOut(ranks), try sums(ranks, mebibytes: 1),
                try sums(ranks, mebibytes: 10),
            ]
        } catch {
            return [
                .init(what: "ranks", found: "\(error)", state: .wrong, advice: "look at how MPI is set up")
            ]
        }
    }

    private static func handOut(_ ranks: Ranks) throws -> DoctorOperation.Finding {
        let loads = [(0, 200, "nothing"), (100 * kibibyte, 200, "100 KiB"), (10 * mebibyte, 20, "10 MiB")]
        let texts = try loads.map { load, count, name in
            "\(milliseconds(try gaps(ranks, load: load, count: count))) with outcomes of \(name)"
        }
        return .init(what: "handing out an item", found: texts.joined(separator: ", "))
    }

    /// Seconds between the beginnings of two items of one rank, for items that do nothing.
    static func gaps(_ ranks: Ranks, load: Int, count: Int) throws -> [Double] {
        var (last, gaps) = ([UInt64: UInt64](), [Double]())
        let work = EmptyItems(sleeping: 200_000, load: load)
        try ranks.map(
            work, 0..<count * (ranks.size - 1),
            take: { _, outcome in
                if let before = last.updateValue(outcome.nanoseconds, forKey: outcome.worker) {
                    gaps.append(Double(outcome.nanoseconds - before) / 1e9)
                }
            })
        // Rank 0 sleeps through its own items.
        return gaps.filter { $0 < 0.2 }
    }

    private static func sums(_ ranks: Ranks, mebibytes: Int) throws -> DoctorOperation.Finding {
        func seconds(isLibrary: Bool) throws -> [Double] {
            let work = RankSums(.init(count: mebibytes * mebibyte / 4, rounds: 20, isLibrary: isLibrary))
            return try ranks.together(work) { try work.lead($0) }
        }
        var found = "\(milliseconds(try seconds(isLibrary: false))) in the order of training"
        if ranks.communicator is any LibrarySums {
            found += ", \(milliseconds(try seconds(isLibrary: true))) by MPI_Allreduce"
        }
        return .init(what: "a sum of \(mebibytes) MiB", found: found)
    }

    /// The median.
    private static func milliseconds(_ seconds: [Double]) -> String {
        guard !seconds.isEmpty else { return "nothing measured" }
        return String(format: "%.2f ms", 1000 * seconds.sorted()[seconds.count / 2])
    }
}
