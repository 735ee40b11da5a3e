import Foundation
import Testing

@Suite("Watching, and looking after the installation")
struct WatchingCommandTests {
    private func events(_ scratch: Scratch, _ folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: scratch.path(folder))) ?? []
        return names.filter { $0.hasPrefix("events.out.tfevents.") }
    }

    @Test("doctor finds nothing wrong here, as a list and as JSON")
    func doctor() throws {
        let outcome = try Command.run(["doctor"])
        #expect(outcome.status == 0 && outcome.output.contains("nothing is wrong"), "\(outcome)")
        let json = try Command.run(["doctor", "--json"]).json
        #expect(json?["sound"] as? Bool == true && (json?["findings"] as? [Any])?.isEmpty == false)
    }

    @Test("doctor says with status 1 what is wrong, and what to do")
    func unwell() throws {
        let outcome = try Command.run(["doctor", "--data", "/no/such/folder"])
        #expect(outcome.status == 1 && outcome.output.contains("one thing is wrong"), "\(outcome)")
        #expect(outcome.output.contains("--data"), "\(outcome)")
    }

    @Test("run --tensorboard writes event files into the run's folder, report --tensorboard to another one")
    func tensorboard() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let run = try Command.run(TinyZoo.run(scratch, out: "run", ["--tensorboard"]))
        #expect([0, 3].contains(run.status) && !events(scratch, "run").isEmpty, "\(run)")
        let report = try Command.run(
            ["report", scratch.path("run"), "--tensorboard", scratch.path("events"), "--json"])
        #expect(report.status == 0 && report.json?["runs"] as? Int == 1, "\(report)")
        #expect(events(scratch, "events").count == 2, "a training's and an outcome's")
        let both = try Command.run(
            ["report", scratch.path("run"), "--tensorboard", scratch.path("x"), "--out", scratch.path("y")])
        #expect(both.status == 64 && !scratch.exists("x") && !scratch.exists("y"), "\(both)")
        let zoo = try Command.run(["report", scratch.path("tiny.h5"), "--tensorboard", scratch.path("x")])
        #expect(zoo.status == 66 && zoo.errors.contains("is not the folder of a finished run"), "\(zoo)")
    }

    @Test("A study of shift detection has nothing for TensorBoard, and says so before it begins")
    func study() throws {
        let scratch = try Scratch()
        let outcome = try Command.run(["run", "shift-heart", "--out", scratch.path("run"), "--tensorboard"])
        #expect(outcome.status == 64 && outcome.errors.contains("leave out --tensorboard"), "\(outcome)")
        #expect(!scratch.exists("run"))
    }
}
