import Tensors
import Testing

@testable import Evaluation

@Suite struct PredictionRatesTests {
    /// Random classes of `networks` networks on `inputs` inputs.
    private func classes(_ networks: Int, _ inputs: Int, seed: UInt64) -> [[Int32]] {
        (0..<networks).map { network in
            var stream = RandomStream(seed: seed, purpose: "test.classes", index: UInt64(network))
            return stream.uniform([inputs]).floats.map { Int32($0 * 3) }
        }
    }

    /// Below, at and above the sixteen inputs that are compared at once, and several of them with a rest.
    @Test(arguments: [1, 15, 16, 17, 40, 359])
    func ratesAreCounted(_ inputs: Int) {
        let (networks, zoo) = (classes(3, inputs, seed: 1), classes(4, inputs, seed: 2))
        let rates = PredictionRates(networks, zoo: zoo)
        for row in 0..<3 {
            let expected = zoo.map { other in
                Double(zip(networks[row], other).filter { $0 != $1 }.count) / Double(inputs)
            }
            #expect((0..<4).map { rates.rate(row, $0) } == expected)
            #expect(rates.rows[row].sum == expected.reduce(0, +) && rates.rows[row].others == 4)
            #expect(rates.rows[row].least == expected.min())
            #expect(rates.rows[row].nearest == expected.firstIndex { $0 == expected.min() })
        }
    }

    @Test func aNetworkIsNotItsOwnHint() {
        let rates = PredictionRates(within: [[0, 0, 0, 0], [0, 0, 0, 1], [1, 1, 1, 1]])
        #expect(rates.hints == [[1], [0], [1]])
        #expect(rates.rows.map(\.least) == [0.25, 0.25, 0.75])
        #expect(PredictionRates([[0, 0, 0, 0]], zoo: [[2, 2, 2, 2], [0, 0, 0, 0]]).hints == [[1]])
    }

    @Test func theFirstOfEqualsIsNearest() {
        #expect(PredictionRates([[0, 1]], zoo: [[1, 1], [0, 0], [0, 0]]).hints == [[0]])
    }

    @Test func aLoneNetworkHasNoHint() {
        let rates = PredictionRates(within: [[0, 1]])
        #expect(rates.hints == [[]] && rates.rows[0].least.isNaN && rates.rows[0].others == 0)
        #expect(Disagreement(within: [[0, 1]]).mean.isNaN)
    }

    @Test func rowsDoNotDependOnThreads() {
        let networks = classes(30, 100, seed: 3)
        let threads = Threads.count
        defer { Threads.count = threads }
        Threads.count = 1
        let one = Disagreement(within: networks)
        Threads.count = 2
        #expect(Disagreement(within: networks) == one)
    }
}
