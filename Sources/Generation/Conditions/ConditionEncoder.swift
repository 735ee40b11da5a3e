import Networks
import Tensors

/// Makes of conditions what a velocity net is given: features [B, E], and a token a class where the net joins them to
/// its output units.
///
/// Each part that can be asked for has an encoder, whose features are added up; a part that is not asked for is a
/// learned vector of its own in its place:
///
///     features_b = sum over parts p of m_bp f_p(condition_b) + (1 - m_bp) u_p,   m = 1 where asked
///
/// so that a condition with nothing in it, which training shows at random, is the sum of the u_p.
public struct ConditionEncoder: Sendable {
    /// E.
    public let width: Int
    /// What training has seen.
    public let facts: ConditionFacts
    /// Number of class tokens; nil where there are none.
    public let classTokens: Int?
    private let parts: [any ConditionPart]
    private let missingClass: Slot?

    /// Declares the encoders after what the layout has so far.
    ///
    /// - classTokens: number of output units that class tokens are joined to; nil for one vector alone.
    init(
        _ config: ConditionsConfig, facts: ConditionFacts, classTokens: Int? = nil,
        layout: inout ParameterLayout.Builder
    ) {
        precondition(
            classTokens ?? .max >= facts.support?.classes ?? 0,
            "condition encoder: \(facts.support?.classes ?? 0) classes, \(classTokens ?? 0) class tokens")
        var parts: [any ConditionPart] = []
        if let labels = facts.labels { parts.append(LabelPart(labels, width: config.width, layout: &layout)) }
        if let numbers = facts.numbers {
            parts.append(
                NumberPart(numbers, frequencies: config.number.frequencies, width: config.width, layout: &layout))
        }
        var missing: Slot?
        if let support = facts.support, let settings = config.support.settings {
            let examples: any ExampleEncoder =
                config.support.readsImages
                ? ImageEncoder(support.shape, width: settings.features, layout: &layout)
                : RowEncoder(support.shape, width: settings.features, layout: &layout)
            if let classTokens {
                missing = layout.addSlot("conditions.support.missing_class", shape: [config.width], role: .shift)
                parts.append(
                    ClassTokenPart(
                        examples, settings, tokens: classTokens, width: config.width, missing: missing,
                        layout: &layout))
            } else {
                parts.append(
                    SupportPart(
                        examples, settings, classes: support.classes, width: config.width, layout: &layout))
            }
        }
        (self.parts, self.facts, width, missingClass) = (parts, facts, config.width, missing)
        self.classTokens = missing == nil ? nil : classTokens
    }

    /// What the net is given of B conditions. They must have passed `facts.check`.
    public func callAsFunction(_ parameters: Parameters, _ conditions: [Condition]) -> VelocityInput.Condition {
        let (count, precision) = (conditions.count, parameters.flat.precision)
        var features = Tensor.zeros([count, width], precision: precision)
        var classes = missingClass.map { slot in
            parameters[slot].broadcast(to: Shape([count, classTokens ?? 0, width]))
        }
        for part in parts {
            let rows = conditions.indices.filter { part.isAsked(conditions[$0]) }
            let places = rows.map { Int32($0) }
            var left = [Double](repeating: 1, count: count)
            for row in rows { left[row] = 0 }
            let isLeft = Tensor(left, shape: [count, 1], precision: precision)
            features = features + parameters[part.missing].reshaped([1, width]) * isLeft
            guard !rows.isEmpty else { continue }
            let encoded = part.encode(parameters, rows.map { conditions[$0] })
            features = features + encoded.features.scatteredAdd(axis: 0, places, count: count)
            if let own = encoded.classes, let others = classes {
                classes =
                    others * isLeft.reshaped([count, 1, 1]) + own.scatteredAdd(axis: 0, places, count: count)
            }
        }
        return VelocityInput.Condition(features: features, classes: classes)
    }

    /// A condition of which each part that can be asked for is left out where `isLeftOut` says so.
    func without(_ condition: Condition, where isLeftOut: () -> Bool) -> Condition {
        var condition = condition
        for part in parts where isLeftOut() { part.leaveOut(of: &condition) }
        return condition
    }

    /// Number of parts that can be asked for.
    var partCount: Int { parts.count }
}

/// One thing that can be asked for, and how the net is told.
protocol ConditionPart: Sendable {
    /// What stands in its place where it is not asked for, [E].
    var missing: Slot { get }
    /// Whether a condition asks for it.
    func isAsked(_ condition: Condition) -> Bool
    /// Takes it out of a condition.
    func leaveOut(of condition: inout Condition)
    /// Features [M, E], and class tokens [M, C, E] where it makes some, of conditions that all ask for it.
    func encode(_ parameters: Parameters, _ conditions: [Condition]) -> (features: Tensor, classes: Tensor?)
}

/// A label: a learned vector.
struct LabelPart: ConditionPart {
    let missing: Slot
    private let table: Embedding
    private let places: [String: Int32]

    init(_ labels: [String], width: Int, layout: inout ParameterLayout.Builder) {
        missing = layout.addSlot("conditions.label.missing", shape: [width], role: .shift)
        table = Embedding("conditions.label.table", entries: labels.count, width: width, layout: &layout)
        places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, Int32($0)) })
    }

    func isAsked(_ condition: Condition) -> Bool { condition.label != nil }
    func leaveOut(of condition: inout Condition) { condition.label = nil }

    func encode(_ parameters: Parameters, _ conditions: [Condition]) -> (features: Tensor, classes: Tensor?) {
        let rows = conditions.map { condition -> Int32 in
            guard let row = condition.label.flatMap({ places[$0] }) else {
                preconditionFailure("condition: unknown label \(condition.label ?? "")")
            }
            return row
        }
        return (table(parameters, rows, shape: [rows.count]), nil)
    }
}

/// Numbers: f = W_2 gelu(W_1 [z, a, cos(w_k z), sin(w_k z)] + b_1) + b_2, z the numbers standardised by their mean and
/// deviation over the training networks, 0 where not asked for, a = 1 where they are.
///
/// The frequencies w_k = 2^(k - 1), k = 0, 1, ..., are those of Tancik et al., Fourier features let networks learn high
/// frequency functions in low dimensional domains, 2020, on a grid: numbers that matter lie within some deviations.
struct NumberPart: ConditionPart {
    let missing: Slot
    private let numbers: [ConditionFacts.Number]
    private let frequencies: [Double]
    private let first: Linear
    private let second: Linear

    init(
        _ numbers: [ConditionFacts.Number], frequencies count: Int, width: Int, layout: inout ParameterLayout.Builder
    ) {
        missing = layout.addSlot("conditions.number.missing", shape: [width], role: .shift)
        let inputs = numbers.count * (2 + 2 * count)
        first = Linear("conditions.number.0", in: inputs, out: 2 * width, layout: &layout)
        second = Linear("conditions.number.2", in: 2 * width, out: width, layout: &layout)
        frequencies = (0..<count).reduce(into: []) { list, _ in list.append((list.last ?? 0.25) * 2) }
        self.numbers = numbers
    }

    func isAsked(_ condition: Condition) -> Bool { numbers.contains { condition.numbers[$0.name] != nil } }
    func leaveOut(of condition: inout Condition) { condition.numbers = [:] }

    func encode(_ parameters: Parameters, _ conditions: [Condition]) -> (features: Tensor, classes: Tensor?) {
        let values = conditions.flatMap { condition in
            numbers.map { number in condition.numbers[number.name].map { ($0 - number.mean) / number.std } }
        }
        func column(_ value: (Double?) -> Double) -> Tensor {
            Tensor(
                values.map(value), shape: [conditions.count, numbers.count], precision: parameters.flat.precision)
        }
        let z = column { $0 ?? 0 }
        let waves = frequencies.flatMap { [(z * $0).cos(), (z * $0).sin()] }
        let inputs = Tensor.concatenate([z, column { $0 == nil ? 0 : 1 }] + waves, axis: 1)
        return (second(parameters, first(parameters, inputs).gelu()), nil)
    }
}
