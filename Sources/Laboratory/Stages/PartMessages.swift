import Generation
import Ranks
import Tensors

/// What rank 0 asks of a step: its number in eight bytes, then the weights in single precision. No bytes: no more steps.
struct PartQuestion {
    let step: Int
    let parameters: Tensor

    init(step: Int, parameters: Tensor) {
        precondition(parameters.precision == .single, "PartQuestion: weights in \(parameters.precision) precision")
        (self.step, self.parameters) = (step, parameters)
    }

    var bytes: [UInt8] {
        withUnsafeBytes(of: Int64(step).littleEndian) { Array($0) } + parameters.floats.withUnsafeBytes { Array($0) }
    }

    init?(_ bytes: [UInt8]) {
        guard bytes.count > 8 else { return nil }
        step = bytes.withUnsafeBytes { Int(Int64(littleEndian: $0.loadUnaligned(as: Int64.self))) }
        parameters = Tensor(floats(bytes[8...]), shape: [(bytes.count - 8) / 4])
    }
}

/// What another rank answers: for each of its sums the loss in eight bytes, then the gradient in single precision.
enum PartAnswer {
    static let tag = RankTag.free

    static func bytes(_ sums: [PartSum]) -> [UInt8] {
        sums.flatMap { sum in
            withUnsafeBytes(of: sum.loss.bitPattern.littleEndian) { Array($0) }
                + sum.gradient.floats.withUnsafeBytes { Array($0) }
        }
    }

    /// The sums of gradients [D]; traps where bytes are left over.
    static func sums(_ bytes: [UInt8], weights: Int) -> [PartSum] {
        let size = 8 + 4 * weights
        precondition(bytes.count.isMultiple(of: size), "PartAnswer: \(bytes.count) bytes of sums of \(size)")
        return stride(from: 0, to: bytes.count, by: size).map { start in
            let loss = bytes.withUnsafeBytes {
                UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt64.self))
            }
            return PartSum(
                loss: Double(bitPattern: loss),
                gradient: Tensor(floats(bytes[start + 8..<start + size]), shape: [weights]))
        }
    }
}

private func floats(_ bytes: ArraySlice<UInt8>) -> [Float] {
    bytes.withUnsafeBytes { source in
        [Float](unsafeUninitializedCapacity: source.count / 4) { target, count in
            UnsafeMutableRawBufferPointer(target).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: source[..<(source.count / 4 * 4)]))
            count = source.count / 4
        }
    }
}
