import Basics
import Networks
import Tensors

/// A network that says where to move: v(x, t), with its weights in one flat vector.
public protocol VelocityNet: Sendable {
    /// Where the parameters lie.
    var layout: ParameterLayout { get }
    /// Length of x.
    var dimension: Int { get }
    /// Weights before training, [layout.count].
    func initialParameters(seed: UInt64) -> Tensor
    /// The velocity at an input, [B, dimension]. In training the pass has one stream, which feeds dropout.
    func callAsFunction(_ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass) -> Tensor
    /// The same flow in a space of fewer dimensions, for evaluation with fixed weights; nil where there is none.
    func reduced(_ parameters: Parameters) -> ReducedFlow?
}

/// What a velocity net is asked about: points, their times, and perhaps a condition for each.
public struct VelocityInput: Sendable {
    /// The points, [B, K].
    public var x: Tensor
    /// Their times, [B, 1]: 0 the source, 1 the data.
    public var t: Tensor
    /// What samples are to be like; nil for nets that know no condition.
    public var condition: Condition?

    /// What an encoder has made of conditions, one a point; what is not asked for has a learned stand-in.
    public struct Condition: Sendable {
        /// The features, [B, E].
        public var features: Tensor
        /// A token for each class, [B, C, E], for nets that join them to their output units.
        public var classes: Tensor?

        /// Puts features [B, E] and class tokens [B, C, E] together; traps on other shapes.
        public init(features: Tensor, classes: Tensor? = nil) {
            precondition(
                features.rank == 2
                    && classes.map { $0.rank == 3 && $0.shape[0] == features.shape[0] } ?? true,
                "condition: features \(features.shape), classes \(classes?.shape ?? [])")
            (self.features, self.classes) = (features, classes)
        }

        /// The condition of one point for `count` of them.
        func broadcast(to count: Int) -> Condition {
            func repeated(_ tensor: Tensor) -> Tensor {
                tensor.broadcast(to: Shape([count] + tensor.shape.array.dropFirst()))
            }
            return Condition(features: repeated(features), classes: classes.map(repeated))
        }
    }

    /// Points [B, K] at times [B, 1].
    public init(_ x: Tensor, _ t: Tensor, condition: Condition? = nil) {
        (self.x, self.t, self.condition) = (x, t, condition)
    }

    /// Points [B, K] at one time.
    public init(_ x: Tensor, at t: Double, condition: Condition? = nil) {
        self.init(x, .full([x.shape[0], 1], t, precision: x.precision), condition: condition)
    }
}

extension VelocityNet {
    /// None.
    public func reduced(_ parameters: Parameters) -> ReducedFlow? { nil }

    /// The velocity at an input in evaluation, [B, dimension]: without dropout.
    public func callAsFunction(_ parameters: Parameters, _ input: VelocityInput) -> Tensor {
        var pass = ForwardPass.evaluation()
        return self(parameters, input, &pass)
    }
}

/// The settings of a kind of velocity net, from which the net is made: `generator:` of an experiment.
public protocol VelocityNetConfig: ComponentConfig {
    /// The net for codes of length `dimension`; `layout` is that of the networks.
    ///
    /// Throws `DataError` where `check` does; traps where `problems()` has any.
    func net(dimension: Int, layout: ParameterLayout) throws -> any VelocityNet
    /// Whether the net can be given conditions.
    var takesConditions: Bool { get }
    /// The same that is given conditions of so many features, in `VelocityInput.condition`.
    ///
    /// Throws `DataError` where the net takes none.
    func conditionalNet(dimension: Int, layout: ParameterLayout, features: Int) throws -> any VelocityNet
    /// Number of output units of the networks that class tokens are joined to; nil where the net has no such units.
    func classTokens(_ layout: ParameterLayout) -> Int?
    /// Throws `DataError` where no such net can be made for networks of a layout.
    func check(_ layout: ParameterLayout) throws
    /// Whether the net takes weights in their places, and no other codes.
    var needsPlaces: Bool { get }
    /// Whether the weights are found in closed form and not trained.
    var isFitted: Bool { get }
    /// The kind with what is not its width, for people.
    var label: String { get }
    /// What the width is called, and what it is.
    var size: (name: String, value: Int) { get }
}

extension VelocityNetConfig {
    /// It cannot.
    public var takesConditions: Bool { false }
    /// Takes none.
    public func conditionalNet(dimension: Int, layout: ParameterLayout, features: Int) throws -> any VelocityNet {
        throw DataError(
            .configuration, path: "conditions", expected: "none with this net", found: "some",
            hint: "\(name) takes no conditions")
    }
    /// There are none.
    public func classTokens(_ layout: ParameterLayout) -> Int? { nil }
    /// Takes codes of any networks.
    public func check(_ layout: ParameterLayout) throws {}
    /// Any codes will do.
    public var needsPlaces: Bool { false }
    /// They are trained.
    public var isFitted: Bool { false }
    /// The kind with its width and depth in a few words.
    public var name: String { "\(label), \(size.name) \(size.value)" }
}

extension VelocityNet {
    /// An integration from t = 0 to t = 1 of a velocity from a start, which may show every state.
    typealias Integration = (
        _ start: Tensor, _ velocity: (_ x: Tensor, _ t: Double) -> Tensor, _ observe: StateObserver?
    ) -> Tensor

    /// The map from x(0) to x(1), through the net's reduced space where it has one.
    ///
    /// A tolerance is for x, and errors in the reduced space are others: adaptive steps integrate x itself.
    func flow(_ parameters: Parameters, by solver: Solver) -> (_ start: Tensor, _ observe: StateObserver?) -> Tensor {
        flow(parameters, isReduced: solver.tolerance == nil) { start, velocity, observe in
            solver.integrate(start, velocity: velocity, observe: observe)
        }
    }

    /// The same by any integration.
    func flow(
        _ parameters: Parameters, isReduced: Bool = true, integrate: @escaping Integration
    ) -> (_ start: Tensor, _ observe: StateObserver?) -> Tensor {
        if isReduced, let reduced = reduced(parameters) {
            return { x, observe in
                let states = observe.map { see -> StateObserver in
                    { y, t in see(t == 1 ? reduced.end(x, y) : reduced.state(x, y, t), t) }
                }
                return reduced.end(x, integrate(reduced.start(x), reduced.velocity, states))
            }
        }
        return { start, observe in
            integrate(start, { x, t in self(parameters, VelocityInput(x, .full([x.shape[0], 1], t))) }, observe)
        }
    }
}

/// Is handed a state and its time.
typealias StateObserver = (_ x: Tensor, _ t: Double) -> Void

/// A flow that is integrated in a small space instead of its own: exact, up to rounding, for every linear solver.
///
/// A state y [B, width] stands for x [B, D]: y(0) = start(x(0)), dy/dt = velocity(y, t), x(1) = end(x(0), y(1)).
public struct ReducedFlow {
    /// Elements of one state.
    public let width: Int
    /// From x(0) to y(0).
    public let start: (_ x: Tensor) -> Tensor
    /// dy/dt at y [B, width] and time t.
    public let velocity: (_ y: Tensor, _ t: Double) -> Tensor
    /// From x(0) and y(1) to x(1).
    public let end: (_ x: Tensor, _ y: Tensor) -> Tensor
    /// From x(0) and y(t) to x(t) at a time before the end.
    public let state: (_ x: Tensor, _ y: Tensor, _ t: Double) -> Tensor
}

extension Initialization {
    /// Draws one network [D] and multiplies every slot by its factor; 0 gives zeros.
    func network(_ layout: ParameterLayout, _ stream: RandomStream, factor: (Slot) -> Double) -> Tensor {
        let drawn = network(layout, stream)
        let parts = layout.slots.map { slot -> Tensor in
            let factor = factor(slot)
            if factor == 0 { return .zeros([slot.count]) }
            let part = drawn.sliced(axis: 0, slot.range)
            return factor == 1 ? part : part * factor
        }
        return .concatenate(parts, axis: 0)
    }
}
