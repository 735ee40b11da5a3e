import Tensors

/// A function of inputs and flat parameters. It holds no weights.
public protocol Network: Sendable {
    /// Where its parameters lie.
    var layout: ParameterLayout { get }

    /// Logits or outputs.
    ///
    /// - x: [B, features] shared by all networks, or [P, B, features]; images also [B, C, H, W] or [P, B, C, H, W].
    /// - pass: evaluation or training; its buffers are moved in training.
    /// - returns [B, out] for flat [D], [P, B, out] for flat [P, D].
    func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor
}

extension Network {
    /// Evaluation. Shapes as in a pass; `buffers` may be left out where the layout has none.
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ buffers: Buffers? = nil) -> Tensor {
        var pass = ForwardPass.evaluation(buffers)
        return self(parameters, x, &pass)
    }
}

/// The description of one kind of network, as it stands in a zoo file with its `kind`.
///
/// Descriptions come from files: decoding refuses extents that are not positive, contradict each other or are absurdly
/// large, and names the key.
public protocol NetworkConfig: Codable, Hashable, Sendable {
    /// The kind's name in files, "mlp".
    var kind: String { get }
    /// What a sample is.
    var input: NetworkInput { get }
    /// Number of outputs: of a classifier, its classes.
    var outputs: Int { get }
    /// The network itself.
    var network: any Network { get }
    /// The same network with its slots in orders that files were once written in, which their layout tells.
    var formerForms: [any NetworkConfig] { get }
    /// The names that others give its tensors.
    var nameSchemes: [NameScheme] { get }
}

extension NetworkConfig {
    /// None: the order of slots never changed.
    public var formerForms: [any NetworkConfig] { [] }
    /// None: everybody uses our names.
    public var nameSchemes: [NameScheme] { [] }
}

/// What a network takes for one sample. Data sets hold samples as rows of numbers, whatever they mean.
public enum NetworkInput: Hashable, Sendable {
    /// A row of so many numbers.
    case features(Int)
    /// An image, its channels one after the other, each row by row.
    case image(ImageExtent)
    /// A row of `length` whole numbers in 0..<vocabulary.
    case tokens(length: Int, vocabulary: Int)

    /// Numbers in a sample's row.
    public var count: Int {
        switch self {
        case .features(let count): count
        case .image(let extent): extent.count
        case .tokens(let length, _): length
        }
    }

    /// Random samples to try a network on, [count, features]: standard normal numbers, or tokens drawn uniformly.
    public func samples(_ count: Int, _ stream: inout RandomStream) -> Tensor {
        guard case .tokens(let length, let vocabulary) = self else { return stream.normal([count, self.count]) }
        let tokens = (0..<(count * length)).map { _ in Float(stream.integer(below: vocabulary)) }
        return Tensor(tokens, shape: [count, length])
    }
}

/// The extents of an image.
public struct ImageExtent: Hashable, Sendable {
    /// Colours.
    public var channels: Int
    /// Rows of pixels.
    public var height: Int
    /// Pixels in a row.
    public var width: Int

    /// Describes an image.
    public init(channels: Int, height: Int, width: Int) {
        (self.channels, self.height, self.width) = (channels, height, width)
    }

    /// Numbers in an image.
    public var count: Int { channels * height * width }

    /// Inputs as images: [B, features] to [B, C, H, W], [P, B, features] to [P, B, C, H, W]; images as they are.
    ///
    /// Traps where a sample is neither such a row nor such an image.
    public func images(_ x: Tensor) -> Tensor {
        let (shape, extents) = (x.shape.array, [channels, height, width])
        if shape.count >= 4 && Array(shape.suffix(3)) == extents { return x }
        precondition(
            (shape.count == 2 || shape.count == 3) && shape[shape.count - 1] == count,
            "images: \(x.shape) for images of \(channels) x \(height) x \(width)")
        return x.reshaped(Shape(shape.dropLast() + extents))
    }
}

extension ImageExtent: Codable {
    /// Reads `[channels, height, width]`; throws on another number of extents.
    public init(from decoder: any Decoder) throws {
        let extents = try decoder.singleValueContainer().decode([Int].self)
        guard extents.count == 3 else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "\(extents): expected channels, height, width"))
        }
        self.init(channels: extents[0], height: extents[1], width: extents[2])
    }

    /// Writes `[channels, height, width]`.
    public func encode(to encoder: any Encoder) throws {
        var field = encoder.singleValueContainer()
        try field.encode([channels, height, width])
    }
}

extension Tensor {
    /// Images [..., C, H, W] as rows [..., C H W]: each channel a block of its pixels.
    func flattenedImages() -> Tensor {
        let shape = self.shape.array
        return reshaped(Shape(shape.dropLast(3) + [shape.suffix(3).reduce(1, *)]))
    }
}
