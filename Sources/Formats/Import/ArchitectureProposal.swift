import Basics
import Foundation
import ModelZoo
import Networks

/// The descriptions that tensors of an unknown architecture could be of, as far as names and shapes tell: what to say
/// after `--architecture`. Each of them was tried, and takes all the tensors.
///
/// Files do not say which activation a network has, nor what is padded or pooled: of the ways that fit, the usual
/// come first, and a person must choose.
struct ArchitectureProposal {
    private let view: TensorView
    private let names: [String]
    private let isOrdered: Bool
    /// Numbers in a sample, where the data set is known.
    private let features: Int?
    /// What the file says of the computation, if it does.
    private let stated: StatedLayers?
    /// Most descriptions that are shown.
    private static let most = 3
    /// Networks with more tensors are not described.
    private static let mostTensors = 2048

    init(_ view: TensorView, isOrdered: Bool, features: Int? = nil, stated: StatedLayers? = nil) {
        self.stated = stated
        self.view = view
        self.isOrdered = isOrdered
        self.features = features
        names = TensorNames.unwrapped(view.names).last ?? []
    }

    /// The descriptions, as they stand on a command line.
    func texts() -> [String] {
        architectures().compactMap { architecture in (try? ZooHeader.text(architecture)).map { "'\($0)'" } }
    }

    /// The architectures that take all the tensors, the likeliest first.
    func architectures() -> [Architecture] {
        guard names.count <= Self.mostTensors, !names.isEmpty else { return [] }
        var found: [Architecture] = []
        let all = candidates().map { candidate in stated?.activation.flatMap { candidate.with($0) } ?? candidate }
        for candidate in all where found.count < Self.most && !found.contains(candidate) && takes(candidate) {
            found.append(candidate)
        }
        return found
    }

    private func takes(_ architecture: Architecture) -> Bool {
        if let features, architecture.input.count != features { return false }
        if let stated, (try? StatedCheck(architecture).check(stated, place: "")) == nil { return false }
        let fitting = TensorFitting(
            layout: architecture.layout, schemes: architecture.nameSchemes, isOrdered: isOrdered)
        if case .found = fitting.outcome(view.completed(for: architecture.layout)) { return true }
        return false
    }

    private func candidates() -> [Architecture] {
        let shape = { (name: String) in names.firstIndex(of: name).map { view.shapes[$0] } }
        if let stem = shape("conv1.weight"), stem.count == 4, names.contains(where: { $0.hasPrefix("layer1.0.") }) {
            return residual(stem, outputs: (shape("fc.bias") ?? shape("linear.bias"))?.first)
        }
        func ending(_ end: String) -> [Int]? { names.firstIndex { $0.hasSuffix(end) }.map { view.shapes[$0] } }
        if let patches = ending("patch_embeddings.projection.weight"), patches.count == 4 {
            return transformers(
                patches, positions: ending("position_embeddings"), outputs: shape("classifier.bias")?.first,
                hidden: ending("intermediate.dense.bias")?.first)
        }
        if let patches = shape("conv_proj.weight") ?? shape("patch_embed.proj.weight"), patches.count == 4 {
            return transformers(
                patches, positions: shape("encoder.pos_embedding") ?? shape("pos_embed"),
                outputs: (shape("heads.head.bias") ?? shape("head.bias"))?.first,
                hidden: names.indices.first { names[$0].hasSuffix("mlp.0.bias") || names[$0].hasSuffix("fc1.bias") }
                    .flatMap { view.shapes[$0].first })
        }
        guard let chain = LayerChain(names, view.shapes, isOrdered: isOrdered) else { return [] }
        return chain.convolutions.isEmpty ? perceptrons(chain) : convolutional(chain)
    }

    private func residual(_ stem: [Int], outputs: Int?) -> [Architecture] {
        guard let outputs, stem[1] <= 16, stem[0] <= 4096 else { return [] }
        return [18, 20].flatMap { depth in
            sides(channels: stem[1], usual: [32]).map { side in
                .resnet(
                    .init(
                        depth: depth, image: ImageExtent(channels: stem[1], height: side, width: side), width: stem[0],
                        outputs: outputs))
            }
        }
    }

    private func transformers(_ patches: [Int], positions: [Int]?, outputs: Int?, hidden: Int?) -> [Architecture] {
        guard let positions, positions.count == 3, let outputs, patches[0] <= 1 << 14, patches[2] <= 4096 else {
            return []
        }
        let perSide = Int(Double(positions[1] - 1).squareRoot().rounded())
        guard perSide > 0, perSide * perSide == positions[1] - 1, perSide * patches[2] <= 4096, patches[1] <= 4096
        else {
            return []
        }
        let side = perSide * patches[2]
        let blocks = Set(
            names.compactMap { name -> Int? in
                let parts = name.split(separator: ".")
                return parts.first { $0.hasPrefix("encoder_layer_") }.flatMap { Int($0.dropFirst(14)) }
                    ?? (parts.first == "blocks" && parts.count > 1 ? Int(parts[1]) : nil)
                    ?? parts.firstIndex(of: "layer").flatMap { $0 + 1 < parts.count ? Int(parts[$0 + 1]) : nil }
            })
        // The number of heads does not show: usually they are 64 wide, in small networks there are three.
        let heads = [patches[0] % 64 == 0 ? patches[0] / 64 : 0, 3, 4, 1].first { $0 > 0 && patches[0] % $0 == 0 }
        guard let heads, (1...256).contains(blocks.count) else { return [] }
        return [
            .vit(
                .init(
                    image: ImageExtent(channels: patches[1], height: side, width: side), patch: patches[2],
                    depth: blocks.count, width: patches[0], heads: heads, hidden: hidden, outputs: outputs))
        ]
    }

    private func perceptrons(_ chain: LayerChain) -> [Architecture] {
        let widths = chain.layers.map { $0.shape[1] } + [chain.layers[chain.layers.count - 1].shape[0]]
        guard MLP.Config.isPossible(widths) else { return [] }
        let isBatch = chain.norms.contains { $0.hasStatistics }
        let norms: [MLP.Config.Norm] = chain.norms.isEmpty ? [.none] : isBatch ? [.batch] : [.layer, .batch]
        return norms.map { .mlp(.init(widths: widths, bias: chain.layers.contains { $0.hasBias }, norm: $0)) }
    }
}

extension ArchitectureProposal {
    /// Heights of images that samples may have.
    private func sides(channels: Int, usual: [Int]) -> [Int] {
        guard let features else { return usual }
        let side = Int(Double(features / max(1, channels)).squareRoot().rounded())
        return side * side * channels == features && side <= 4096 ? [side] : []
    }

    private func convolutional(_ chain: LayerChain) -> [Architecture] {
        guard let first = chain.layers.first, let last = chain.layers.last else { return [] }
        let kernels = chain.convolutions.map { $0.shape[2] }
        let (channels, inputs) = (chain.convolutions.map { $0.shape[0] }, chain.convolutions[0].shape[1])
        guard channels.count <= 64, channels.allSatisfy({ $0 <= 1 << 12 }), kernels.allSatisfy({ $0 <= 31 }),
            chain.convolutions.allSatisfy({ $0.shape[2] == $0.shape[3] }), inputs <= 4096,
            chain.layers.allSatisfy({ $0.shape[0] <= 1 << 17 && $0.hasBias })
        else { return [] }
        let images = sides(channels: inputs, usual: [28, 32, 8, 64, 16]).map {
            ImageExtent(channels: inputs, height: $0, width: $0)
        }
        let known = images.flatMap { image in
            [ZooCNN.Size.small, .large].filter { $0.channels == channels && $0.isPossible(image) }.map {
                Architecture.cnn(.init(size: $0, image: image, outputs: last.shape[0]))
            }
        }
        if let stages = stated?.stages, stages.strides.count == channels.count {
            return Self.described(chain, stages, kernels, images)
        }
        let described = Self.ways(chain).flatMap { way in
            images.compactMap { image -> Architecture? in
                let config = CNN.Config.possible(image: image, channels: channels, outputs: last.shape[0]) { config in
                    config.kernels = Self.short(kernels)
                    config.paddings = Self.short(kernels.map { way.isSame ? $0 / 2 : 0 })
                    config.pools = Self.short(way.pools)
                    config.strides = Self.short(way.strides)
                    config.readout = way.readout
                    config.norm = chain.norms.isEmpty ? .none : .batch
                    config.hasBias = chain.convolutions[0].hasBias
                    config.hidden = chain.layers.dropLast().map { $0.shape[0] }
                }
                return config.flatMap { $0.rowWidth == first.shape[1] ? .convolutional($0) : nil }
            }
        }
        return known + described
    }

    /// The networks that the file describes, of the images that they may be for.
    private static func described(
        _ chain: LayerChain, _ stages: StatedLayers.Stages, _ kernels: [Int], _ images: [ImageExtent]
    ) -> [Architecture] {
        guard stages.problem == nil, let last = chain.layers.last, let first = chain.layers.first else { return [] }
        return (stages.image.map { [$0] } ?? images).compactMap { image in
            let channels = chain.convolutions.map { $0.shape[0] }
            let config = CNN.Config.possible(image: image, channels: channels, outputs: last.shape[0]) { config in
                config.kernels = short(kernels)
                stages.applied(to: &config)
                config.norm = chain.norms.isEmpty ? .none : .batch
                config.hasBias = chain.convolutions[0].hasBias
                config.hidden = chain.layers.dropLast().map { $0.shape[0] }
            }
            return config.flatMap { $0.rowWidth == first.shape[1] ? .convolutional($0) : nil }
        }
    }

    /// What files do not say of convolutions.
    private typealias Way = (isSame: Bool, pools: [Int], strides: [Int], readout: CNN.Readout)

    /// The ways of padding, pooling and stepping, the usual first.
    private static func ways(_ chain: LayerChain) -> [Way] {
        let count = chain.convolutions.count
        let (none, all) = ([Int](repeating: 1, count: count), [Int](repeating: 2, count: count))
        var pools = [all, none]
        for last in 1..<max(1, min(count, 4)) { pools.append(Array(all.dropLast(last)) + none.prefix(last)) }
        if let counted = chain.pooled { pools.insert(counted.map { $0 ? 2 : 1 }, at: 0) }
        pools.append([Int](repeating: 3, count: count))
        let readouts: [CNN.Readout] =
            chain.layers[0].shape[1] == chain.convolutions[count - 1].shape[0]
            ? [.mean, .flatten] : [.flatten]
        return readouts.flatMap { readout in
            pools.flatMap { pools in [true, false].map { ($0, pools, none, readout) } }
                + [true, false].map { ($0, none, all, readout) }
        }
    }

    /// A list of equal numbers as one of them.
    private static func short(_ list: [Int]) -> [Int] { Set(list).count == 1 ? [list[0]] : list }
}
