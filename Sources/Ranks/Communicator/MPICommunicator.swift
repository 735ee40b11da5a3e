#if MPI
    import Basics
    import CMPI
    import Foundation
    import Synchronization

    /// The processes that `mpirun` or `srun` has started, with MPI between them.
    ///
    /// MPI is asked for `MPI_THREAD_SERIALIZED`: one lock is held around every call, and none of the calls waits, so that
    /// a thread that waits for a message sleeps without the lock.
    final class MPICommunicator: LibrarySums {
        let rank: Int
        let size: Int
        /// Ranks on this node, this one included.
        let ranksOnNode: Int
        /// Threads that this rank may use so that those of all ranks on the node together fill its processors.
        let threads: Int
        private let lock = Mutex<Void>(())

        /// Parts of a message are at most so long, and only the last one is shorter: MPI counts bytes in 32 bits.
        private static let part = 1 << 30

        /// Joins the others; throws `DataError` (inputOutput) where MPI cannot.
        init() throws {
            var (provided, rank, size, ranksOnNode, threads) = (Int32(), Int32(), Int32(), Int32(), Int32())
            try Self.check(cmpi_join(&provided))
            guard provided >= cmpi_serialized() else {
                throw DataError(
                    .inputOutput, path: "MPI", expected: "a library that several threads may call in turn",
                    found: "one for programs of one thread", hint: "build MPI with threads")
            }
            try Self.check(cmpi_rank(&rank))
            try Self.check(cmpi_size(&size))
            try Self.check(cmpi_node(&ranksOnNode, &threads))
            (self.rank, self.size, self.ranksOnNode) = (Int(rank), Int(size), Int(ranksOnNode))
            self.threads = max(1, Int(threads))
        }

        func send(_ bytes: [UInt8], to other: Int, tag: Int) throws {
            check(other, tag: tag)
            try bytes.withUnsafeBytes { all in
                for part in Self.parts(of: all.count) {
                    let piece = UnsafeRawBufferPointer(rebasing: all[part])
                    try complete {
                        cmpi_begin_send(piece.baseAddress, Int32(piece.count), Int32(other), Int32(tag), &$0)
                    }
                }
            }
        }

        func poll(from other: Int?, tag: Int) throws -> RankMessage? {
            guard let first = try look(from: other, tag: tag) else { return nil }
            let source = Int(first.source)
            var (bytes, next) = (try take(first), first)
            var pause = Pause()
            while Int(next.count) == Self.part {
                guard let more = try look(from: source, tag: tag) else {
                    pause.sleep()
                    continue
                }
                bytes += try take(more)
                next = more
            }
            return RankMessage(rank: source, bytes: bytes)
        }

        func broadcast(_ bytes: [UInt8], from root: Int) throws -> [UInt8] {
            var count = Int64(bytes.count)
            try withUnsafeMutableBytes(of: &count) { count in
                try complete { cmpi_begin_broadcast(count.baseAddress, Int32(count.count), Int32(root), &$0) }
            }
            var result = rank == root ? bytes : [UInt8](repeating: 0, count: Int(count))
            try result.withUnsafeMutableBytes { all in
                for part in Self.parts(of: all.count) {
                    let piece = UnsafeMutableRawBufferPointer(rebasing: all[part])
                    try complete { cmpi_begin_broadcast(piece.baseAddress, Int32(piece.count), Int32(root), &$0) }
                }
            }
            return result
        }

        func barrier() throws { try complete { cmpi_begin_barrier(&$0) } }

        func sum(_ values: inout [Float]) throws {
            precondition(values.count <= Int(Int32.max), "MPICommunicator: a sum of \(values.count) numbers")
            try values.withUnsafeMutableBufferPointer { values in
                try lock.withLock { _ in try Self.check(cmpi_sum(values.baseAddress, Int32(values.count))) }
            }
        }

        func abort(status: Int32) -> Never {
            lock.withLock { _ in cmpi_abort(status) }
            exit(status)
        }

        /// Ends the use of MPI; nothing may be called after it.
        func leave() throws { try lock.withLock { _ in try Self.check(cmpi_leave()) } }

        /// Starts something and sleeps until it is done.
        private func complete(_ begin: (inout cmpi_request) -> Int32) throws {
            var request = cmpi_request()
            try lock.withLock { _ in try Self.check(begin(&request)) }
            var (done, pause) = (Int32(), Pause())
            while true {
                try lock.withLock { _ in try Self.check(cmpi_is_done(&request, &done)) }
                if done != 0 { return }
                pause.sleep()
            }
        }

        private func look(from other: Int?, tag: Int) throws -> cmpi_message? {
            var (found, message) = (Int32(), cmpi_message())
            try lock.withLock { _ in try Self.check(cmpi_look(Int32(other ?? -1), Int32(tag), &found, &message)) }
            return found == 0 ? nil : message
        }

        private func take(_ message: cmpi_message) throws -> [UInt8] {
            var message = message
            return try [UInt8](unsafeUninitializedCapacity: Int(message.count)) { buffer, initialized in
                try complete { cmpi_begin_receive(buffer.baseAddress, &message, &$0) }
                initialized = buffer.count
            }
        }

        private static func parts(of count: Int) -> [Range<Int>] {
            stride(from: 0, through: count, by: part).map { $0..<min(count, $0 + part) }
        }

        private static func check(_ code: Int32) throws {
            guard code != 0 else { return }
            var text = [CChar](repeating: 0, count: Int(cmpi_longest_sentence()) + 1)
            var length: Int32 = 0
            _ = cmpi_sentence(code, &text, &length)
            let sentence = String(decoding: text.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw DataError(.inputOutput, path: "MPI", problem: "the library reports: \(sentence)")
        }
    }
#endif
