import Foundation

/// The rate of one work and the time that it still needs, from the times of its reports.
struct ProgressMeter: Sendable {
    let what: String
    private let start: Double
    private let startDone: Int
    private(set) var done: Int
    private(set) var total: Int
    private var now: Double

    /// Work whose first report comes at `now` (seconds) with `done` of `total` done.
    init(_ what: String, done: Int, total: Int, now: Double) {
        self.what = what
        self.done = done
        self.total = total
        self.now = now
        start = now
        startDone = done
    }

    mutating func update(done: Int, total: Int, now: Double) {
        (self.done, self.total, self.now) = (done, total, now)
    }

    /// Steps a second since the first report, or nil before there is one.
    var rate: Double? {
        now > start && done > startDone ? Double(done - startDone) / (now - start) : nil
    }

    /// Seconds to the end at the present rate, or nil where it is not known.
    var remaining: Double? { rate.map { Double(max(0, total - done)) / $0 } }

    var elapsed: Double { now - start }
    var isAtEnd: Bool { done >= total }
    var fraction: Double { total > 0 ? min(1, max(0, Double(done) / Double(total))) : 1 }

    /// `1,200 of 5,000, 33/s, 1:55 left`, or, at the end, `5,000 in 2:31`.
    var summary: String {
        if isAtEnd { return "\(Self.grouped(total)) in \(Self.duration(elapsed))" }
        let speed = rate.map { ", \(Self.rateText($0))" } ?? ""
        let left = remaining.map { ", \(Self.duration($0)) left" } ?? ""
        return "\(Self.grouped(done)) of \(Self.grouped(total))\(speed)\(left)"
    }

    static func rateText(_ rate: Double) -> String {
        let number = rate >= 100 ? grouped(Int(min(rate, 1e15).rounded())) : significant(rate)
        return number + "/s"
    }

    static func duration(_ seconds: Double) -> String {
        if seconds < 9.95 { return "\((max(0, seconds) * 10).rounded() / 10) s" }
        let whole = Int(min(seconds, 1e9).rounded())
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60):\(two(whole % 60))" }
        return "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
    }

    static func grouped(_ number: Int) -> String {
        let digits = Array(String(abs(number)))
        let groups = digits.indices.map { index in
            (index > 0 && (digits.count - index) % 3 == 0 ? "," : "") + String(digits[index])
        }
        return (number < 0 ? "-" : "") + groups.joined()
    }

    private static func significant(_ value: Double) -> String {
        let scale = value >= 10 ? 1.0 : value >= 1 ? 10 : 100
        return Tree.number((value * scale).rounded() / scale).text()
    }
}
