import Networks

extension StatedLayers {
    /// What a layer does with the rows and columns of an image.
    enum Spatial: Sendable, Hashable {
        /// What a sample is.
        case image(ImageExtent)
        /// Zeros around the maps before the next convolution; nil where they are not alike on all sides.
        case zeros(Int?)
        /// A convolution; `padding` is nil where it is as much as keeps the extents.
        case convolution(kernel: Int, stride: Int, padding: Int?)
        /// Pooling in windows; `isPlain` where they neither overlap nor are padded.
        case pool(LeNet5.Pooling, size: Int, isPlain: Bool)
        /// The mean of every channel, or its maximum.
        case globalPool(LeNet5.Pooling)
        /// Something that no architecture here has.
        case other(String)
    }

    /// The convolutions of a plain network with what belongs to each, as a description has them.
    struct Stages: Hashable {
        var image: ImageExtent?
        var strides: [Int] = []
        var paddings: [Int] = []
        var pools: [Int] = []
        var pooling = LeNet5.Pooling.max
        var readout = CNN.Readout.flatten
        /// What no such network has.
        var problem: String?

        /// The description with what the file says.
        func applied(to config: inout CNN.Config) {
            func short(_ list: [Int]) -> [Int] { Set(list).count == 1 ? [list[0]] : list }
            (config.strides, config.paddings, config.pools) = (short(strides), short(paddings), short(pools))
            if pools.contains(where: { $0 > 1 }) { config.pooling = pooling }
            config.readout = readout
        }
    }

    /// What the file says of convolutions and pooling; nil where there are none, or they are not called in this order.
    var stages: Stages? {
        guard isSequence else { return nil }
        var stages = Stages()
        var zeros = 0
        var kinds: Set<LeNet5.Pooling> = []
        for case .spatial(let layer) in layers {
            switch layer {
            case .image(let image): stages.image = stages.image ?? image
            case .zeros(let count):
                zeros += count ?? 0
                if count == nil { stages.problem = "zeros around maps that are not alike on all sides" }
            case .convolution(let kernel, let stride, let padding):
                if padding == nil, kernel % 2 == 0 || stride > 1 {
                    stages.problem =
                        "padding \"same\" of kernels of \(kernel) with stride \(stride), which is not alike on all sides"
                }
                stages.strides.append(stride)
                stages.paddings.append((padding ?? kernel / 2) + zeros)
                stages.pools.append(1)
                zeros = 0
            case .pool(let kind, let size, let isPlain):
                kinds.insert(kind)
                if !isPlain { stages.problem = "pooling in windows that overlap or are padded" }
                guard let last = stages.pools.last, last == 1 else {
                    stages.problem = "pooling twice, or before any convolution"
                    continue
                }
                stages.pools[stages.pools.count - 1] = size
            case .globalPool(let kind):
                stages.readout = .mean
                if kind == .max { stages.problem = "the maximum of every channel" }
            case .other(let text): stages.problem = text
            }
        }
        guard !stages.strides.isEmpty else { return nil }
        if kinds.count > 1 { stages.problem = "pooling of two kinds" }
        stages.pooling = kinds.first ?? .max
        return stages
    }
}
