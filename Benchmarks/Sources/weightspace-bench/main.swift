import Foundation
import Tensors

// weightspace-bench WORK [--threads N] [--repeats R] [--data DIR]
// Runs one work of the table of Documentation/SPEED.md and prints one JSON line: {"work":"W1","seconds":[...]}.

/// Takes `--name value` out of the words.
func option(_ name: String, _ words: inout [String]) -> String? {
    guard let index = words.firstIndex(of: "--\(name)"), index + 1 < words.count else { return nil }
    defer { words.removeSubrange(index...(index + 1)) }
    return words[index + 1]
}

/// Ends with a message and the status for wrong usage.
func usage(_ message: String) -> Never {
    FileHandle.standardError.write(Data("weightspace-bench: \(message)\n".utf8))
    exit(64)
}

var words = Array(CommandLine.arguments.dropFirst())
let threads = option("threads", &words).map { Int($0) ?? 0 } ?? Threads.count
let repeats = option("repeats", &words).map { Int($0) ?? 0 } ?? 5
let data = option("data", &words)
guard threads >= 1, repeats >= 1 else { usage("--threads and --repeats are whole numbers from 1") }
guard words.count == 1, let work = Works.all[words[0]] else {
    usage("expected one of \(Works.all.keys.sorted().joined(separator: ", "))")
}
Threads.count = threads
let seconds = try work(repeats, data)
let list = seconds.map { "\($0)" }.joined(separator: ",")
print(
    "{\"work\":\"\(words[0])\",\"threads\":\(threads),\"blas\":\"\(OpenBLAS.core)\",\"kernels\":\"\(Threads.kernelSet)\","
        + "\"seconds\":[\(list)]}")
