import Basics

extension CNN {
    /// What stands between a convolution and its activation.
    public enum Norm: String, Codable, Hashable, Sendable, CaseIterable {
        /// Nothing.
        case none
        /// Batch normalisation.
        case batch
    }

    /// How the last map becomes the first linear layer's inputs.
    public enum Readout: String, Codable, Hashable, Sendable, CaseIterable {
        /// Channel by channel, each row by row: PyTorch's `flatten`.
        case flatten
        /// The mean of every channel: global average pooling.
        case mean
    }

    /// Extents: `{"kind":"cnn","image":[1,8,8],"channels":[8,16],"kernels":[3],"paddings":[1],"pools":[2],
    /// "outputs":10}`. A list of one number for the convolutions stands for all of them.
    public struct Config: NetworkConfig {
        /// Channels, height, width.
        public var image: ImageExtent
        /// Channels of every convolution.
        public var channels: [Int]
        /// Rows and columns of the kernels.
        public var kernels: [Int] = [3]
        /// Steps of the kernels.
        public var strides: [Int] = [1]
        /// Zeros around the maps.
        public var paddings: [Int] = [0]
        /// Rows and columns of the pooling windows; 1 is none.
        public var pools: [Int] = [2]
        /// What pooling takes.
        public var pooling = LeNet5.Pooling.max
        /// What stands between a convolution and its activation.
        public var norm = Norm.none
        /// Whether convolutions add a bias.
        public var hasBias = true
        /// How the last map becomes rows.
        public var readout = Readout.flatten
        /// Widths of the linear layers before the last one.
        public var hidden: [Int] = []
        /// Nonlinearity.
        public var activation = Activation.relu
        /// Number of outputs.
        public var outputs: Int

        /// Describes a network of 3 x 3 kernels with pooling in windows of 2 unless other lists are given; traps on
        /// impossible extents.
        public init(
            image: ImageExtent, channels: [Int], kernels: [Int] = [3], paddings: [Int] = [0], pools: [Int] = [2],
            norm: Norm = .none, hidden: [Int] = [], activation: Activation = .relu, outputs: Int = 10,
            _ adjust: (inout Config) -> Void = { _ in }
        ) {
            (self.image, self.channels, self.kernels, self.paddings) = (image, channels, kernels, paddings)
            (self.pools, self.norm, self.hidden) = (pools, norm, hidden)
            (self.activation, self.outputs) = (activation, outputs)
            adjust(&self)
            check.trap(kind)
        }

        /// "cnn".
        public var kind: String { "cnn" }
        /// Images.
        public var input: NetworkInput { .image(image) }
        /// The network of this description.
        public var network: any Network { CNN(self) }

        /// Convolutions with what belongs to each.
        typealias Stage = (channels: Int, kernel: Int, stride: Int, padding: Int, pool: Int)

        var plan: [Stage] {
            func at(_ list: [Int], _ index: Int) -> Int { list[list.count == 1 ? 0 : index] }
            return channels.indices.map {
                (channels[$0], at(kernels, $0), at(strides, $0), at(paddings, $0), at(pools, $0))
            }
        }

        /// Extents of the last map; not above 0 where the image is too small.
        var finalExtent: ImageExtent {
            plan.reduce(image) { extent, stage in
                func next(_ side: Int) -> Int {
                    let inner = side + 2 * stage.padding - stage.kernel
                    return inner < 0 ? 0 : (inner / stage.stride + 1) / stage.pool
                }
                return ImageExtent(channels: stage.channels, height: next(extent.height), width: next(extent.width))
            }
        }

        /// Inputs of the first linear layer.
        package var rowWidth: Int { readout == .mean ? finalExtent.channels : finalExtent.count }

        /// The description if such a network can be, else nil.
        package static func possible(
            image: ImageExtent, channels: [Int], outputs: Int, _ adjust: (inout Config) -> Void
        ) -> Config? {
            var config = Config(checked: image, channels: channels, outputs: outputs)
            adjust(&config)
            return config.check.fault == nil ? config : nil
        }

        private init(checked image: ImageExtent, channels: [Int], outputs: Int) {
            (self.image, self.channels, self.outputs) = (image, channels, outputs)
        }

        /// `nn.Sequential` of convolutions, norms, activations and poolings, the flattening, and linear layers.
        public var nameSchemes: [NameScheme] {
            var (place, modules) = (0, [(ours: String, place: Int)]())
            for (index, stage) in plan.enumerated() {
                modules.append(("convolutions.\(index)", place))
                if norm == .batch { modules.append(("norms.\(index)", place + 1)) }
                place += 2 + (norm == .batch ? 1 : 0) + (stage.pool > 1 ? 1 : 0)
            }
            place += readout == .mean ? 2 : 1
            for index in 0...hidden.count { modules.append(("layers.\(index)", place + 2 * index)) }
            return [.sequential(modules)]
        }

        /// D.
        var parameterCount: Int {
            var (count, before) = (0, image.channels)
            for stage in plan {
                count += stage.channels * (before * stage.kernel * stage.kernel + (hasBias ? 1 : 0))
                count += norm == .batch ? 2 * stage.channels : 0
                before = stage.channels
            }
            var inputs = readout == .mean ? before : finalExtent.count
            for width in hidden + [outputs] {
                count += (inputs + 1) * width
                inputs = width
            }
            return count
        }

        private var check: ConfigCheck {
            var check = ConfigCheck()
            check.image("image", image)
            check.extent("channels", channels.count, 1...64)
            let lists = [
                ("channels", channels, 1...(1 << 12)), ("kernels", kernels, 1...31), ("strides", strides, 1...16),
                ("paddings", paddings, 0...15), ("pools", pools, 1...64), ("hidden", hidden, 1...(1 << 17)),
            ]
            for (key, list, range) in lists {
                for value in list { check.extent(key, value, range) }
                check.require(
                    key == "hidden" ? list.count <= 64 : list.count == 1 || list.count == channels.count, key,
                    "\(list): expected one number, or one for each of \(channels.count) convolutions")
            }
            check.extent("outputs", outputs, 1...(1 << 24))
            check.require(
                finalExtent.height > 0 && finalExtent.width > 0, "image",
                "\(image.height) x \(image.width): too small for these kernels and pools")
            check.parameters("channels", parameterCount)
            return check
        }
    }
}

extension CNN.Config {
    private enum CodingKeys: String, CodingKey {
        case image, channels, kernels, strides, paddings, pools, pooling, norm, bias, readout, hidden, activation
        case outputs
    }

    /// Reads a description, of which anything but image, channels and outputs may be left out; throws on impossible
    /// extents.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            checked: try fields.decode(ImageExtent.self, forKey: .image),
            channels: try fields.decode([Int].self, forKey: .channels),
            outputs: try fields.decode(Int.self, forKey: .outputs))
        func read<Value: Decodable>(_ key: CodingKeys, into value: inout Value) throws {
            value = try fields.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        try read(.kernels, into: &kernels)
        try read(.strides, into: &strides)
        try read(.paddings, into: &paddings)
        try read(.pools, into: &pools)
        try read(.hidden, into: &hidden)
        try read(.pooling, into: &pooling)
        try read(.norm, into: &norm)
        try read(.bias, into: &hasBias)
        try read(.readout, into: &readout)
        try read(.activation, into: &activation)
        try check.refuse(decoder)
    }

    /// Writes what makes the network, and what is not usual.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(image, forKey: .image)
        try fields.encode(channels, forKey: .channels)
        try fields.encode(kernels, forKey: .kernels)
        try fields.encode(paddings, forKey: .paddings)
        try fields.encode(pools, forKey: .pools)
        try fields.encode(activation, forKey: .activation)
        try fields.encode(outputs, forKey: .outputs)
        if strides != [1] { try fields.encode(strides, forKey: .strides) }
        if pooling != .max { try fields.encode(pooling, forKey: .pooling) }
        if norm != .none { try fields.encode(norm, forKey: .norm) }
        if !hasBias { try fields.encode(hasBias, forKey: .bias) }
        if readout != .flatten { try fields.encode(readout, forKey: .readout) }
        if !hidden.isEmpty { try fields.encode(hidden, forKey: .hidden) }
    }
}

extension CNN {
    /// The kind of architecture, one line of ``Architecture/standard``: its keys, and the defaults that a configuration
    /// starts from.
    public static let kind = ConfigKind<Architecture>(
        "cnn", Config.self, "a plain convolutional network of any extents",
        picture: """
            image -> (Conv -> norm -> activation -> pool) for every convolution -> flatten, or the mean of each channel
                  -> (Linear -> activation) for every hidden width -> Linear -> outputs
            A list of one number stands for all convolutions. Max pooling before the activation is the same.
            """,
        keys: [
            .image,
            ConfigKey("channels", .list(.integer(1...1 << 12), count: 1...64), "Channels of every convolution"),
            ConfigKey("kernels", .list(.integer(1...31), count: 1...64), "Rows and columns of the kernels"),
            ConfigKey("strides", .list(.integer(1...16), count: 1...64), "Steps of the kernels"),
            ConfigKey("paddings", .list(.integer(0...15), count: 1...64), "Zeros around the maps"),
            ConfigKey(
                "pools", .list(.integer(1...64), count: 1...64), "Rows and columns of pooling windows; 1 is none"),
            ConfigKey("pooling", .choice(LeNet5.Pooling.allCases.map(\.rawValue)), "What pooling takes"),
            ConfigKey(
                "norm", .choice(Norm.allCases.map(\.rawValue)), "What stands between a convolution and its activation"),
            ConfigKey("bias", .flag, "Whether convolutions add a bias"),
            ConfigKey("readout", .choice(Readout.allCases.map(\.rawValue)), "How the last map becomes rows"),
            ConfigKey("hidden", .list(.integer(1...1 << 17), count: 0...64), "Widths of the hidden linear layers"),
            .activation, .outputs,
        ],
        defaults: [
            "image": .list([1, 28, 28].map { .integer($0) }), "channels": .list([8, 16].map { .integer($0) }),
            "kernels": .list([.integer(3)]), "strides": .list([.integer(1)]), "paddings": .list([.integer(0)]),
            "pools": .list([.integer(2)]), "pooling": .string("max"), "norm": .string("none"), "bias": .bool(true),
            "readout": .string("flatten"), "hidden": .list([]), "activation": .string("relu"),
            "outputs": .integer(10),
        ])
}
