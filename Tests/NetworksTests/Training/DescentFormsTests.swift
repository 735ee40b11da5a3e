import Foundation
import Tensors
import Testing
import TestSupport

@testable import Networks

/// Rates, steps and averages whose course is a formula.
@Suite("Descent in closed form")
struct DescentFormsTests {
    @Test("A cosine falls steadily and is symmetric about its middle", arguments: [1, 2, 7, 100])
    func cosine(_ steps: Int) {
        let fall = CosineSchedule(from: 0.5, to: 0.02, steps: steps)
        #expect(abs(fall.rate(at: 0) - 0.5) < 1e-15 && abs(fall.rate(at: steps) - 0.02) < 1e-15)
        for k in 0..<steps {
            #expect(fall.rate(at: k) > fall.rate(at: k + 1))
            #expect(abs(fall.rate(at: k) + fall.rate(at: steps - k) - 0.52) < 1e-14)
        }
        let level = CosineSchedule(from: 0.1, to: 0.1, steps: steps)
        #expect((0...steps).allSatisfy { level.rate(at: $0) == 0.1 })
    }

    @Test("Milestones count in any order, twice where they stand twice, and from their own step on")
    func stairs() {
        func rates(_ milestones: [Int]) -> [Double] {
            let stairs = MultiStepSchedule(8, milestones: milestones, gamma: 0.5)
            return (0..<6).map { stairs.rate(at: $0) }
        }
        #expect(rates([]) == [8, 8, 8, 8, 8, 8])
        #expect(rates([2, 4]) == [8, 8, 4, 4, 2, 2] && rates([4, 2]) == rates([2, 4]))
        #expect(rates([2, 2]) == [8, 8, 2, 2, 2, 2] && rates([0]) == [4, 4, 4, 4, 4, 4])
    }

    @Test("A cycle's corners: a start, a peak where the share says, the start again with three phases, an end")
    func cycle() {
        for curve in [OneCycleSchedule.Curve.cosine, .linear] {
            for hasThreePhases in [false, true] {
                let cycle = OneCycleSchedule(
                    peak: 2, steps: 20, share: 0.3, divisor: 10, finalDivisor: 100, curve: curve,
                    hasThreePhases: hasThreePhases)
                let rates = (0..<20).map { cycle.rate(at: $0) }
                for (step, rate) in [(0, 0.2), (5, 2), (19, 0.002)] + (hasThreePhases ? [(10, 0.2)] : []) {
                    #expect(abs(rates[step] - rate) < 1e-14, "\(curve) \(step)")
                }
                #expect((0..<5).allSatisfy { rates[$0] < rates[$0 + 1] })
                #expect((5..<19).allSatisfy { rates[$0] > rates[$0 + 1] })
                guard curve == .linear else { continue }
                #expect((0..<5).allSatisfy { abs(rates[$0 + 1] - rates[$0] - 0.36) < 1e-14 })
            }
        }
    }

    /// Where each of `count` steps of a constant gradient 1 at rate 1 leads from 0.
    private static func course(_ optimizer: SGD, _ count: Int) -> [Double] {
        var (optimizer, p) = (optimizer, Tensor.zeros([1], precision: .double))
        let slope = Tensor.ones([1], precision: .double)
        return (0..<count).map { _ in
            optimizer.update(&p, along: slope, rate: 1)
            return p.scalar
        }
    }

    @Test("On a constant slope momentum makes steps of geometric sums; dampening shortens all but the first")
    func momentum() {
        let m = 0.8
        func sums(_ step: (Int) -> Double) -> [Double] {
            (1...8).map { count in -(1...count).reduce(0.0) { $0 + step($1) } }
        }
        func shares(_ k: Int) -> Double { (1 - pow(m, Double(k))) / (1 - m) }
        let heavy = SGD(shape: [1], precision: .double, momentum: m)
        #expect(relativeDifference(Self.course(heavy, 8), sums(shares)) < 1e-14)
        let ahead = SGD(shape: [1], precision: .double, momentum: m, isNesterov: true)
        #expect(relativeDifference(Self.course(ahead, 8), sums { 1 + m * shares($0) }) < 1e-14)
        let damped = SGD(shape: [1], precision: .double, momentum: m, dampening: 0.5)
        let directions = sums { pow(m, Double($0 - 1)) + 0.5 * shares($0 - 1) }
        #expect(relativeDifference(Self.course(damped, 8), directions) < 1e-14)
        let plain = SGD(shape: [1], precision: .double)
        #expect(Self.course(plain, 4) == [-1, -2, -3, -4])
    }

    @Test("Without a slope decay alone shrinks weights geometrically, and nothing moves without decay")
    func decay() {
        let (start, flat) = (normalDoubles([5]), Tensor.zeros([5], precision: .double))
        func end(_ optimizer: any Optimizer) -> Tensor {
            var (optimizer, p) = (optimizer, start)
            for _ in 0..<6 { optimizer.update(&p, along: flat, rate: 0.1) }
            return p
        }
        let shrunk = start * pow(1 - 0.1 * 0.3, 6)
        #expect(relativeDifference(end(SGD(shape: [5], precision: .double, decay: 0.3)), shrunk) < 1e-14)
        #expect(relativeDifference(end(AdamW(shape: [5], precision: .double, decay: 0.3)), shrunk) < 1e-14)
        #expect(end(AdamW(shape: [5], precision: .double)).doubles == start.doubles)
        #expect(end(Adam(shape: [5], precision: .double)).doubles == start.doubles)
        #expect(end(SGD(shape: [5], precision: .double, momentum: 0.9)).doubles == start.doubles)
    }

    @Test("Adam follows the sign of a constant slope, whatever its size")
    func scaleFree() {
        for size in [1e-2, 1, 1e4] {
            var (p, optimizer) = (Tensor.zeros([2], precision: .double), AdamW(shape: [2], precision: .double))
            let slope = Tensor([size, -3 * size], shape: [2], precision: .double)
            for _ in 0..<10 { optimizer.update(&p, along: slope, rate: 0.05) }
            #expect(relativeDifference(p.doubles, [-0.5, 0.5]) < 1e-5)
        }
    }

    @Test("An average weighs what it saw geometrically; it keeps the first at decay 1 and the last at 0")
    func average() {
        let values = (0..<12).map { normalDoubles([3], seed: 5, index: UInt64($0)) }
        func average(_ decay: Double) -> Tensor {
            var average = MovingAverage(decay: decay)
            for value in values { average.update(with: value) }
            return average.value ?? .zeros([3], precision: .double)
        }
        let expected = (1..<12).reduce(values[0] * pow(0.7, 11)) { $0 + values[$1] * (0.3 * pow(0.7, Double(11 - $1))) }
        #expect(relativeDifference(average(0.7), expected) < 1e-13)
        #expect(relativeDifference(average(1), values[0]) < 1e-15)
        #expect(relativeDifference(average(0), values[11]) < 1e-13)
    }
}
