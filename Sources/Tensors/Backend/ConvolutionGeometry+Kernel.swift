import CKernels

extension ConvolutionGeometry {
    /// Shape of a role's result, without the population.
    func shape(of role: ConvolutionRole, _ a: Shape, _ b: Shape) -> [Int] {
        func channels(_ shape: Shape, _ fromEnd: Int) -> Int { shape[shape.count - fromEnd] }
        switch role {
        case .output: return [channels(a, 4), channels(b, 4), output.height, output.width]
        case .inputGradient:
            return [channels(a, 4), channels(b, 3) * convolution.groups, input.height, input.width]
        case .weightGradient:
            return [channels(b, 3), channels(a, 3) / convolution.groups, kernel.height, kernel.width]
        }
    }

    /// What one group of channels looks like to the kernel. The input gradient is itself a convolution: of the upstream
    /// gradient, with zeros between its elements, with the windows of weights reversed.
    func kernel(_ role: ConvolutionRole, _ left: PopulationArray, _ right: PopulationArray) -> ck_convolution {
        let groups = convolution.groups, read = left.shape[left.shape.count - 3] / groups
        let reversed = role == .inputGradient
        let written =
            switch role {
            case .output: right.shape[right.shape.count - 4] / groups
            case .inputGradient: right.shape[right.shape.count - 3]
            case .weightGradient: right.shape[right.shape.count - 3] / groups
            }
        let (from, to) = reversed ? (output, input) : (input, output)
        let stride: HeightWidth = reversed ? 1 : convolution.stride
        let spread: HeightWidth = reversed ? convolution.stride : 1
        let margin =
            reversed
            ? HeightWidth.map(convolution.dilation, kernel, convolution.padding) { $0[0] * ($0[1] - 1) - $0[2] }
            : convolution.padding
        let (near, far) = (kernel.area, (reversed ? written : read) * kernel.area)
        return ck_convolution(
            inputs: read, height: from.height, width: from.width, outputs: written, out_height: to.height,
            out_width: to.width, kernel_height: kernel.height, kernel_width: kernel.width,
            stride_y: stride.height, stride_x: stride.width, dilation_y: convolution.dilation.height,
            dilation_x: convolution.dilation.width, top: margin.height, left: margin.width,
            spread_y: spread.height, spread_x: spread.width, weight_output: reversed ? near : far,
            weight_input: reversed ? far : near, flipped: reversed)
    }
}
