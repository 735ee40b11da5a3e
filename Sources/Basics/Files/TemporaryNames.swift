import Foundation
import Synchronization

/// The paths of the files that this process is writing, kept so that a signal handler can remove them: in memory that is
/// never freed, without locks on the handler's side.
enum TemporaryNames {
    private static let (slots, width) = (64, 4096)
    // Only the holder of a slot writes to it; the handler reads.
    nonisolated(unsafe) private static let paths: UnsafeMutablePointer<CChar> = {
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: slots * width)
        memory.initialize(repeating: 0, count: slots * width)
        return memory
    }()
    /// The slots that are taken.
    private static let taken = Mutex<Set<Int>>([])

    /// Remembers a path; nil where there is no room, and then nobody removes it at a signal.
    static func remember(_ path: String) -> Int? {
        let bytes = Array(path.utf8CString)
        guard bytes.count <= width else { return nil }
        return taken.withLock { taken in
            guard let slot = (0..<slots).first(where: { !taken.contains($0) }) else { return nil }
            taken.insert(slot)
            let place = paths + slot * width
            // The first byte comes last: until then the slot is empty for a handler.
            for index in bytes.indices.dropFirst() { place[index] = bytes[index] }
            place[0] = bytes[0]
            return slot
        }
    }

    /// Forgets a path that is written or removed.
    static func forget(_ slot: Int?) {
        guard let slot else { return }
        taken.withLock { taken in
            paths[slot * width] = 0
            taken.remove(slot)
        }
    }

    /// Makes sure that a handler will find everything in place.
    static func prepare() { _ = paths }

    /// Removes every file that is being written, and folders that are empty: safe in a signal handler of a process that
    /// ends then.
    static func removeAll() {
        for slot in 0..<slots {
            let place = paths + slot * width
            if place[0] != 0, unlink(place) != 0 { rmdir(place) }
        }
    }
}
