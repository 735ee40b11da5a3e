import Basics

/// What torchvision's `Normalize(mean, std)` says: inputs are (x * unit - mean) / std, with the unit 1/255 that its
/// `ToTensor` has; one number for all features, one a feature, or one a channel.
struct Normalization: Hashable, Sendable {
    let mean: PerFeature
    let deviation: PerFeature

    /// The same as a scale and a shift; nil where the numbers of values do not go together or a deviation is not above 0.
    func preparation(unit: PerFeature) -> Preparation? {
        let lists = [mean, deviation, unit].map(\.values)
        let width = lists.map(\.count).max() ?? 1
        guard lists.allSatisfy({ $0.count == 1 || $0.count == width }), lists[1].allSatisfy({ $0 > 0 && $0.isFinite })
        else { return nil }
        let columns = lists.map { $0.count == width ? $0 : [Double](repeating: $0[0], count: width) }
        let scale = (0..<width).map { columns[2][$0] / columns[1][$0] }
        let shift = (0..<width).map { -columns[0][$0] / columns[1][$0] }
        return Preparation(scale: PerFeature(recorded: scale), shift: PerFeature(recorded: shift))
    }
}

extension PerFeature {
    /// What makes bytes numbers from 0 to 1.
    static let unitByte: PerFeature = .uniform(1.0 / 255)
}

extension PerFeature {
    /// What is said of it as what stands for missing values.
    fileprivate var filling: String { values.count == 1 ? Preparation.number(values[0]) : "one value a feature" }

    /// The same, after a formula.
    var inWords: String { "; missing values become " + filling }
}

extension Preparation {
    /// What is done to raw values, as a formula in words.
    public var inWords: String {
        formula + (missing.map(\.inWords) ?? "")
    }

    private var formula: String {
        let (scales, shifts) = (scale.values, shift.values)
        if scales == [1], shifts == [0] { return "raw values x" }
        if let divisor = Self.whole(scales), shifts == [0] { return "x / \(divisor)" }
        if let divisor = Self.whole(scales), shifts.count == 1 { return "x / \(divisor)\(Self.signed(shifts[0]))" }
        if let text = normalized(scales, shifts) { return text }
        if scales.count == 1, shifts.count == 1 {
            let scaled = scales[0] == 1 ? "x" : "x * \(Self.number(scales[0]))"
            return scaled + (shifts[0] == 0 ? "" : Self.signed(shifts[0]))
        }
        return "x * scale + shift, with "
            + (scales.count == shifts.count ? "both of each feature" : "one of each feature")
    }

    /// The form of torchvision's Normalize, where mean and deviation of x / 255 are numbers of a few digits.
    private func normalized(_ scales: [Double], _ shifts: [Double]) -> String? {
        guard scales.count == shifts.count, scales.count <= 3 else { return nil }
        let deviations = scales.map { 1 / (255 * $0) }
        let means = zip(shifts, deviations).map { -$0 * $1 }
        func rounded(_ value: Double) -> Double? {
            let near = (value * 1e5).rounded() / 1e5
            return abs(near - value) < 1e-9 ? near : nil
        }
        let short = (means + deviations).map(rounded)
        guard short.allSatisfy({ $0 != nil }) else { return nil }
        let values = short.compactMap { $0 }.map { Self.number($0) }
        let (left, right) = (values.prefix(means.count), values.suffix(means.count))
        if means == [0] { return nil }
        if means.count == 1 { return "(x / 255 - \(left[left.startIndex])) / \(right[right.startIndex])" }
        return "(x / 255 - mean) / std by channel, mean \(left.joined(separator: ", ")), "
            + "std \(right.joined(separator: ", "))"
    }

    /// k, where the one scale is 1 / k.
    private static func whole(_ scales: [Double]) -> Int? {
        guard scales.count == 1, scales[0] > 0, scales[0] < 1 else { return nil }
        let divisor = (1 / scales[0]).rounded()
        return divisor < 1e6 && 1 / divisor == scales[0] ? Int(divisor) : nil
    }

    private static func signed(_ value: Double) -> String { value < 0 ? " - \(number(-value))" : " + \(number(value))" }

    fileprivate static func number(_ value: Double) -> String {
        let text = NumberText.significant(value, digits: 5)
        return text.replacing("−", with: "-").replacing(",", with: "")
    }
}
