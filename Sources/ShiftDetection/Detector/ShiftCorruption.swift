import Basics
import Foundation
import Tensors

/// A named way to change rows, for samples of a reference without labels: what a detector sees of it can be measured, what it
/// does to the model cannot.
///
/// Where the model can be asked again, or the deciding method looks at inputs, columns are changed; where only its outputs are
/// known, these are.
public enum ShiftCorruption: String, Codable, Sendable, CaseIterable, BitwiseCopyable {
    /// Normal noise on every column of numbers, of so many deviations.
    case noise
    /// One column of numbers moves up or down by so many deviations.
    case location
    /// This share of one column's values is missing.
    case missing
    /// One column of numbers is multiplied by this: another unit.
    case unit
    /// Two columns of numbers change places.
    case swapped
    /// Normal noise of this deviation on the log of each probability.
    case outputNoise = "output-noise"
    /// One class becomes likelier, its log odds by this.
    case outputLocation = "output-location"
    /// The log of each probability is multiplied by this: below 1 the model is less sure.
    case outputFlat = "output-flat"

    /// What is done to columns, and how much of it.
    static let columns: [(ShiftCorruption, Double)] = [
        (.noise, 0.5), (.noise, 1), (.location, 1), (.location, 2), (.missing, 0.3), (.unit, 10), (.swapped, 1),
    ]
    /// What is done to outputs.
    static let outputs: [(ShiftCorruption, Double)] = [
        (.outputNoise, 1), (.outputLocation, 0.5), (.outputLocation, 1), (.outputFlat, 0.7), (.outputFlat, 0.4),
    ]

    /// What a person calls it.
    public func words(_ amount: Double) -> String {
        let number = NumberText.significant(amount)
        return switch self {
        case .noise: "noise of \(number) sd on every number"
        case .location: "a column moved by \(number) sd"
        case .missing: "\(NumberText.percent(amount, digits: 0)) % of a column missing"
        case .unit: "a column times \(number)"
        case .swapped: "two columns swapped"
        case .outputNoise: "noise of \(number) on log odds"
        case .outputLocation: "a class's log odds raised by \(number)"
        case .outputFlat: "log odds times \(number)"
        }
    }

    /// Whether rows of these columns can be changed so. Missing values need something that stands for them.
    func isPossible(_ encoding: TableEncoding, imputes: Bool) -> Bool {
        let numbers = encoding.variedPlaces.count
        return switch self {
        case .noise, .location, .unit: numbers > 0
        case .swapped: numbers > 1
        case .missing: imputes && !encoding.columns.isEmpty
        case .outputNoise, .outputLocation, .outputFlat: true
        }
    }

    /// Rows with changed columns; those of outputs change none.
    func applied(to rows: RawRows, _ encoding: TableEncoding, amount: Double, _ stream: inout RandomStream) -> RawRows {
        var columns = rows.columns
        let numbers = encoding.variedPlaces
        func deviation(_ place: Int) -> Double {
            if case .number(_, let deviation) = encoding.columns[place].content { deviation } else { 0 }
        }
        switch self {
        case .noise:
            for place in numbers {
                let noise = stream.normal([rows.count]).doubles.map { $0 * amount * deviation(place) }
                columns[place] = zip(columns[place], noise).map { RawRows.kept($0 + $1) }
            }
        case .location:
            let place = numbers[stream.integer(below: numbers.count)]
            let step = amount * deviation(place) * (stream.integer(below: 2) == 0 ? 1 : -1)
            columns[place] = columns[place].map { RawRows.kept($0 + step) }
        case .missing:
            let place = stream.integer(below: columns.count)
            let coins = stream.uniform([rows.count]).doubles
            columns[place] = zip(columns[place], coins).map { $1 < amount ? .nan : $0 }
        case .unit:
            let place = numbers[stream.integer(below: numbers.count)]
            columns[place] = columns[place].map { RawRows.kept($0 * amount) }
        case .swapped:
            let order = stream.permutation(numbers.count)
            columns.swapAt(numbers[Int(order[0])], numbers[Int(order[1])])
        case .outputNoise, .outputLocation, .outputFlat: break
        }
        return RawRows(columns: columns, count: rows.count)
    }

    /// Probabilities [n, C] with changed log odds; those of columns change none.
    func applied(to probabilities: Tensor, amount: Double, _ stream: inout RandomStream) -> Tensor {
        let classes = probabilities.shape[1]
        var logs = probabilities.doubles.map { log(max($0, 1e-6)) }
        switch self {
        case .outputNoise: logs = zip(logs, stream.normal([logs.count]).doubles).map { $0 + amount * $1 }
        case .outputLocation:
            let own = stream.integer(below: classes)
            logs = logs.enumerated().map { $0.offset % classes == own ? $0.element + amount : $0.element }
        case .outputFlat: logs = logs.map { $0 * amount }
        case .noise, .location, .missing, .unit, .swapped: return probabilities
        }
        // In single precision, as the reference's are kept.
        return Tensor(logs, shape: probabilities.shape).softmax().converted(to: .single).converted(to: .double)
    }
}

extension TableEncoding {
    /// Places of the columns of numbers.
    var numberPlaces: [Int] {
        columns.indices.filter { if case .number = columns[$0].content { true } else { false } }
    }

    /// Those that hold more than one number.
    var variedPlaces: [Int] { numberPlaces.filter { !columns[$0].isConstant } }
}
