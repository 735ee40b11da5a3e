import Basics
import Foundation
import Networks
import Tensors

/// A file of our own between two runs of the same program: a description, named tensors in single precision, and a
/// checksum. Trainings of zoos, generators and autoencoders leave one when they are interrupted.
///
///     8 bytes    "WSRECORD"
///     8 bytes    length of the JSON, little-endian
///     JSON       {"description":...,"tensors":[{"name":"weights","shape":[2,10]},...],"version":1}
///     float32    the numbers of every tensor, one after the other, little-endian
///     32 bytes   SHA-256 of all that
package struct TensorRecord<Description: Codable> {
    /// What there is to say besides the tensors.
    package let description: Description
    /// The tensors, in the order in which they were written.
    package let tensors: [NamedTensor]

    /// Puts a record together; traps on a tensor in double precision.
    package init(_ description: Description, _ tensors: [NamedTensor]) {
        precondition(tensors.allSatisfy { $0.value.precision == .single }, "record: a tensor in double precision")
        (self.description, self.tensors) = (description, tensors)
    }

    private struct Header: Codable {
        struct Place: Codable {
            let name: String
            let shape: [Int]
        }

        let version: Int
        let description: Description
        let tensors: [Place]
    }

    /// Writes the record under a temporary name and gives it its own when it is complete; throws `.inputOutput`.
    package func write(to path: String) throws { try WholeFile.write(data, to: URL(fileURLWithPath: path)) }

    /// The record's bytes.
    package var data: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            let json = try encoder.encode(
                Header(
                    version: RecordFormat.version, description: description,
                    tensors: tensors.map { .init(name: $0.name, shape: $0.value.shape.array) }))
            var bytes = Data(capacity: 64 + json.count + tensors.reduce(0) { $0 + $1.value.count * 4 })
            bytes.append(contentsOf: RecordFormat.magic)
            withUnsafeBytes(of: UInt64(json.count).littleEndian) { bytes.append(contentsOf: $0) }
            bytes.append(json)
            for tensor in tensors { tensor.value.floats.withUnsafeBytes { bytes.append(contentsOf: $0) } }
            bytes.append(contentsOf: bytes.withUnsafeBytes { SHA256.digest(of: $0) })
            return bytes
        }
    }

    /// Reads a record; throws `.malformed` where the file is none, is another version's, of another training or
    /// damaged, `.inputOutput` where it cannot be read.
    package init(path: String) throws {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw DataError.system(error, at: path)
        }
        try self.init(data, path: path)
    }

    /// Reads a record's bytes, which came from `path`; throws `.malformed`.
    package init(_ data: Data, path: String) throws {
        guard data.starts(with: RecordFormat.magic) else {
            throw RecordFormat.refusal(path, "another file, or another version's")
        }
        guard let record = Self(data) else { throw RecordFormat.refusal(path, "other bytes") }
        self = record
    }

    private init?(_ data: Data) {
        let (start, end) = (RecordFormat.magic.count + 8, data.count - SHA256.byteCount)
        guard end >= start else { return nil }
        let isWhole = data.withUnsafeBytes { bytes in
            SHA256.digest(of: UnsafeRawBufferPointer(rebasing: bytes[..<end])).elementsEqual(bytes[end...])
        }
        let length = data.withUnsafeBytes {
            UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: RecordFormat.magic.count, as: UInt64.self))
        }
        guard isWhole, length <= UInt64(end - start) else { return nil }
        var next = start + Int(length)
        guard let header = try? JSONDecoder().decode(Header.self, from: data[start..<next]),
            header.version == RecordFormat.version
        else { return nil }
        var tensors: [NamedTensor] = []
        for place in header.tensors {
            guard let count = RecordFormat.count(place.shape, atMost: (end - next) / 4) else { return nil }
            let floats = [Float](unsafeUninitializedCapacity: count) { floats, initialized in
                data.copyBytes(to: UnsafeMutableRawBufferPointer(floats), from: next..<next + count * 4)
                initialized = count
            }
            tensors.append(NamedTensor(place.name, Tensor(floats, shape: Shape(place.shape))))
            next += count * 4
        }
        guard next == end else { return nil }
        self.init(header.description, tensors)
    }
}

/// What all records have in common.
private enum RecordFormat {
    static let magic = Array("WSRECORD".utf8)
    static let version = 1

    static func refusal(_ path: String, _ found: String) -> DataError {
        DataError(
            .malformed, path: path, expected: "a record of training as this version writes it", found: found,
            hint: "remove it, or the folder of records that it lies in, to train again from the start")
    }

    /// Number of elements of a shape, or nil where it is impossible or they are more than `limit`.
    static func count(_ shape: [Int], atMost limit: Int) -> Int? {
        guard shape.count <= Shape.maximumRank, shape.allSatisfy({ $0 >= 0 }) else { return nil }
        if shape.contains(0) { return 0 }
        return shape.reduce(Int?(1)) { product, extent in
            guard let product else { return nil }
            let (value, overflow) = product.multipliedReportingOverflow(by: extent)
            return overflow || value > limit ? nil : value
        }
    }
}

/// Says when the next record is due: after the interval, and so that recording takes a twentieth of the time at most;
/// at interval 0 after every step.
package struct SaveTimer {
    private let clock = ContinuousClock()
    private let interval: Duration
    private var next: ContinuousClock.Instant

    /// Starts with the interval, in seconds.
    package init(interval: Double) {
        self.interval = .seconds(interval)
        next = clock.now + self.interval
    }

    /// Whether it is time.
    package var isDue: Bool { clock.now >= next }

    /// Runs the recording and counts its time.
    package mutating func time(_ save: () throws -> Void) rethrows {
        let start = clock.now
        try save()
        let end = clock.now
        next = interval == .zero ? end : end + max(interval, (end - start) * 20)
    }
}
