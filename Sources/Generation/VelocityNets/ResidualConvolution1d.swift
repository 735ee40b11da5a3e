import Networks
import Tensors

/// Two convolutions beside a shortcut, the second behind a group norm that the time shifts and scales.
///
///     h = conv_1(silu(n_1(x))),   (shift, scale) = A silu(e) + a
///     y = shortcut(x) + conv_2(dropout(silu(n_2(h) (1 + scale) + shift)))
///
/// x: [B, in, L]; y: [B, out, L]; the shortcut is the identity, or a kernel of width 1 where the channels differ.
///
/// Source: the residual block of Dhariwal & Nichol, Diffusion models beat GANs on image synthesis, 2021 ("scale-shift
/// norm"), along a line. conv_2 is to start at zero.
struct ResidualConvolution1d: Sendable {
    private let norms: (first: GroupNorm, second: GroupNorm)
    private let convolutions: (first: Conv1d, second: Conv1d)
    private let modulation: Linear
    private let shortcut: Conv1d?
    private let dropout: Dropout

    /// Declares `name.norm1`, `name.conv1`, `name.modulation`, `name.norm2`, `name.conv2` and `name.shortcut`.
    init(
        _ name: String, in inputs: Int, out outputs: Int, config: UNet1d.Config,
        layout: inout ParameterLayout.Builder
    ) {
        func norm(_ suffix: String, _ channels: Int) -> GroupNorm {
            GroupNorm("\(name).\(suffix)", groups: config.groups, channels: channels, spatialRank: 1, layout: &layout)
        }
        func convolution(_ suffix: String, _ inputs: Int) -> Conv1d {
            Conv1d(
                "\(name).\(suffix)", in: inputs, out: outputs, kernel: config.kernel, padding: config.kernel / 2,
                layout: &layout)
        }
        let norm1 = norm("norm1", inputs), conv1 = convolution("conv1", inputs)
        modulation = Linear("\(name).modulation", in: config.timeWidth, out: 2 * outputs, layout: &layout)
        norms = (norm1, norm("norm2", outputs))
        convolutions = (conv1, convolution("conv2", outputs))
        shortcut =
            inputs == outputs
            ? nil : Conv1d("\(name).shortcut", in: inputs, out: outputs, kernel: 1, layout: &layout)
        dropout = Dropout(config.dropout)
    }

    /// x [B, in, L] beside e' = silu(e) [B, T] to [B, out, L].
    func callAsFunction(
        _ parameters: Parameters, _ x: Tensor, _ e: Tensor, _ pass: inout ForwardPass
    ) -> Tensor {
        let hidden = convolutions.first(parameters, norms.first(parameters, x).silu())
        let (batch, channels) = (hidden.shape[0], hidden.shape[1])
        let steering = modulation(parameters, e).reshaped([batch, 2 * channels, 1])
        let shift = steering.sliced(axis: 1, 0..<channels)
        let scale = steering.sliced(axis: 1, channels..<(2 * channels))
        let steered = (norms.second(parameters, hidden) * (scale + 1) + shift).silu()
        let branch = convolutions.second(parameters, dropout(steered, &pass))
        return (shortcut.map { $0(parameters, x) } ?? x) + branch
    }
}
