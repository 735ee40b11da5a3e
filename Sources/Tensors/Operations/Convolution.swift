/// How a kernel moves over an image; the names and defaults are PyTorch's.
public struct Convolution: Hashable, Sendable {
    /// Distance between neighbouring windows.
    public let stride: HeightWidth
    /// Zeros added on each side.
    public let padding: HeightWidth
    /// Distance between neighbouring elements of a window.
    public let dilation: HeightWidth
    /// Channels are divided into so many groups, each with kernels of its own.
    public let groups: Int

    /// Traps unless strides, dilations and groups are positive and paddings not negative.
    public init(
        stride: HeightWidth = 1, padding: HeightWidth = 0, dilation: HeightWidth = 1, groups: Int = 1
    ) {
        let positive = [stride.height, stride.width, dilation.height, dilation.width, groups].allSatisfy { $0 > 0 }
        precondition(
            positive && padding.height >= 0 && padding.width >= 0,
            "convolution: stride \(stride), padding \(padding), dilation \(dilation), groups \(groups)")
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.groups = groups
    }

    /// A convolution along a line: an image of height 1.
    public init(line stride: Int, padding: Int = 0, dilation: Int = 1, groups: Int = 1) {
        self.init(
            stride: HeightWidth(1, stride), padding: HeightWidth(0, padding), dilation: HeightWidth(1, dilation),
            groups: groups)
    }
}
