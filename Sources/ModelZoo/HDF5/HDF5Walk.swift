import Basics
import Foundation
import Synchronization

/// The child's side of `HDF5Probe`: touches everything in a file that a reader might touch.
///
/// Only a crash, a hang or absurd demands count here. What HDF5 reports as an error is passed over: whoever reads
/// that object later gets the same error, with its name.
enum HDF5Walk {
    /// Address space that the walk may take beyond what the process has at its start.
    private static let addressSpace = 2 << 30
    private static let mostObjects = 1_000_000
    private static let deepest = 64
    /// Bytes of a block of data that is read at once, unless a chunk is larger.
    private static let blockBytes = 4 << 20

    /// Walks `path` and exits: 0 and the farewell; or 65 (damaged) or 74 (not readable) and a line that says why.
    static func serve(_ path: String, rehearse: (String) -> Void) -> Never {
        say(HDF5Probe.greeting)
        confine(seconds: HDF5Probe.seconds(FileIdentity(path)?.size ?? 0))
        do {
            rehearse(path)
            let file = try HDF5File.open(path)
            var objects = 0
            try walk(file, group: "/", depth: 0, objects: &objects, parent: getppid())
            guard !HDF5Library.lackedMemory.load(ordering: .relaxed) else {
                say("an object that demands more than \(addressSpace >> 20) MiB of memory\n")
                exit(65)
            }
        } catch {
            let failure = error as? DataError
            say("\(failure?.found ?? "\(error)")\n")
            exit(failure?.kind == .malformed ? 65 : 74)
        }
        say(HDF5Probe.farewell)
        exit(0)
    }

    /// Handles opened in a second at the least: each so many give the walk another second.
    private static let openingsPerSecond = 10_000
    private static let isServing = Atomic<Bool>(false)
    private static let openings = Atomic<Int>(0)

    /// Counts a handle that was opened: a file of very many objects has its time, a reader that is stuck has not.
    static func countOpening() {
        guard isServing.load(ordering: .relaxed) else { return }
        guard openings.add(1, ordering: .relaxed).newValue % openingsPerSecond == 0 else { return }
        say(HDF5Probe.progress)
        alarm(alarm(0) + 1)
    }

    private static func say(_ text: String) {
        _ = text.withCString { write(1, $0, strlen($0)) }
    }

    /// Limits memory and time, and leaves no core file.
    private static func confine(seconds: Int) {
        alarm(UInt32(seconds))
        isServing.store(true, ordering: .relaxed)
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        guard let facts = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = facts.split(separator: " ").first.flatMap({ Int($0) })
        else { return }
        let most = rlim_t(pages * sysconf(Int32(_SC_PAGESIZE)) + addressSpace)
        var memory = rlimit(rlim_cur: most, rlim_max: most)
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &memory)
    }

    /// Visits a group's members; throws where there are absurdly many or they nest absurdly deep. Without the process
    /// `parent`, which waits for the end, it ends at once.
    static func walk(
        _ file: borrowing HDF5File, group: String, depth: Int, objects: inout Int, parent: pid_t? = nil
    ) throws {
        try? readAttributes(file, of: group)
        for child in (try? file.childResults(of: group)) ?? [] {
            if let parent, getppid() != parent { exit(75) }
            objects += 1
            guard let name = try? child.get() else { continue }
            // Groups that hold themselves nest without end; a great many objects may be sound.
            guard depth < deepest else {
                throw DataError(.malformed, path: file.path, problem: "it nests objects more than \(deepest) deep")
            }
            guard objects <= mostObjects else {
                throw DataError(
                    .inputOutput, path: file.path, problem: "it holds more than \(mostObjects) objects")
            }
            let path = group == "/" ? "/\(name)" : "\(group)/\(name)"
            switch try? file.kind(of: path) {
            case .group: try walk(file, group: path, depth: depth + 1, objects: &objects, parent: parent)
            case .dataset:
                try? readAttributes(file, of: path)
                try? readData(file.dataset(path))
            case .datatype, nil: break
            }
        }
    }

    private static func readAttributes(_ file: borrowing HDF5File, of object: String) throws {
        for name in try file.attributeNameResults(of: object).compactMap({ try? $0.get() }) {
            _ = try? file.text(attribute: name, of: object)
            _ = try? file.integer(attribute: name, of: object)
            _ = try? file.texts(attribute: name, of: object)
        }
    }

    private static func readData(_ dataset: borrowing HDF5Dataset) throws {
        switch dataset.element {
        case .real: try readBlocks(dataset, as: Float.self)
        case .integer(_, signed: true): try readBlocks(dataset, as: Int64.self)
        case .integer(_, signed: false): try readBlocks(dataset, as: UInt64.self)
        case .fixedText, .variableText: if dataset.shape.count == 1 { _ = try dataset.readText() }
        case .opaque(let bytes):
            if dataset.shape.reduce(bytes, *) <= mostOpaque { _ = try dataset.readOpaque() }
        case .other: break
        }
    }

    private static let mostOpaque = 256 << 20

    /// Reads every element once, in blocks of whole chunks.
    private static func readBlocks<Element: HDF5Element>(
        _ dataset: borrowing HDF5Dataset, as type: Element.Type
    ) throws {
        let shape = dataset.shape
        guard !shape.contains(0) else { return }
        let block = blockExtents(shape: shape, chunk: dataset.chunk, elementBytes: MemoryLayout<Element>.stride)
        var buffer = [Element](repeating: .zero, count: block.reduce(1, *))
        var start = [Int](repeating: 0, count: shape.count)
        while true {
            let extents = shape.indices.map { min(block[$0], shape[$0] - start[$0]) }
            let count = extents.reduce(1, *)
            try? buffer.withUnsafeMutableBufferPointer { all in
                let part = UnsafeMutableBufferPointer(rebasing: all[..<count])
                try dataset.read(start: start, extents: extents, into: part)
            }
            var axis = shape.count - 1
            while axis >= 0 {
                start[axis] += block[axis]
                if start[axis] < shape[axis] { break }
                start[axis] = 0
                axis -= 1
            }
            if axis < 0 { return }
        }
    }

    /// Whole chunks (single elements where there are none), grown from the last axis on to about `blockBytes`.
    static func blockExtents(shape: [Int], chunk: [Int]?, elementBytes: Int) -> [Int] {
        var block = zip(chunk ?? shape.map { _ in 1 }, shape).map { min($0, $1) }
        for axis in shape.indices.reversed() {
            let bytes = block.reduce(elementBytes, *)
            let times = max(1, blockBytes / bytes)
            block[axis] = min(shape[axis], block[axis] * times)
            if block[axis] < shape[axis] { break }
        }
        return block
    }
}
