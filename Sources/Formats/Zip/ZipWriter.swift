import ModelZoo
import Basics
import Glibc

/// Writes a ZIP archive of stored files without dates: equal files give equal bytes.
///
/// The archive appears under its name at `finish()`, and not at all where that is never called.
struct ZipWriter: ~Copyable {
    private let target: WholeFile
    private let handle: UnsafeMutablePointer<FILE>
    private let wideFrom: Int
    private var directory: [UInt8] = []
    private var names: Set<String> = []
    private var offset = 0

    /// Begins an archive; throws `.inputOutput`. Sizes and offsets from `wideFrom` on are written as zip64.
    init(path: String, wideFrom: Int = ZipFormat.elsewhere32) throws {
        let target = WholeFile(for: path)
        guard let opened = fopen(target.temporaryPath, "wbe") else {
            throw Self.failure(path)
        }
        self.target = target
        handle = opened
        self.wideFrom = wideFrom
    }

    deinit { fclose(handle) }

    /// Appends a file; throws `.inputOutput`, traps where the name was there before or is longer than 65,535 bytes.
    mutating func add(_ name: String, _ bytes: [UInt8]) throws {
        try add(name, size: bytes.count, checksum: ZipArchive.checksum(bytes)) { write in try write(bytes) }
    }

    /// Appends a file of `size` bytes that `body` writes piece by piece; throws `.inputOutput` and what `body` throws,
    /// traps as the form for bytes does and where `body` writes more or fewer.
    mutating func add(
        _ name: String, size: Int, checksum: UInt32, _ body: ((_ bytes: [UInt8]) throws -> Void) throws -> Void
    ) throws {
        let isNew = names.insert(name).inserted
        precondition(isNew && name.utf8.count < 1 << 16, "ZipWriter: name \(name)")
        var local = ZipRecord(signature: ZipFormat.localHeader)
        local.appendFacts(checksum: checksum, size: size, nameCount: name.utf8.count, wideFrom: wideFrom)
        let isWide = size >= wideFrom
        local.append(short: isWide ? 20 : 0)
        local.bytes += name.utf8
        if isWide { local.append(wide: [size, size]) }

        var central = ZipRecord(signature: ZipFormat.centralHeader)
        central.append(short: 45)
        central.appendFacts(checksum: checksum, size: size, nameCount: name.utf8.count, wideFrom: wideFrom)
        let wide = (isWide ? [size, size] : []) + (offset >= wideFrom ? [offset] : [])
        central.append(short: wide.isEmpty ? 0 : 4 + 8 * wide.count)
        // Comment, disk and the kinds of attributes; then attributes of the file, all zero.
        for _ in 0..<3 { central.append(short: 0) }
        central.append(word: 0)
        central.append(word: offset >= wideFrom ? ZipFormat.elsewhere32 : offset)
        central.bytes += name.utf8
        if !wide.isEmpty { central.append(wide: wide) }

        try write(local.bytes)
        let end = offset + size
        try body { bytes in try write(bytes) }
        precondition(offset == end, "ZipWriter: \(size) bytes promised for \(name)")
        directory += central.bytes
    }

    /// Writes the directory and gives the archive its name; throws `.inputOutput`. Nothing may be added afterwards.
    mutating func finish() throws {
        let (start, size, count) = (offset, directory.count, names.count)
        var end = ZipRecord(bytes: directory)
        if count >= ZipFormat.elsewhere16 || start >= wideFrom || size >= wideFrom {
            end.append(word: ZipFormat.directoryEnd64)
            end.append(long: ZipFormat.directoryEnd64Size - 12)
            for _ in 0..<2 { end.append(short: 45) }
            end.append(long: 0)
            for value in [count, count, size, start] { end.append(long: value) }
            end.append(word: ZipFormat.locator64)
            end.append(word: 0)
            end.append(long: start + size)
            end.append(word: 1)
        }
        end.append(word: ZipFormat.directoryEnd)
        end.append(word: 0)
        for _ in 0..<2 { end.append(short: min(count, ZipFormat.elsewhere16)) }
        for value in [size, start] { end.append(word: value >= wideFrom ? ZipFormat.elsewhere32 : value) }
        end.append(short: 0)
        try write(end.bytes)
        guard fflush(handle) == 0 else { throw Self.failure(target.path) }
        try target.commit()
    }

    private mutating func write(_ bytes: [UInt8]) throws {
        guard fwrite(bytes, 1, bytes.count, handle) == bytes.count else { throw Self.failure(target.path) }
        offset += bytes.count
    }

    private static func failure(_ path: String) -> DataError { POSIXFile.failure(path, "cannot be written") }
}
