import Tensors

/// What a network takes for one sample. Data sets hold samples as rows of numbers, whatever they mean.
public enum NetworkInput: Hashable, Sendable {
    /// A row of so many numbers.
    case features(Int)
    /// An image, its channels one behind the other, each row by row.
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
