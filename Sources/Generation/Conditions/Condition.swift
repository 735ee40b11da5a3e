/// What is asked of a network: a label, numbers, a support set of examples, several of them, or nothing.
///
/// In training every network has the condition that it meets; in sampling the condition says what new networks should
/// be like. Parts that are not asked for are left to the generator.
public struct Condition: Sendable, Hashable {
    /// One of the labels that the training networks had, such as a data set's name.
    public var label: String?
    /// Numbers by name: a validation accuracy, a loss, a hyper-parameter.
    public var numbers: [String: Double]
    /// Labelled examples of the task.
    public var support: SupportSet?

    /// Nothing is asked.
    public static let none = Condition()

    /// Asks for what is given.
    public init(label: String? = nil, numbers: [String: Double] = [:], support: SupportSet? = nil) {
        (self.label, self.numbers, self.support) = (label, numbers, support)
    }
}
