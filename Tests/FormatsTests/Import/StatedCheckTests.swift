import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("What a file says of its computation")
struct StatedCheckTests {
    private func mlp(_ norm: MLP.Config.Norm = .none, _ activation: Activation = .relu) -> Architecture {
        .mlp(MLP.Config(widths: [4, 3, 2], activation: activation, norm: norm))
    }

    private func keras(_ layers: String) throws -> KerasModel {
        try KerasModel(json: Array(#"{"class_name":"Sequential","config":{"layers":[\#(layers)]}}"#.utf8))
    }

    private func problem(_ stated: StatedLayers, _ architecture: Architecture) -> DataError? {
        dataError { try StatedCheck(architecture).check(stated, place: "m.keras") }
    }

    private let dense = #"{"class_name":"Dense","config":{"activation":"tanh"}}"#
    private let plain = #"{"class_name":"Dense","config":{"activation":"linear"}}"#
    private let last = #"{"class_name":"Dense","config":{"activation":"softmax"}}"#
    private let norm = #"{"class_name":"BatchNormalization","config":{"epsilon":0.002}}"#

    @Test("another activation is refused, and the message has the right one")
    func activation() throws {
        let stated = try keras("\(dense),\(last)").stated
        #expect(stated.activation == .tanh)
        #expect(problem(stated, mlp(.none, .tanh)) == nil)
        let error = problem(stated, mlp())
        #expect(error?.found == "tanh in the file")
        #expect(error?.hint.contains(#""activation":"tanh""#) == true, "\(error as Any)")
        let unknown = try keras(#"{"class_name":"Dense","config":{"activation":"mish"}},\#(last)"#).stated
        #expect(problem(unknown, mlp())?.found == "mish in the file")
        let layer = #"{"class_name":"Dense","config":{"activation":{"class_name":"ReLU","config":{"name":"r"}}}}"#
        #expect(try keras("\(layer),\(last)").stated.activation == .relu)
        let capped = layer.replacingOccurrences(of: #""name":"r""#, with: #""max_value":6"#)
        #expect(try keras("\(capped),\(last)").stated.activation == nil)
        let leaky = try keras(#"\#(plain),{"class_name":"LeakyReLU","config":{"negative_slope":0.2}},\#(last)"#).stated
        #expect(
            problem(leaky, mlp(.none, .leakyReLU(slope: 0.2))) == nil && problem(leaky, mlp(.none, .leakyReLU())) != nil
        )
    }

    @Test("norms after the activation, of another kind or without a place are refused")
    func norms() throws {
        let after = try keras("\(dense),\(norm),\(last)").stated
        #expect(problem(after, mlp(.batch, .tanh))?.found == "BatchNormalization after the activation")
        let before = try keras(
            #"\#(plain),\#(norm),{"class_name":"Activation","config":{"activation":"tanh"}},\#(last)"#)
        #expect(problem(before.stated, mlp(.batch, .tanh)) == nil)
        #expect(problem(before.stated, mlp(.layer, .tanh))?.expected.contains("layer norms") == true)
        #expect(problem(before.stated, mlp(.none, .tanh))?.expected.contains("without norms") == true)
        let groups = try keras(#"\#(plain),{"class_name":"GroupNormalization","config":{}},\#(last)"#).stated
        #expect(problem(groups, mlp(.layer))?.hint == "no architecture computes these")
    }

    @Test("layers that join inputs are refused, others that change numbers are warned of")
    func others() throws {
        let joined = try keras(#"\#(dense),{"class_name":"Add","config":{}},\#(last)"#).stated
        #expect(problem(joined, mlp(.none, .tanh))?.found == "Add, which joins several inputs")
        let scaled = try keras(
            #"{"class_name":"InputLayer","config":{}},{"class_name":"Rescaling","config":{"scale":0.5}},\#(dense),\#(last)"#
        )
        #expect(problem(scaled.stated, mlp(.none, .tanh)) == nil)
        let warnings = StatedCheck(mlp(.none, .tanh)).warnings(scaled.stated)
        #expect(warnings.count == 1 && warnings[0].contains("Rescaling (scale 0.5, offset 0.0)"), "\(warnings)")
    }

    private func convolution(_ more: String = "") -> String {
        #"{"class_name":"Conv2D","config":{"kernel_size":[3,3],"padding":"same","activation":"relu"\#(more)}}"#
    }
    private let image = #"{"class_name":"InputLayer","config":{"batch_shape":[null,8,8,1]}}"#
    private let pool = #"{"class_name":"AveragePooling2D","config":{"pool_size":[2,2]}}"#

    @Test("padding, pooling and the image of a configuration are held against the description")
    func images() throws {
        let stated = try keras("\(image),\(convolution()),\(pool),\(convolution()),\(plain)").stated
        let stages = try #require(stated.stages)
        #expect(stages.image == ImageExtent(channels: 1, height: 8, width: 8) && stages.problem == nil)
        #expect(stages.paddings == [1, 1] && stages.pools == [2, 1] && stages.pooling == .average)
        func cnn(_ pools: [Int], _ pooling: LeNet5.Pooling, paddings: [Int] = [1], side: Int = 8) -> Architecture {
            let image = ImageExtent(channels: 1, height: side, width: side)
            return .convolutional(
                CNN.Config(image: image, channels: [2, 2], paddings: paddings, pools: pools, outputs: 2) {
                    $0.pooling = pooling
                })
        }
        #expect(problem(stated, cnn([2, 1], .average)) == nil)
        let error = problem(stated, cnn([2, 1], .max))
        #expect(error?.found == "average pooling in the file" && error?.hint.contains("average") == true)
        #expect(problem(stated, cnn([2], .average))?.found == "pools [2, 1] in the file")
        #expect(problem(stated, cnn([2, 1], .average, paddings: [0]))?.found == "paddings [1, 1] in the file")
        #expect(problem(stated, cnn([2, 1], .average, side: 12))?.found == "samples of [1, 8, 8] in the file")
    }

    @Test("what no plain network has is refused")
    func otherImages() throws {
        let strided = try keras("\(convolution(#","strides":[2,2]"#)),\(plain)").stated.stages
        #expect(strided?.problem?.contains("same") == true)
        let overlapping = #"{"class_name":"MaxPooling2D","config":{"pool_size":[3,3],"strides":[2,2]}}"#
        #expect(try keras("\(convolution()),\(overlapping),\(plain)").stated.stages?.problem != nil)
        #expect(try keras("\(convolution()),\(pool),\(pool),\(plain)").stated.stages?.problem != nil)
        let padded = #"{"class_name":"ZeroPadding2D","config":{"padding":[[1,1],[1,1]]}}"#
        let valid = #"{"class_name":"Conv2D","config":{"kernel_size":[3,3],"padding":"valid"}}"#
        #expect(try keras("\(padded),\(valid),\(plain)").stated.stages?.paddings == [1])
    }

    @Test("the first Keras had a list of layers; models in models are gone through")
    func forms() throws {
        let list = try KerasModel(
            json: Array(#"{"class_name":"Sequential","config":[\#(dense),\#(norm),\#(last)]}"#.utf8))
        #expect(list.stated.layers.count == 5 && list.epsilons(ofBatchNorms: true) == [0.002])
        let inner = #"{"class_name":"Sequential","config":{"layers":[\#(dense),\#(norm)]}}"#
        #expect(try keras("\(inner),\(last)").stated == list.stated)
        #expect(try keras("\(inner),\(last)").epsilons(ofBatchNorms: true) == [0.002])
    }

    @Test("modules of PyTorch that were saved whole say the same")
    func torch() {
        func stated(_ classes: [(String, [String: PickleValue])]) -> StatedLayers {
            var stated = StatedLayers()
            for (name, values) in classes {
                let module = name == "Net" ? "__main__" : "torch.nn.modules.any"
                TorchSettings { values[$0] }.add(
                    PickleGlobal(module: module, name: name), hasModules: ["Net", "Sequential"].contains(name),
                    to: &stated)
            }
            return stated
        }
        let classes: [(String, [String: PickleValue])] = [
            ("Sequential", [:]), ("Linear", [:]), ("LeakyReLU", ["negative_slope": .real(0.2)]), ("Linear", [:]),
        ]
        let plain = stated(classes)
        #expect(plain.isSequence && plain.activation == .leakyReLU(slope: 0.2))
        #expect(problem(plain, mlp())?.found == "LeakyReLU in the file")
        // What a class of another's making calls is not known: a warning.
        let own = stated([("Net", [:])] + classes.dropFirst())
        #expect(problem(own, mlp()) == nil && StatedCheck(mlp()).warnings(own).count == 1)
        let groups = stated([("Sequential", [:]), ("Linear", [:]), ("GroupNorm", [:]), ("ReLU", [:]), ("Linear", [:])])
        #expect(problem(groups, mlp(.layer))?.found == "GroupNorm in the file")
        #expect(TorchSettings { $0 == "eps" ? .real(0.1) : nil }.number("eps") == 0.1)
    }

    @Test("another epsilon is made up for in the running variances, and told of layer norms")
    func epsilon() {
        var tensors = ForeignNetwork([
            ("a.weight", [1], [1]), ("a.running_var", [1], [0.5]), ("b.weight", [1], [1]), ("c.running_var", [1], [2]),
        ]).tensors
        tensors[0].epsilon = 1e-3
        tensors[1].epsilon = 1e-3
        tensors[2].epsilon = 1e-3
        tensors[3].epsilon = 1e-5
        var settled = NormEpsilon(smallArchitecture)
        settled.settle(&tensors)
        #expect(tensors[1].values.floats() == [Float(0.5 + (1e-3 - 1e-5))] && tensors[3].values.floats() == [2])
        #expect(settled.notes.count == 1 && settled.warnings.count == 1)
    }

    @Test("norms without statistics are no batch norms where they can be layer norms")
    func statistics() throws {
        let layout = mlp(.layer).layout
        let network = ForeignNetwork(layout.slots.map { ($0.name, $0.shape, [Float](repeating: 1, count: $0.count)) })
        try withFolder { (folder: String) throws in
            let error = dataError {
                _ = try ZooImport(architecture: mlp(.batch))
                    .write(ListSource(networks: [network]), root: "/x", to: "\(folder)/z.h5")
            }
            #expect(error?.hint.contains(#""norm":"layer""#) == true, "\(error as Any)")
        }
    }
}
