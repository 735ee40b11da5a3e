import Testing

@testable import Tensors

// article
extension Tensor {
    /// x / (1 + |x|), elementwise: like tanh, with tails that fall off more slowly. Any shape; NaN stays NaN.
    public func softsign() -> Tensor { self / (abs() + 1) }
}
// end

@Suite("The article on adding an operation")
struct AddAnOperationTests {
    @Test("a composed operation has derivatives of every order")
    func derivatives() {
        // article
        let x = Tensor([-3.0, 0.5, 1.0], shape: [3])
        let (sum, first) = gradient(at: x) { $0.softsign().sum() }  // 1 / (1 + |x|)^2
        let second = gradient(at: x) { x in gradient(at: x) { $0.softsign().sum() }.gradient.sum() }.gradient
        // end
        #expect(abs(sum.scalar - (-0.75 + 1.0 / 3 + 0.5)) < 1e-12)
        for (value, expected) in zip(first.doubles, [1.0 / 16, 4.0 / 9, 1.0 / 4]) {
            #expect(abs(value - expected) < 1e-12)
        }
        // -2 sign(x) / (1 + |x|)^3
        for (value, expected) in zip(second.doubles, [2.0 / 64, -16.0 / 27, -1.0 / 4]) {
            #expect(abs(value - expected) < 1e-12)
        }
    }
}
