import Foundation
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("The length of the next step")
struct StepControlTests {
    @Test("the classical controller: 0.9 error^(-1/5)", arguments: [1, 0.5, 0.1, 1e-2, 1e-3])
    func classical(_ error: Double) {
        var control = StepControl(beta: 0)
        let (isAccepted, factor) = control.next(error)
        #expect(isAccepted && abs(factor - 0.9 * pow(error, -0.2)) < 1e-14)
    }

    @Test("with memory: the previous error counts by its power beta, and is 0.0001 at first and at least")
    func memory() {
        let beta = 0.04
        func expected(_ error: Double, _ previous: Double) -> Double {
            0.9 * pow(error, -(0.2 - 0.75 * beta)) * pow(previous, beta)
        }
        var control = StepControl()
        for (error, previous) in [(0.5, 1e-4), (0.2, 0.5), (1e-5, 0.2), (0.3, 1e-4)] {
            let factor = control.next(error).factor
            #expect(abs(factor - expected(error, previous)) < 1e-13)
        }
    }

    @Test("an error of exactly 1 is accepted, the next larger number is not")
    func limit() {
        var control = StepControl()
        let (exact, more) = (control.next(1), control.next((1.0).nextUp))
        #expect(exact.isAccepted && !more.isAccepted && abs(more.factor - 0.9) < 1e-12)
    }

    @Test("factors stay between a fifth and ten, also without any error or beyond all numbers")
    func bounds() {
        for error in [0, 1e-300, 1e-12] {
            var control = StepControl(beta: 0)
            let (isAccepted, factor) = control.next(error)
            #expect(isAccepted && factor == 10)
        }
        for error in [1e9, .infinity, .nan] {
            var control = StepControl()
            let (isAccepted, factor) = control.next(error)
            #expect(!isAccepted && factor == 0.2)
        }
    }

    @Test("right after a rejection a step does not grow; after the next one it may again")
    func rejection() {
        var control = StepControl(beta: 0)
        let steps = [3, 1e-4, 1e-4, 3, 0.99].map { control.next($0) }
        #expect(steps.map(\.isAccepted) == [false, true, true, false, true])
        #expect(steps[1].factor == 1 && steps[2].factor > 5 && steps[4].factor < 1, "though it may shrink")
    }

    @Test("a rejected step leaves no trace in the memory")
    func forgotten() {
        var (one, other) = (StepControl(), StepControl())
        _ = (one.next(0.4), other.next(0.4))
        _ = one.next(50)
        let (after, without) = (one.next(0.9).factor, other.next(0.9).factor)
        #expect(abs(after - min(1, without)) < 1e-15)
    }

    @Test("the norm is the worst row's root mean square in units of the tolerance")
    func norm() {
        let tolerance = Tolerance(relative: 0.5, absolute: 1)
        let values = Tensor([3, 4, 0, 2] as [Double], shape: [2, 2])
        let zero = Tensor.zeros([2, 2], precision: .double)
        #expect(abs(tolerance.norm(values, zero) - 12.5.squareRoot()) < 1e-14)
        #expect(abs(tolerance.norm(values, zero + 2) - 12.5.squareRoot() / 2) < 1e-14, "1 + 0.5 x 2")
        let flat = Tensor([3, 4, 0, 2] as [Double], shape: [4])
        #expect(abs(tolerance.norm(flat, .zeros([4], precision: .double)) - (29.0 / 4).squareRoot()) < 1e-14)
        #expect(abs(tolerance.norm(values * -2, zero) - 2 * 12.5.squareRoot()) < 1e-13)
    }

    @Test("a number that is not one in any row is not hidden by the others", arguments: 0..<4)
    func notANumber(_ place: Int) {
        var values = [3.0, 4, 0, 2]
        values[place] = .nan
        let norm = Tolerance().norm(Tensor(values, shape: [2, 2]), .zeros([2, 2], precision: .double))
        #expect(norm.isNaN)
    }
}
