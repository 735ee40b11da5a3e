import Testing
import TestSupport

@testable import Tensors

@Suite("Convolution")
struct ConvolutionTests {
    @Test("all three roles equal plain loops, whatever stride, padding, dilation, groups", arguments: 0..<120)
    func plainLoops(index: Int) {
        let plain = PlainConvolution(index)
        let x = normalDoubles(plain.inputShape), w = normalDoubles(plain.weightShape, index: 1)
        let g = normalDoubles(plain.outputShape, index: 2)
        let expected = plain.results(x.doubles, w.doubles, g.doubles)
        for (precision, tolerance) in [(Precision.double, 1e-13), (.single, 3e-6)] {
            let inputs = [x, w].map { $0.converted(to: precision) }
            let (values, pull) = pullback(at: inputs) { [conv2d($0[0], weight: $0[1], plain.convolution)] }
            let slopes = pull([g.converted(to: precision)])
            #expect(values[0].shape == plain.outputShape, "\(plain)")
            for (found, wanted) in zip([values[0], slopes[0], slopes[1]], [expected.y, expected.dx, expected.dw]) {
                #expect(relativeDifference(found.doubles, wanted, floor: 1e-3) < tolerance, "\(precision): \(plain)")
            }
        }
    }

    @Test("a transposed convolution is the adjoint of the convolution: <g, x * w> = <x, g *' w>", arguments: 0..<40)
    func adjoint(index: Int) {
        let plain = PlainConvolution(1000 + index)
        let (input, convolution) = (plain.image, plain.convolution)
        // The largest image with this result is what an output padding of 0 to stride - 1 leads to.
        let rest = HeightWidth.map(input, convolution.padding, convolution.dilation, plain.kernel, convolution.stride) {
            ($0[0] + 2 * $0[1] - $0[2] * ($0[3] - 1) - 1) % $0[4]
        }
        let x = normalDoubles([plain.batch, plain.inputs, input.height, input.width])
        let w = normalDoubles(Shape(plain.weightShape.array.suffix(4)), index: 1)
        let y = conv2d(x, weight: w, convolution)
        let g = normalDoubles(y.shape, index: 2)
        let back = convTranspose2d(g, weight: w, convolution, outputPadding: rest)
        #expect(back.shape == x.shape, "\(plain)")
        let (left, right) = ((y * g).sum().scalar, (x * back).sum().scalar)
        #expect(abs(left - right) < 1e-11 * max(1, abs(left), Double(y.count).squareRoot()), "\(plain)")
    }

    @Test("a population equals the loop over its networks, bias included")
    func population() {
        let x = normalDoubles([3, 18, 2, 7, 6]).converted(to: .single)
        let w = normalDoubles([3, 5, 2, 3, 2], index: 1).converted(to: .single)
        let b = normalDoubles([3, 5], index: 2).converted(to: .single)
        let settings = Convolution(stride: 2, padding: 1)
        let all = conv2d(x, weight: w, bias: b, settings)
        let shared = conv2d(x.selected(axis: 0, 0), weight: w, bias: b, settings)
        for p in 0..<3 {
            let (weight, bias) = (w.selected(axis: 0, p), b.selected(axis: 0, p))
            let own = conv2d(x.selected(axis: 0, p), weight: weight, bias: bias, settings)
            let first = conv2d(x.selected(axis: 0, 0), weight: weight, bias: bias, settings)
            #expect(own.bits == all.selected(axis: 0, p).bits)
            #expect(first.bits == shared.selected(axis: 0, p).bits)
        }
    }

    @Test("pooling with the convolution is pooling after it, to the last bit", arguments: [1, 2, 3] as [HeightWidth])
    func pooled(size: HeightWidth) {
        for (index, precision) in [Precision.single, .double].enumerated() {
            let x = normalDoubles([2, 9, 4, 13, 11], index: UInt64(index)).converted(to: precision)
            let w = normalDoubles([2, 10, 2, 3, 2], index: 1).converted(to: precision)
            let b = normalDoubles([2, 10], index: 2).converted(to: precision)
            let settings = Convolution(stride: HeightWidth(1, 2), padding: 1, groups: 2)
            let wanted = conv2d(x, weight: w, bias: b, settings).maxPooled(Pooling(size: size))
            #expect(conv2d(x, weight: w, bias: b, settings, maxPooledBy: size).bits == wanted.bits)
            let shared = x.selected(axis: 0, 1)
            let (value, slope) = gradient(at: w) {
                conv2d(shared, weight: $0, bias: b, settings, maxPooledBy: size).square().sum()
            }
            let plain = gradient(at: w) {
                conv2d(shared, weight: $0, bias: b, settings).maxPooled(Pooling(size: size)).square().sum()
            }
            let alone = conv2d(shared, weight: w, bias: b, settings, maxPooledBy: size).square().sum()
            #expect(slope.bits == plain.gradient.bits && value.bits == alone.bits)
        }
        #expect(conv2d(.zeros([0, 1, 5, 5]), weight: .zeros([3, 1, 2, 2]), maxPooledBy: 2).shape == [0, 3, 2, 2])
    }

    @Test("weights may be views of a flat population")
    func views() {
        let flat = normalDoubles([3, 40])
        let parts = flat.unpacked([PackedSlot(offset: 0, shape: [2, 2, 3, 3]), PackedSlot(offset: 36, shape: [2])])
        let x = normalDoubles([4, 2, 5, 5], index: 1)
        let views = conv2d(x, weight: parts[0], bias: parts[1])
        let dense = conv2d(
            x, weight: Tensor(parts[0].doubles, shape: [3, 2, 2, 3, 3]), bias: Tensor(parts[1].doubles, shape: [3, 2]))
        #expect(views.bits == dense.bits)
    }

    @Test("no samples: empty results, zero gradients")
    func empty() {
        let w = normalDoubles([2, 3, 2, 2])
        let (value, pull) = pullback(at: w) { conv2d(.zeros([0, 3, 4, 4], precision: .double), weight: $0) }
        #expect(value.shape == [0, 2, 3, 3])
        #expect(pull(value).doubles.allSatisfy { $0 == 0 })
    }

    @Test("a box filter of ones counts the pixels that a window sees")
    func counting() {
        let y = conv2d(.ones([1, 1, 3, 3]), weight: .ones([1, 1, 3, 3]), Convolution(padding: 1))
        #expect(y.floats == [4, 6, 4, 6, 9, 6, 4, 6, 4])
    }

    @Test("a sum over many samples is the sum of the sums, in whatever blocks they were added")
    func manySamples() {
        let x = normalDoubles([1000, 1, 4, 4]), g = normalDoubles([1000, 2, 3, 3], index: 1)
        func slope(_ range: Range<Int>) -> Tensor {
            pullback(at: Tensor.zeros([2, 1, 2, 2], precision: .double)) {
                conv2d(x.sliced(axis: 0, range), weight: $0)
            }.pull(g.sliced(axis: 0, range))
        }
        #expect(relativeDifference(slope(0..<1000), slope(0..<333) + slope(333..<1000)) < 1e-13)
    }
}
