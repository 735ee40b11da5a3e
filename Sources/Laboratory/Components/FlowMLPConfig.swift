import Basics
import Generation

/// The velocity net: DeepWeightFlow's MLP of width h.
public struct FlowMLPConfig: ComponentConfig {
    /// h.
    public var hidden = 512
    /// Whether there is one more block of width h.
    public var deeper = false
    /// Width of the time embedding.
    public var timeWidth = 64
    /// Dropout after every block but the last.
    public var dropout = 0.1

    /// h = 512.
    public init() {}

    /// Four keys.
    public static let keys = [
        ConfigKey("hidden", .integer(2...16_384), "Width h of the net; its hidden layers are h, h/2, h"),
        ConfigKey("deeper", .flag, "DeepWeightFlow's deeper variant: hidden layers h, h, h/2, h"),
        ConfigKey("timeWidth", .integer(1...16_384), "Width of the time embedding"),
        ConfigKey("dropout", .number(atLeast: 0, below: 1), "Dropout probability after every block but the last"),
    ]

    /// The net's own settings.
    var config: FlowMLP.Config {
        FlowMLP.Config(
            hidden: (deeper ? [hidden] : []) + [hidden, max(hidden / 2, 1), hidden], timeWidth: timeWidth,
            dropout: dropout)
    }
}
