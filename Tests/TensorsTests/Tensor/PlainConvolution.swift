import CKernels

@testable import Tensors

/// A convolution in plain loops, and its gradients by input and weight, term by term.
struct PlainConvolution: CustomStringConvertible {
    let convolution: Convolution
    let population: Int?, batch: Int
    let inputs: Int, outputs: Int
    let image: HeightWidth, kernel: HeightWidth
    let sharesInputs: Bool

    /// A random specification whose kernel fits its image; `index` fixes it.
    init(_ index: Int) {
        var draws = KernelInputs(UInt64(index))
        func pick(_ range: ClosedRange<Int>) -> Int {
            range.lowerBound + Int((draws.next() + 1) / 2 * Double(range.count))
        }
        func pair(_ range: ClosedRange<Int>) -> HeightWidth { HeightWidth(pick(range), pick(range)) }
        let groups = pick(1...3)
        convolution = Convolution(stride: pair(1...3), padding: pair(0...3), dilation: pair(1...3), groups: groups)
        kernel = pair(1...4)
        let least = HeightWidth.map(convolution.dilation, kernel, convolution.padding) {
            max(1, $0[0] * ($0[1] - 1) + 1 - 2 * $0[2])
        }
        image = HeightWidth(least.height + pick(0...6), least.width + pick(0...6))
        inputs = groups * pick(1...4)
        outputs = groups * pick(1...11)
        batch = pick(1...37)
        population = pick(0...2) == 0 ? nil : pick(1...3)
        sharesInputs = pick(0...1) == 0
    }

    var description: String {
        "\(inputs)->\(outputs) channels, \(image), \(kernel), \(convolution), batch \(batch), P \(population ?? 0)"
    }

    var geometry: ConvolutionGeometry {
        ConvolutionGeometry(convolution: convolution, input: image, kernel: kernel)
    }
    private var lead: [Int] { population.map { [$0] } ?? [] }
    var inputShape: Shape { Shape((sharesInputs ? [] : lead) + [batch, inputs, image.height, image.width]) }
    var weightShape: Shape {
        Shape(lead + [outputs, inputs / convolution.groups, kernel.height, kernel.width])
    }
    var outputShape: Shape { Shape(lead + [batch, outputs, geometry.output.height, geometry.output.width]) }

    /// The convolution of x, and the gradients of <g, x * w> by x and by w.
    func results(_ x: [Double], _ w: [Double], _ g: [Double]) -> (y: [Double], dx: [Double], dw: [Double]) {
        var y = g.map { _ in 0.0 }, dx = x.map { _ in 0.0 }, dw = w.map { _ in 0.0 }
        forTerms { i, j, k in
            y[k] += x[i] * w[j]
            dx[i] += g[k] * w[j]
            dw[j] += g[k] * x[i]
        }
        return (y, dx, dw)
    }

    /// Calls `body` with the places of every product: in x, in w and in the result.
    private func forTerms(_ body: (Int, Int, Int) -> Void) {
        let (into, per) = (inputs / convolution.groups, outputs / convolution.groups)
        let (size, window) = (geometry.output, kernel.area)
        for p in 0..<(population ?? 1) {
            for b in 0..<batch {
                for o in 0..<outputs {
                    for at in 0..<size.area {
                        for t in 0..<(into * window) {
                            let (c, ky, kx) = (t / window, t % window / kernel.width, t % kernel.width)
                            let y =
                                at / size.width * convolution.stride.height + ky * convolution.dilation.height
                                - convolution.padding.height
                            let x =
                                at % size.width * convolution.stride.width + kx * convolution.dilation.width
                                - convolution.padding.width
                            guard (0..<image.height).contains(y), (0..<image.width).contains(x) else { continue }
                            let sample = sharesInputs ? b : p * batch + b
                            let channel = sample * inputs + o / per * into + c
                            body(
                                channel * image.area + y * image.width + x, (p * outputs + o) * into * window + t,
                                ((p * batch + b) * outputs + o) * size.area + at)
                        }
                    }
                }
            }
        }
    }
}
