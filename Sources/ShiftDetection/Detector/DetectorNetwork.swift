import Basics
import Networks
import Tensors

/// The model in use as networks whose weights are known: one, or an ensemble whose mean counts.
public struct DetectorNetwork: Sendable {
    /// The networks.
    public let networks: ShiftEnsemble
    /// The columns that they take, and how their values are prepared.
    public let inputs: Inputs

    /// Columns in the order of a network's inputs; a value becomes x * scale + shift.
    public struct Inputs: Codable, Sendable, Equatable {
        /// The columns' names.
        public let columns: [String]
        /// Factor of each column.
        public let scale: [Double]
        /// What is added to each scaled column.
        public let shift: [Double]
        /// What stands for a missing value of each column; nil where missing values are refused.
        public let fill: [Double]?

        /// Says how columns are prepared; one number stands for all columns. Traps on other numbers of numbers.
        public init(columns: [String], scale: [Double], shift: [Double], fill: [Double]?) {
            func all(_ numbers: [Double]) -> [Double] {
                numbers.count == 1 ? Array(repeating: numbers[0], count: columns.count) : numbers
            }
            (self.columns, self.scale, self.shift, self.fill) = (columns, all(scale), all(shift), fill.map(all))
            precondition(
                isSound, "detector network: \(columns.count) columns, \(scale.count) and \(shift.count) numbers")
        }

        /// Whether each column has its numbers.
        var isSound: Bool {
            [scale.count, shift.count, fill?.count ?? columns.count].allSatisfy { $0 == columns.count }
        }
    }

    /// Holds networks and the columns that they take. Traps unless they take as many.
    public init(networks: ShiftEnsemble, inputs: Inputs) {
        precondition(
            networks.architecture.input.count == inputs.columns.count && inputs.isSound,
            "detector network: \(inputs.columns.count) columns, \(networks.architecture.input.count) inputs")
        (self.networks, self.inputs) = (networks, inputs)
    }

    /// What the networks say of a table's rows: the mean of their probabilities, [n, C] in double precision.
    ///
    /// Throws `DataError` (malformed) for a column that is not there or holds words, and missing values that nothing
    /// stands for.
    public func probabilities(_ table: Table, path: String) throws -> Tensor {
        let columns = try inputs.columns.map { name -> [Double] in
            guard let column = table[name] else {
                throw DataError(
                    .malformed, path: path, problem: "there is no column '\(name.printable())', which the model takes",
                    hint: Nearest.hint(Nearest.match(name, among: table.columns.map(\.name))))
            }
            guard column.kind != .category else {
                throw DataError(
                    .malformed, path: path,
                    problem: "column '\(name.printable())' holds words, and the model takes numbers",
                    hint: "give a file with the numbers that the model was trained on")
            }
            return column.numbers
        }
        return try probabilities(columns, count: table.rowCount, path: path)
    }

    /// Whether the columns of an encoding are all that the networks take, and numbers.
    func takes(_ encoding: TableEncoding) -> Bool { places(encoding) != nil }

    /// The same of rows whose columns are an encoding's. Traps unless the networks take them.
    func probabilities(_ rows: RawRows, _ encoding: TableEncoding, path: String) throws -> Tensor {
        guard let places = places(encoding) else {
            preconditionFailure("detector network: \(inputs.columns) are not all columns of numbers of the encoding")
        }
        return try probabilities(places.map { rows.columns[$0] }, count: rows.count, path: path)
    }

    private func places(_ encoding: TableEncoding) -> [Int]? {
        let known = encoding.numberPlaces
        let places = inputs.columns.compactMap { name in known.first { encoding.columns[$0].name == name } }
        return places.count == inputs.columns.count ? places : nil
    }

    private func probabilities(_ values: [[Double]], count: Int, path: String) throws -> Tensor {
        var columns: [[Double]] = []
        for (place, name) in inputs.columns.enumerated() {
            let numbers = values[place].map { $0.isNaN ? inputs.fill?[place] ?? .nan : $0 }
            if let row = numbers.firstIndex(where: \.isNaN) {
                throw DataError(
                    .malformed, path: "\(path), row \(row + 1), column '\(name.printable())'",
                    expected: "a number, as the model's file does not say what stands for a missing one",
                    found: "a missing value")
            }
            columns.append(numbers.map { $0 * inputs.scale[place] + inputs.shift[place] })
        }
        let flat = (0..<count).flatMap { row in columns.map { Float($0[row]) } }
        let features = Tensor(flat, shape: [count, columns.count])
        // In single precision, as the reference's are kept: equal values must stay equal.
        return networks.probabilities(features).mean(axes: [0]).converted(to: .single).converted(to: .double)
    }
}
