import Synchronization
import Testing

@testable import Basics

/// Records what a reporter writes, at times that the test sets.
private final class Recorder: Sendable {
    let texts = Mutex<[String]>([])
    let time = Mutex(0.0)
    var output: ProgressOutput {
        ProgressOutput(
            write: { text in self.texts.withLock { $0.append(text) } }, now: { self.time.withLock { $0 } },
            width: { 80 })
    }
    var written: [String] { texts.withLock { $0 } }
    func at(_ seconds: Double) { time.withLock { $0 = seconds } }
}

@Suite("Progress")
struct ProgressTests {
    @Test("The meter tells rate and time left")
    func meter() {
        var meter = ProgressMeter("train", done: 100, total: 1100, now: 5)
        #expect(meter.rate == nil && meter.summary == "100 of 1,100")
        meter.update(done: 300, total: 1100, now: 15)
        #expect(meter.rate == 20 && meter.remaining == 40)
        #expect(meter.summary == "300 of 1,100, 20/s, 40 s left")
        meter.update(done: 1100, total: 1100, now: 100)
        #expect(meter.summary == "1,100 in 1:35" && meter.fraction == 1)
        #expect(ProgressMeter("none", done: 0, total: 0, now: 0).isAtEnd)
    }

    @Test(
        "Durations are short",
        arguments: [
            (0.04, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.6, "1:00"), (59.4, "59 s"), (125, "2:05"),
            (3600, "1:00:00"), (36_125, "10:02:05"), (.infinity, "277777:46:40"),
        ])
    func durations(_ seconds: Double, _ expected: String) {
        #expect(ProgressMeter.duration(seconds) == expected)
    }

    @Test("Numbers are grouped, rates rounded")
    func numbers() {
        #expect(
            [0, 999, 1000, 1_234_567, -12_345].map(ProgressMeter.grouped)
                == ["0", "999", "1,000", "1,234,567", "-12,345"])
        #expect([0.123, 1.26, 12.6, 1234.5].map(ProgressMeter.rateText) == ["0.12/s", "1.3/s", "13/s", "1,235/s"])
    }

    @Test("The terminal's line is redrawn at most ten times a second and ends with the work")
    func terminal() throws {
        let recorder = Recorder()
        let reporter = TerminalProgress(showsDetails: false, output: recorder.output)
        let progress = reporter.progress("train")
        for step in 0...1000 {
            recorder.at(Double(step) / 1000)
            try progress.report(step, of: 1000)
        }
        let drawn = recorder.written
        #expect((10...12).contains(drawn.count))
        #expect(drawn.allSatisfy { $0.hasPrefix("\r\u{1B}[2Ktrain  [") && $0.count < 86 })
        #expect(drawn.dropLast().allSatisfy { !$0.hasSuffix("\n") })
        #expect(drawn.last?.hasSuffix("1,000 in 1.0 s\n") == true)
        try progress.report(1000, of: 1000)
        #expect(recorder.written.count == drawn.count, "the end is shown once")
    }

    @Test("Notes stand above the bar; details only where they are wanted")
    func notes() {
        let recorder = Recorder()
        let reporter = TerminalProgress(showsDetails: false, output: recorder.output)
        reporter.note("before")
        reporter.update("train", done: 1, total: 4)
        reporter.detail("hidden")
        reporter.note("between")
        #expect(
            recorder.written == [
                "before\n", "\r\u{1B}[2Ktrain  [#######-----------------------]  1 of 4", "\r\u{1B}[2Kbetween\n",
                "train  [#######-----------------------]  1 of 4",
            ])
    }

    @Test("A narrow terminal gets no bar and no line that breaks")
    func narrow() {
        let meter = ProgressMeter("a work with a long name", done: 1, total: 4, now: 0)
        #expect(TerminalProgress.line(meter, width: 40) == "a work with a long name  1 of 4")
        #expect(TerminalProgress.line(meter, width: 20).count == 19)
    }

    @Test("Plain lines come every ten seconds and at the end")
    func plain() {
        let recorder = Recorder()
        let reporter = PlainProgress(showsDetails: true, output: recorder.output)
        for second in 0...25 {
            recorder.at(Double(second))
            reporter.update("zoo", done: second, total: 25)
        }
        reporter.update("zoo", done: 25, total: 25)
        reporter.detail("shown")
        #expect(
            recorder.written == [
                "zoo: 10 of 25, 1/s, 15 s left\n", "zoo: 20 of 25, 1/s, 5.0 s left\n", "zoo: 25 in 25 s\n", "shown\n",
            ])
    }

    @Test("Work of the same name may start again")
    func again() {
        let recorder = Recorder()
        for reporter: any ProgressReporter in [
            PlainProgress(showsDetails: false, output: recorder.output),
            TerminalProgress(showsDetails: false, output: recorder.output),
        ] {
            recorder.texts.withLock { $0 = [] }
            for _ in 0..<2 { for done in 0...3 { reporter.update("arm", done: done, total: 3) } }
            #expect(recorder.written.count { $0.hasSuffix("3 in 0.0 s\n") } == 2)
        }
    }

    @Test("Quiet is silent")
    func quiet() {
        #expect(Verbosity.quiet.reporter is SilentProgress)
    }
}
