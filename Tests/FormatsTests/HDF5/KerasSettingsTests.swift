import Foundation
import Networks
import Testing

@testable import Formats

@Suite("What Keras' layers say of themselves")
struct KerasSettingsTests {
    private func layers(_ name: String, _ json: String = "{}") throws -> [StatedLayers.Layer] {
        let settings = try JSONDecoder().decode(KerasSettings.self, from: Data(json.utf8))
        return KerasSettings.stated(name, settings)
    }

    @Test(
        "Nonlinearities by their names",
        arguments: [
            ("relu", .relu), ("tanh", .tanh), ("gelu", .gelu), ("sigmoid", .sigmoid), ("silu", .silu),
            ("swish", .silu), ("leaky_relu", .leakyReLU(slope: 0.2)), ("elu", .elu(alpha: 1)),
            ("selu", .selu),
            ("softplus", .softplus), ("mish", nil), ("softmax", nil),
        ] as [(String, Activation?)])
    func functions(name: String, kind: Activation?) throws {
        let found = StatedLayers.Layer.activation(kind, name: name)
        #expect(try layers("Activation", #"{"activation":"\#(name)"}"#) == [found])
        #expect(try layers("Dense", #"{"activation":"\#(name)"}"#) == [.weights, found])
        let object =
            #"{"activation":{"module":"builtins","class_name":"function","config":"\#(name)"}}"#
        #expect(try layers("Dense", object) == [.weights, found])
    }

    @Test(
        "No nonlinearity is none",
        arguments: [#"{"activation":"linear"}"#, #"{"activation":null}"#, "{}"])
    func linear(json: String) throws {
        #expect(try layers("Activation", json).isEmpty && layers("Dense", json) == [.weights])
    }

    @Test("Layers that are nonlinearities, with their parameters under old and new names")
    func nonlinear() throws {
        func activation(_ kind: Activation?, _ name: String) -> [StatedLayers.Layer] {
            [.activation(kind, name: name)]
        }
        #expect(
            try layers("ReLU", #"{"max_value":null,"negative_slope":0.0,"threshold":0}"#)
                == activation(.relu, "ReLU"))
        for json in [#"{"max_value":6}"#, #"{"negative_slope":0.1}"#, #"{"threshold":0.5}"#] {
            #expect(try layers("ReLU", json) == activation(nil, "ReLU"), "\(json)")
        }
        for (json, slope) in [
            ("{}", 0.3), (#"{"alpha":0.1}"#, 0.1), (#"{"alpha":0.1,"negative_slope":0.2}"#, 0.2),
        ] {
            #expect(
                try layers("LeakyReLU", json)
                    == activation(.leakyReLU(slope: slope), "LeakyReLU with slope \(slope)"))
        }
        #expect(try layers("ELU") == activation(.elu(), "ELU"))
        #expect(try layers("ELU", #"{"alpha":0.5}"#) == activation(.elu(alpha: 0.5), "ELU"))
        for name in ["PReLU", "ThresholdedReLU", "Softmax"] {
            #expect(try layers(name) == activation(nil, name))
        }
    }

    @Test(
        "Layers that change nothing in evaluation",
        arguments: [
            "InputLayer", "Flatten", "Dropout", "SpatialDropout2D", "RandomFlip", "GaussianNoise",
            "MaxPooling1D",
            "ZeroPadding1D", "GlobalAveragePooling1D", "Identity",
        ])
    func plain(name: String) throws {
        #expect(try layers(name).isEmpty && KerasSettings.stated(name, nil).isEmpty)
    }

    @Test("Norms, joins, weights and what no architecture has, by their classes")
    func kinds() throws {
        let norms: [(String, StatedLayers.Norm)] = [
            ("BatchNormalization", .batch), ("SyncBatchNormalization", .batch),
            ("LayerNormalization", .layer),
            ("GroupNormalization", .other), ("UnitNormalization", .other), ("RMSNormalization", .other),
        ]
        for (name, kind) in norms { #expect(try layers(name) == [.norm(kind, name: name)]) }
        for name in [
            "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot",
        ] {
            #expect(try layers(name) == [.join(name)])
        }
        for name in [
            "Dense", "Conv1D", "Embedding", "MultiHeadAttention", "LSTM", "GRU", "SimpleRNN",
            "Custom>Dense",
        ] {
            #expect(try layers(name) == [.weights])
        }
        #expect(try layers("Mine>Wavelet") == [.other("Wavelet")] && layers("") == [.other("")])
        #expect(
            try layers("Rescaling", #"{"offset":-1}"#)
                == [.other("Rescaling (scale 1.0, offset -1.0); give it as the data's scale and shift")])
    }

    @Test("Convolutions: one number stands for both extents, and they must be alike")
    func convolutions() throws {
        func convolution(_ json: String) throws -> StatedLayers.Layer? {
            try layers("Conv2D", json).first
        }
        func plain(_ kernel: Int, _ stride: Int, _ padding: Int?) -> StatedLayers.Layer {
            .spatial(.convolution(kernel: kernel, stride: stride, padding: padding))
        }
        #expect(
            try convolution(#"{"kernel_size":[5,5],"strides":[2,2],"padding":"valid"}"#) == plain(5, 2, 0)
        )
        #expect(try convolution(#"{"kernel_size":3,"padding":"same"}"#) == plain(3, 1, nil))
        #expect(try layers("Conv2D", #"{"kernel_size":3,"activation":"relu"}"#).count == 3)
        let other = StatedLayers.Layer.spatial(
            .other("kernels, strides or dilations that are not square, or more than 1"))
        for json in [
            #"{"kernel_size":[3,5]}"#, #"{"kernel_size":3,"strides":[1,2]}"#, #"{"dilation_rate":[2,2]}"#,
        ] {
            #expect(try convolution(json) == other)
        }
        #expect(KerasSettings.stated("Conv2D", nil) == [other, .weights])
        for name in ["DepthwiseConv2D", "Conv2DTranspose"] {
            #expect(try layers(name, #"{"kernel_size":3}"#) == [.spatial(.other(name)), .weights])
        }
    }

    @Test("Pooling is plain where windows neither overlap nor are padded")
    func pooling() throws {
        func pool(_ kind: LeNet5.Pooling, _ size: Int, _ isPlain: Bool) -> [StatedLayers.Layer] {
            [.spatial(.pool(kind, size: size, isPlain: isPlain))]
        }
        #expect(try layers("MaxPooling2D") == pool(.max, 2, true))
        #expect(
            try layers("AveragePooling2D", #"{"pool_size":3,"strides":null}"#) == pool(.average, 3, true))
        #expect(
            try layers("MaxPooling2D", #"{"pool_size":[3,3],"strides":[2,2]}"#) == pool(.max, 3, false))
        #expect(
            try layers("MaxPooling2D", #"{"pool_size":2,"padding":"same"}"#) == pool(.max, 2, false))
        #expect(
            try layers("MaxPooling2D", #"{"pool_size":[2,1]}"#) == [
                .spatial(.other("windows that are not square"))
            ])
        #expect(try layers("GlobalAveragePooling2D") == [.spatial(.globalPool(.average))])
        #expect(try layers("GlobalMaxPooling2D") == [.spatial(.globalPool(.max))])
    }

    @Test(
        "Zeros around maps, alike on all sides or not",
        arguments: [
            ("2", 2), ("[1,1]", 1), ("[[3,3],[3,3]]", 3), ("[[0,1],[0,1]]", nil), ("[1,2]", nil),
            ("null", 1),
        ]
            as [(String, Int?)])
    func zeros(padding: String, count: Int?) throws {
        #expect(try layers("ZeroPadding2D", #"{"padding":\#(padding)}"#) == [.spatial(.zeros(count))])
    }

    @Test(
        "Samples are images where all three extents are known",
        arguments: ["batch_shape", "batch_input_shape"])
    func images(key: String) throws {
        let image = ImageExtent(channels: 3, height: 8, width: 6)
        #expect(try layers("InputLayer", #"{"\#(key)":[null,8,6,3]}"#) == [.spatial(.image(image))])
        let first = try layers("Conv2D", #"{"\#(key)":[32,8,6,3],"kernel_size":3}"#)
        #expect(first.first == .spatial(.image(image)) && first.count == 3)
        for shape in [
            "[null,784]", "[null,null,6,3]", "[null,0,6,3]", "[null,8,5000,3]", "[]", "[null,-8,6,3]",
            "7",
        ] {
            #expect(try layers("InputLayer", #"{"\#(key)":\#(shape)}"#).isEmpty, "\(shape)")
        }
    }

    @Test("Values of other kinds than usual are as if they were not there")
    func unusual() throws {
        let json =
            #"{"epsilon":"x","activation":3,"kernel_size":"a","strides":{},"batch_shape":"b","alpha":[]}"#
        #expect(try JSONDecoder().decode(KerasSettings.self, from: Data(json.utf8)).epsilon == nil)
        #expect(
            try layers("Dense", json) == [.weights] && layers("LeakyReLU", json) == layers("LeakyReLU"))
        #expect(try layers("Conv2D", json) == layers("Conv2D"))
    }
}
