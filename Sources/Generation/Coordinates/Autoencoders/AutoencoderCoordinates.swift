import Networks
import Tensors

/// The codes of a trained autoencoder: its posterior means.
///
/// Not a bijection: what decoded networks are still worth has to be measured.
public struct AutoencoderCoordinates: StoredCoordinates {
    /// The pair of nets.
    public let autoencoder: any Autoencoder
    private let weights: Parameters

    /// Rows in one pass, which bounds memory.
    private static let block = 25

    /// K.
    public var dimension: Int { autoencoder.dimension }
    /// D.
    public var parameterCount: Int { autoencoder.parameterCount }

    /// Puts a pair and its trained parameters [layout.count] together; traps when lengths differ.
    public init(autoencoder: any Autoencoder, parameters: Tensor) {
        precondition(
            parameters.shape == [autoencoder.layout.count],
            "AutoencoderCoordinates: parameters \(parameters.shape) for \(autoencoder.layout.count)")
        self.autoencoder = autoencoder
        weights = Parameters(layout: autoencoder.layout, flat: parameters)
    }

    /// Takes the recorded tensor `parameters`; throws a `DataError` unless it is finite and of the pair's length.
    public init(autoencoder: any Autoencoder, tensors: [NamedTensor]) throws {
        let flat = try tensors.fitted("parameters", shape: [autoencoder.layout.count], of: "autoencoder")
        self.init(autoencoder: autoencoder, parameters: flat.converted(to: .single))
    }

    /// The pair's `parameters`.
    public var tensors: [NamedTensor] { [NamedTensor("parameters", weights.flat)] }

    /// Weights [N, D] to codes [N, K].
    public func encode(_ weights: Tensor) -> Tensor {
        blockwise(weights, width: dimension) { autoencoder.encode(self.weights, $0) }
    }

    /// Codes [N, K] to weights [N, D].
    public func decode(_ codes: Tensor) -> Tensor {
        blockwise(codes, width: parameterCount) { autoencoder.decode(weights, $0) }
    }

    private func blockwise(_ rows: Tensor, width: Int, _ f: (Tensor) -> Tensor) -> Tensor {
        let count = rows.shape[0]
        let parts = stride(from: 0, to: count, by: Self.block).map {
            f(rows.sliced(axis: 0, $0..<min(count, $0 + Self.block)))
        }
        return parts.isEmpty ? .zeros([0, width]) : .concatenate(parts, axis: 0)
    }
}
