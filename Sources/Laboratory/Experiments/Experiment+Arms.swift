import Basics
import Foundation

extension Experiment {
    /// Refuses to write arms into a folder that holds something else.
    func refuseForeignRoot() throws {
        let files = FileManager.default
        guard files.fileExists(atPath: layout.root.path) else { return }
        let ours: Set = ["arms", "zoos", "summary.json", "report.json", "report.html"]
        let names = (try? files.contentsOfDirectory(atPath: layout.root.path)) ?? ["a file"]
        let isOurs = names.allSatisfy { ours.contains($0) || ($0.hasPrefix(".") && $0.hasSuffix(WholeFile.ending)) }
        if !isOurs { throw RunFolder.refusal(layout.root, .foreign) }
    }

    /// Refuses what the folders of later runs would refuse only after the runs before them; the first one's own does so at
    /// once.
    func refuseLaterRuns(resuming: Bool) throws {
        for run in plan.runs.dropFirst() {
            let url = layout.folder(arm: run.arm.name, seed: run.seed)
            let state = RunFolder.state(at: url)
            if state == .absent { continue }
            guard resuming, state != .foreign else { throw RunFolder.refusal(url, state) }
            try RunFolder.refuseOtherConfig(url, run.tree)
        }
    }

    /// The runs of this command and, of the experiment's other arms and seeds, those that were finished earlier: in the
    /// order of the arms, then by seed.
    func withEarlierArms(_ parts: [ReportAssembly.Part]) throws -> [ReportAssembly.Part] {
        var all = parts
        for arm in plan.knownArms {
            let folder = layout.root.appendingPathComponent("arms").appendingPathComponent(arm)
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] {
                guard name.hasPrefix("seed-"), let seed = Int(name.dropFirst(5)),
                    !parts.contains(where: { $0.arm == arm && $0.config.seed == seed }),
                    let part = try earlier(arm, folder.appendingPathComponent(name))
                else { continue }
                all.append(part)
            }
        }
        func place(_ part: ReportAssembly.Part) -> (Int, Int) {
            (plan.knownArms.firstIndex(of: part.arm) ?? .max, part.config.seed)
        }
        return all.sorted { place($0) < place($1) }
    }

    /// A finished run, or nil where it is not finished or another version of the package made it.
    private func earlier(_ arm: String, _ url: URL) throws -> ReportAssembly.Part? {
        guard RunFolder.state(at: url) == .finished, let tree = try? RunFolder.resolvedConfig(at: url),
            let config = try? tree.decode(ExperimentConfig.self)
        else { return nil }
        let measured = try? Data(contentsOf: url.appendingPathComponent("evaluation.json"))
        if let measured, StoredJSON.isOfOtherVersion(measured, than: RunResult.version) { return nil }
        let result = try FinishedRun(url: url, config: config, zoos: zoos).result()
        return ReportAssembly.Part(arm: arm, config: config, yaml: tree.yaml, result: result)
    }
}
