import Networks
import TestSupport
import Tensors

@testable import Generation

/// Support sets, encoders and networks small enough for a test.
enum SupportSamples {
    /// `perClass` normal rows of each class in turn, those of class c around c.
    static func rows(classes: Int = 3, perClass: Int = 2, features: Int = 4, seed: UInt64 = 1) throws -> SupportSet {
        let labels = (0..<(classes * perClass)).map { $0 % classes }
        let centers = Tensor(labels.map(Double.init), shape: [labels.count, 1])
        return try SupportSet(
            features: normalDoubles([labels.count, features], seed: seed) + centers, labels: labels, classes: classes)
    }

    /// The same as images of 2 channels.
    static func images(classes: Int = 3, perClass: Int = 2, side: Int = 5, seed: UInt64 = 2) throws -> SupportSet {
        let labels = (0..<(classes * perClass)).map { $0 % classes }
        return try SupportSet(
            features: normalDoubles([labels.count, 2, side, side], seed: seed), labels: labels, classes: classes)
    }

    /// Settings in which everything can be asked.
    static func config(images: Bool = false, layers: Int = 2) -> ConditionsConfig {
        var config = ConditionsConfig(), settings = SupportSettings(), numbers = FourierNumbers()
        config.width = 6
        (settings.features, settings.heads, settings.layers) = (8, 2, layers)
        numbers.columns = ["accuracy", "loss"]
        config.label = .table(LabelTable())
        config.number = .fourier(numbers)
        config.support = images ? .images(settings) : .rows(settings)
        return config
    }

    /// An encoder of its own, with weights none of which is zero, in double precision.
    struct Encoder {
        let encoder: ConditionEncoder
        let parameters: Parameters

        init(_ config: ConditionsConfig, _ conditions: [Condition], classTokens: Int? = nil) throws {
            var builder = ParameterLayout.Builder()
            encoder = ConditionEncoder(
                config, facts: try ConditionFacts(fitting: conditions, config), classTokens: classTokens,
                layout: &builder)
            let layout = builder.layout()
            parameters = Parameters(layout: layout, flat: normalDoubles([layout.count], seed: 9) * 0.4)
        }

        func callAsFunction(_ conditions: Condition...) -> VelocityInput.Condition {
            encoder(parameters, conditions)
        }

        /// The features of support sets.
        func features(_ sets: SupportSet...) -> Tensor {
            encoder(parameters, sets.map { Condition(support: $0) }).features
        }

        /// The class tokens of one, [C, E].
        func tokens(_ set: SupportSet) -> Tensor {
            let tokens = encoder(parameters, [Condition(support: set)]).classes ?? .zeros([0, 0, 0])
            return tokens.reshaped(Shape(tokens.shape.array.dropFirst()))
        }
    }

    /// An encoder of support sets alone that has seen one set.
    static func encoder(
        of set: SupportSet, images: Bool = false, layers: Int = 2, classes: Int? = nil, classTokens: Int? = nil
    ) throws -> Encoder {
        var config = config(images: images, layers: layers)
        (config.label, config.number) = (.none, .none)
        if var settings = config.support.settings {
            settings.classes = classes
            config.support = images ? .images(settings) : .rows(settings)
        }
        return try Encoder(config, [Condition(support: set)], classTokens: classTokens)
    }
}
