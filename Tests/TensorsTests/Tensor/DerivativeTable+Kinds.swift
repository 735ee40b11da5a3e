@testable import Tensors

/// The cases of `Primitive`, to be listed: `Primitive.kind` and `rows` are exhaustive in both directions, so that a new
/// primitive without rows does not compile.
enum PrimitiveKind: CaseIterable {
    case leaf, unary, affine, binary, matmul, linear, sum, maxLast, logSoftmax, layerNorm, broadcast, reshape, permute
    case slice, pad, concatenate, gather, scatterAdd, unpack, pack, power, unfold, fold, checkpoint
    case attention, convolution, take, put

    /// The rows of the table that belong to this primitive; some serve several.
    var rows: [DerivativeRow] {
        switch self {
        case .leaf: Primitive.leafRows
        case .unary: Primitive.unaryRows
        case .affine: Primitive.affineRows
        case .binary: Primitive.binaryRows
        case .matmul: Primitive.matmulRows
        case .linear: Primitive.linearRows
        case .sum: Primitive.sumRows
        case .maxLast: Primitive.maxRows
        case .logSoftmax: Primitive.logSoftmaxRows
        case .layerNorm: Primitive.layerNormRows
        case .broadcast, .reshape, .permute, .slice, .pad, .concatenate: Primitive.movementRows
        case .gather, .scatterAdd: Primitive.indexingRows
        case .unpack, .pack: Primitive.packingRows
        case .power: Primitive.powerRows
        case .unfold, .fold: Primitive.windowRows
        case .checkpoint: Primitive.checkpointRows
        case .attention: Primitive.attentionRows
        case .convolution: Primitive.convolutionRows
        case .take, .put: Primitive.placesRows
        }
    }

    /// Every row once.
    static let table: [DerivativeRow] = {
        var seen: Set<String> = []
        return allCases.flatMap(\.rows).filter { seen.insert($0.description).inserted }
    }()
}

extension Primitive {
    /// Which case this is.
    var kind: PrimitiveKind {
        switch self {
        case .leaf: .leaf
        case .unary: .unary
        case .affine: .affine
        case .binary: .binary
        case .matmul: .matmul
        case .linear: .linear
        case .sum: .sum
        case .maxLast: .maxLast
        case .logSoftmax: .logSoftmax
        case .layerNorm: .layerNorm
        case .broadcast: .broadcast
        case .reshape: .reshape
        case .permute: .permute
        case .slice: .slice
        case .pad: .pad
        case .concatenate: .concatenate
        case .gather: .gather
        case .scatterAdd: .scatterAdd
        case .unpack: .unpack
        case .pack: .pack
        case .power: .power
        case .unfold: .unfold
        case .fold: .fold
        case .checkpoint: .checkpoint
        case .attention: .attention
        case .convolution: .convolution
        case .take: .take
        case .put: .put
        }
    }
}
