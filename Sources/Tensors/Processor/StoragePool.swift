import Foundation
import Synchronization

/// Freed blocks by size class, so that a training step allocates nothing after the first.
///
/// Size classes are powers of two and the halves between them (at most a third is wasted). Large `malloc`s on glibc
/// are page-faulting `mmap`s; reusing them is most of the win. Blocks are 64-byte aligned.
final class StoragePool: Sendable {
    static let shared = StoragePool()

    private struct State {
        var free: [Int: [UInt]] = [:]
        var pooledBytes = 0
        var liveBytes = 0
        var peakBytes = 0
    }

    /// Free blocks beyond this are returned to the system.
    private let maximumPooledBytes = 1 << 30
    private let state = Mutex(State())

    /// Bytes in use by tensors that are alive now.
    var liveBytes: Int { state.withLock { $0.liveBytes } }
    /// The largest number of bytes ever alive at once.
    var peakBytes: Int { state.withLock { $0.peakBytes } }

    /// A block of at least `bytes`, and the class to give it back under.
    func take(bytes: Int) -> (UnsafeMutableRawPointer, Int) {
        let size = Self.sizeClass(bytes)
        let pooled: UInt? = state.withLock { state in
            state.liveBytes += size
            state.peakBytes = max(state.peakBytes, state.liveBytes)
            guard let address = state.free[size]?.popLast() else { return nil }
            state.pooledBytes -= size
            return address
        }
        if let pooled, let block = UnsafeMutableRawPointer(bitPattern: pooled) { return (block, size) }
        return (Self.allocate(size), size)
    }

    /// A fresh block. Large ones ask for huge pages: a pass over millions of parameters is bound by memory, and 4 kB
    /// pages cost it a part of the bandwidth.
    private static func allocate(_ size: Int) -> UnsafeMutableRawPointer {
        let hugePage = 1 << 21
        guard size >= 4 * hugePage else { return .allocate(byteCount: size, alignment: 64) }
        let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: hugePage)
        madvise(block, size, MADV_HUGEPAGE)
        return block
    }

    /// Keeps a freed block for the next request of its size class, or returns it to the system where enough are kept.
    func give(_ block: UnsafeMutableRawPointer, sizeClass size: Int) {
        let address = UInt(bitPattern: block)
        let kept = state.withLock { state in
            state.liveBytes -= size
            guard state.pooledBytes + size <= maximumPooledBytes else { return false }
            state.pooledBytes += size
            state.free[size, default: []].append(address)
            return true
        }
        if !kept { block.deallocate() }
    }

    private static func sizeClass(_ bytes: Int) -> Int {
        let needed = max(bytes, 64)
        let power = 1 << (Int.bitWidth - (needed - 1).leadingZeroBitCount)
        let threeQuarters = power / 4 * 3
        return needed <= threeQuarters ? threeQuarters : power
    }
}

/// What the engine's memory looks like now.
public enum EngineMemory {
    /// Bytes held by tensors that are alive.
    public static var liveBytes: Int { StoragePool.shared.liveBytes }
    /// The largest number of bytes that tensors held at once.
    public static var peakBytes: Int { StoragePool.shared.peakBytes }
}
