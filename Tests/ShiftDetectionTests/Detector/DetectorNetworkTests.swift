import Basics
import Foundation
import Networks
import Tensors
import TestSupport
import Testing

@testable import ShiftDetection

@Suite("A model whose weights are known")
struct DetectorNetworkTests {
    /// Logistic regressions of two inputs, of given weights and biases of the second class.
    private func network(_ rows: [[Float]], fill: [Double]? = nil) -> DetectorNetwork {
        let config = MLP.Config(widths: [2, 2])
        let flat = rows.flatMap { row -> [Float] in [0, 0, row[0], row[1], 0, row[2]] }
        return DetectorNetwork(
            networks: ShiftEnsemble(
                architecture: .mlp(config),
                weights: Tensor(flat, shape: [rows.count, config.network.layout.count])),
            inputs: .init(columns: ["age", "dose"], scale: [0.5, 2], shift: [-1], fill: fill))
    }

    private func table(_ text: String) throws -> Table {
        try Table(bytes: Array(text.utf8), path: "q.csv", options: .init(kinds: ["age": .number]))
    }

    private func refusal(_ network: DetectorNetwork, _ text: String) -> String {
        do {
            _ = try network.probabilities(table(text), path: "q.csv")
            return "nothing was refused"
        } catch { return "\(error)" }
    }

    private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    @Test("Columns are found by name, scaled and moved; the others are not looked at")
    func closedForm() throws {
        let said = try network([[1, -2, 0.25]]).probabilities(
            table("dose,name,age\n0.5,a,4\n1,b,-2\n"), path: "q.csv")
        #expect(said.shape == [2, 2] && said.precision == .double)
        // age becomes 1 and -2, dose 0 and 1.
        let logits: [Double] = [1.25, -3.75]
        for (row, logit) in logits.enumerated() {
            #expect(abs(said.doubles[2 * row + 1] - logistic(logit)) < 1e-6)
            #expect(abs(said.doubles[2 * row] - logistic(-logit)) < 1e-6)
        }
        // Kept in single precision, so that what is equal stays equal when it is written and read.
        #expect(said.doubles.allSatisfy { Double(Float($0)) == $0 })
    }

    @Test("Several networks are one model: the mean of their probabilities, not of their logits")
    func mean() throws {
        let (first, second): ([Float], [Float]) = ([3, 0, 0], [0, 0, 0])
        let said = try network([first, second]).probabilities(table("age,dose\n4,0\n"), path: "q.csv")
        #expect(abs(said.doubles[1] - (logistic(3) + 0.5) / 2) < 1e-6)
        let mirrored = try network([first, [-3, 0, 0]]).probabilities(
            table("age,dose\n4,0\n"), path: "q.csv")
        #expect(abs(mirrored.doubles[1] - 0.5) < 1e-7)
    }

    @Test("What stands for a missing value is put in its place before the column is scaled")
    func filled() throws {
        let network = network([[1, -2, 0.25]], fill: [6, 3])
        let gaps = try network.probabilities(table("age,dose\n,1\n2,\n"), path: "q.csv")
        let whole = try network.probabilities(table("age,dose\n6,1\n2,3\n"), path: "q.csv")
        #expect(gaps.bits == whole.bits)
        let said = refusal(self.network([[1, 1, 0]]), "age,dose\n1,2\n,1\n")
        #expect(
            said
                == "q.csv, row 2, column 'age': expected a number, as the model's file does not say what stands for a "
                + "missing one, found a missing value")
    }

    @Test("A column that is not there or holds words is refused with its name")
    func refused() {
        let network = network([[1, 1, 0]])
        #expect(
            refusal(network, "Age,dose\n1,2\n")
                == "q.csv: there is no column 'age', which the model takes (did you mean Age?)")
        #expect(
            refusal(network, "age,dose\n1,low\n2,high\n")
                == "q.csv: column 'dose' holds words, and the model takes numbers (give a file with the numbers that "
                + "the model was trained on)")
    }

    @Test("One number stands for all columns; numbers that a damaged file lacks are noticed")
    func inputs() throws {
        let inputs = network([[1, 1, 0]], fill: [0]).inputs
        #expect(
            inputs.scale == [0.5, 2] && inputs.shift == [-1, -1] && inputs.fill == [0, 0]
                && inputs.isSound)
        let again = try JSONDecoder().decode(
            DetectorNetwork.Inputs.self, from: JSONEncoder().encode(inputs))
        #expect(again == inputs)
        for numbers in ["\"scale\":[],\"shift\":[0]", "\"scale\":[1],\"shift\":[0],\"fill\":[1,2]"] {
            let read = try JSONDecoder().decode(
                DetectorNetwork.Inputs.self, from: Data("{\"columns\":[\"a\"],\(numbers)}".utf8))
            #expect(!read.isSound, "\(numbers)")
        }
    }
}
