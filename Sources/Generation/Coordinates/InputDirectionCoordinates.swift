import Basics
import Networks
import Tensors

/// Weights with the incoming weights of wide layers by K directions a unit, everything else as it is.
///
/// A tensor is wide where its first axis, and no other, counts units that can be reordered, and where more than K
/// weights lead into one: the first layer of an MLP on images, [32, 784]. Of each unit's F weights a code holds K
/// numbers (`InputDirections`), in the place of the tensor: codes are laid out like networks of K inputs
/// (`codeLayout`), with the same symmetry groups, so that nets which read a layout read them.
public struct InputDirectionCoordinates: StoredCoordinates {
    /// Where the networks' weights lie.
    public let layout: ParameterLayout
    /// Where a code's numbers lie.
    public let codeLayout: ParameterLayout
    /// By slot, nil where it is taken as it is.
    private let fits: [InputDirections?]

    /// Length of a code.
    public var dimension: Int { codeLayout.count }
    /// D.
    public var parameterCount: Int { layout.count }

    /// Fits at most `directions` a unit to networks [N, D]; nil where they are not finite. Traps unless N >= 1, D is
    /// the layout's and `directions` positive.
    ///
    /// - inputs: what the networks read, [n, ...]; the tensors with a weight for each of its numbers take their
    ///   directions from it, others, and all where it is nil, from the weights alone.
    public init?(fitting rows: Tensor, layout: ParameterLayout, directions: Int, inputs: Tensor? = nil) {
        precondition(
            rows.rank == 2 && rows.shape[0] >= 1 && rows.shape[1] == layout.count && directions >= 1,
            "InputDirectionCoordinates: rows \(rows.shape) for a layout of \(layout.count), \(directions) directions")
        let flat = inputs.map { $0.reshaped([$0.shape[0], -1]) }
        var fits: [InputDirections?] = []
        for slot in layout.slots {
            guard slot.isWide(over: directions) else {
                fits.append(nil)
                continue
            }
            let weights = rows.sliced(axis: 1, slot.range).reshaped([rows.shape[0], slot.shape[0], -1])
            let moment = flat.flatMap { $0.shape[1] == weights.shape[2] ? InputDirections.moment(of: $0) : nil }
            guard let fit = InputDirections(fitting: weights, moment: moment, count: directions) else { return nil }
            fits.append(fit)
        }
        guard rows.isFinite else { return nil }
        self.init(layout, Self.codeLayout(layout, directions: directions), fits)
    }

    /// Takes recorded tensors; throws a `DataError` unless they are those of such a layout, and finite.
    public init(layout: ParameterLayout, directions: Int, tensors: [NamedTensor]) throws {
        let fits = try layout.slots.map { slot -> InputDirections? in
            guard slot.isWide(over: directions) else { return nil }
            let width = slot.count / slot.shape[0]
            func find(_ name: String, _ shape: Shape) throws -> Tensor {
                try tensors.fitted("\(slot.name).\(name)", shape: shape, of: "input-directions coordinates")
                    .converted(to: .single)
            }
            return InputDirections(
                mean: try find("mean", [width]), directions: try find("directions", [directions, width]),
                guess: try find("guess", [directions, width]), remainder: try find("remainder", [width, width]))
        }
        self.init(layout, Self.codeLayout(layout, directions: directions), fits)
    }

    private init(_ layout: ParameterLayout, _ codeLayout: ParameterLayout, _ fits: [InputDirections?]) {
        (self.layout, self.codeLayout, self.fits) = (layout, codeLayout, fits)
    }

    /// Where a code's numbers lie, of networks of a layout.
    public static func codeLayout(_ layout: ParameterLayout, directions: Int) -> ParameterLayout {
        var next = 0
        let slots = layout.slots.map { slot -> Slot in
            let isWide = slot.isWide(over: directions)
            let moved = Slot(
                name: slot.name, offset: next, shape: isWide ? [slot.shape[0], directions] : slot.shape,
                role: slot.role, axes: isWide ? [slot.axes[0], nil] : slot.axes,
                actions: Dictionary(
                    uniqueKeysWithValues: slot.actions.enumerated().filter { !isWide || $0.offset < 2 }
                        .map { ($0.offset, $0.element) }))
            next += moved.count
            return moved
        }
        return ParameterLayout(slots: slots, groups: layout.groups, buffers: layout.buffers)
    }

    /// Of every wide tensor `mean`, `directions`, `guess` and `remainder`, under its name.
    public var tensors: [NamedTensor] {
        zip(layout.slots, fits).flatMap { slot, fit -> [NamedTensor] in
            guard let fit else { return [] }
            return [
                NamedTensor("\(slot.name).mean", fit.mean), NamedTensor("\(slot.name).directions", fit.directions),
                NamedTensor("\(slot.name).guess", fit.guess), NamedTensor("\(slot.name).remainder", fit.remainder),
            ]
        }
    }

    /// Weights [N, D] to codes [N, K].
    public func encode(_ weights: Tensor) -> Tensor { mapped(weights, from: layout) { $0.encode($1) } }

    /// Codes [N, K] to weights [N, D]; what the directions leave open is drawn, from the code's own bits.
    public func decode(_ codes: Tensor) -> Tensor { mapped(codes, from: codeLayout) { $0.decode($1) } }

    private func mapped(
        _ rows: Tensor, from layout: ParameterLayout, _ f: (InputDirections, Tensor) -> Tensor
    ) -> Tensor {
        let count = rows.shape[0]
        let parts = zip(layout.slots, fits).map { slot, fit -> Tensor in
            let part = rows.sliced(axis: 1, slot.range)
            return fit.map { f($0, part.reshaped([count, slot.shape[0], -1])).reshaped([count, -1]) } ?? part
        }
        return parts.isEmpty ? rows : .concatenate(parts, axis: 1)
    }
}

extension Slot {
    /// Whether more than so many weights, whose order is fixed, lead into each of its units.
    fileprivate func isWide(over count: Int) -> Bool {
        guard role == .weight, shape.count >= 2, axes[0] != nil, axes.dropFirst().allSatisfy({ $0 == nil }) else {
            return false
        }
        return actions[0].repeats == 1 && actions[0].block == 1 && self.count / max(shape[0], 1) > count
    }
}

extension InputDirectionCoordinates {
    /// How many directions.
    public struct Config: CoordinatesConfig {
        /// Numbers that a code keeps of the weights that lead into a unit; layers with no more keep all.
        public var directions = 100

        /// A hundred: of networks that read images of 28 x 28, what 0.3 points of accuracy do not need.
        public init() {}

        /// What can be set.
        public static let keys = [
            ConfigKey(
                "directions", .integer(1...100_000), "Numbers kept of the weights into a unit, where there are more")
        ]

        /// The directions of training networks and their inputs, then one mean and scale for each orbit of codes;
        /// throws where weights are not finite.
        public func fit(
            _ rows: Tensor, validation: Tensor?, _ fitting: CoordinatesFitting
        ) throws -> any StoredCoordinates {
            let fitted = try fitting.known(
                InputDirectionCoordinates(
                    fitting: rows, layout: fitting.layout, directions: directions,
                    inputs: fitting.behaviour?.inputs))
            let orbits = OrbitStandardizedCoordinates(fitting: fitted.encode(rows), layout: fitted.codeLayout)
            return ChainedCoordinates([fitted, try fitting.known(orbits)])
        }

        /// The recorded directions, and the means and scales of their codes.
        public func read(_ tensors: [NamedTensor], _ fitting: CoordinatesFitting) throws -> any StoredCoordinates {
            func part(_ index: Int) -> [NamedTensor] { ChainedCoordinates.tensors(ofPart: index, in: tensors) }
            let read = try InputDirectionCoordinates(layout: fitting.layout, directions: directions, tensors: part(0))
            let orbits = OrbitStandardizedCoordinates(layout: read.codeLayout, tensors: part(1))
            return try fitting.chained([read, fitting.known(orbits)])
        }

        /// Codes are laid out like networks of so many inputs.
        public func codeLayout(_ layout: ParameterLayout) -> ParameterLayout {
            InputDirectionCoordinates.codeLayout(layout, directions: directions)
        }

        /// Directions are those of training rows; of the weights alone where networks have running statistics.
        public var needsBehaviour: Bool { true }
        /// In the places of `codeLayout`.
        public var keepsPlaces: Bool { true }
        /// Each orbit is.
        public var isStandardized: Bool { true }
        /// What the directions leave open is drawn anew.
        public func isLossy(among count: Int) -> Bool { true }
        /// The kind with its number of directions.
        public var shortName: String { "weights, inputs by \(directions) directions" }
    }
}
