import Basics
import Foundation

/// The seconds that each stage of a run took, kept in `timing.json` so that a resumed run still knows them.
struct StageClock {
    static func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }

    func record(_ stage: String, _ seconds: Double, in folder: RunFolder) throws {
        var all = Self.read(folder.url)
        all[stage] = seconds
        try folder.write("timing.json", Tree.map(.init(all.mapValues { .number($0) })).text(pretty: true) + "\n")
    }

    static func read(_ folder: URL) -> [String: Double] {
        guard let data = try? Data(contentsOf: folder.appendingPathComponent("timing.json")) else { return [:] }
        return (try? JSONDecoder().decode([String: Double].self, from: data)) ?? [:]
    }
}
