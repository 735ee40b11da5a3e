import Basics

/// Coordinate descent for one network: the current symmetry, the objective by slot, and costs that never change.
struct MatchingSearch {
    private let problem: WeightMatching
    private let network: [Float]
    private let path: String
    /// Least gain that counts as one.
    private let threshold: Double
    /// |reference|^2 + |network|^2.
    private let squares: Double
    /// For each group, and for the places that a flip turns and those that it does not, the part of its cost that no
    /// other group enters, once computed.
    private var fixedCosts: [FixedPart: [Float]] = [:]
    /// Each group's assignment problem; large blocks that are let go of every sweep would be paged in again each time.
    private let assignments: [RepeatedAssignment]
    /// The costs of the group at hand, and one slot transformed.
    private var costs: [Float] = [], moved: [Float] = []
    private var permutations: [[Int]] = []
    private var signs: [[Double]?] = []
    /// <reference, g . network> of each slot.
    private var agreement: [Double] = []

    /// Prepares the search for a checked network.
    init(_ problem: WeightMatching, _ network: [Float], path: String) {
        self.problem = problem
        self.network = network
        self.path = path
        let (own, other) = (Self.dot(network, network), Self.dot(problem.reference, problem.reference))
        threshold = problem.options.tolerance * (own * other).squareRoot()
        squares = own + other
        assignments = problem.layout.groups.map { RepeatedAssignment(count: $0.size) }
    }

    /// Sweeps over the groups from a given symmetry until none improves or the cap is reached.
    mutating func run(from element: SymmetryElement, start: Int) throws -> Alignment {
        permutations = element.permutations
        signs = element.scales
        agreement = problem.layout.slots.indices.map { slotAgreement($0, element) }
        var objectives = [agreement.reduce(0, +)]
        var stale = Set(permutations.indices)
        var sweep = 0
        while !stale.isEmpty && sweep < problem.options.maximumSweeps {
            for group in problem.order(sweep: sweep) where stale.remove(group) != nil {
                if try improve(group) { stale.formUnion(neighbours(of: group)) }
            }
            objectives.append(agreement.reduce(0, +))
            sweep += 1
        }
        return Alignment(
            element: current, objectives: objectives, sweeps: sweep, converged: stale.isEmpty, start: start)
    }

    /// The sum over all parameters of reference times network under a symmetry.
    func objective(of element: SymmetryElement) -> Double {
        problem.layout.slots.indices.reduce(0) { $0 + slotAgreement($1, element) }
    }

    /// Whether an alignment leaves nothing between network and reference but rounding.
    func isExact(_ alignment: Alignment) -> Bool { squares - 2 * alignment.objective <= 1e-9 * squares }

    private var current: SymmetryElement { SymmetryElement(permutations: permutations, scales: signs) }

    /// Groups whose costs a change of `group` alters (itself only where one slot has it on two axes).
    private func neighbours(of group: Int) -> [Int] {
        var found: [Int] = []
        for place in problem.spec.places[group] {
            for (axis, other) in problem.layout.slots[place.slot].axes.enumerated() where axis != place.axis {
                if let other { found.append(other) }
            }
        }
        return found
    }

    /// Solves one group with the others held; keeps the result and returns true if the objective rises.
    private mutating func improve(_ group: Int) throws -> Bool {
        let tagged = problem.spec.places[group], places = Array(tagged.indices)
        guard problem.options.signs && problem.layout.groups[group].scaling == .sign else {
            try formCosts(of: group, places)
            return accept(group, assignments[group].maximize(costs), signs[group])
        }
        // What a flip leaves alone counts as it is, the rest by its magnitude: the flip is chosen with the pair.
        let isHeld = { (place: Int) in tagged[place].side == .unscaled }
        var held: [Float]?
        if places.contains(where: isHeld) {
            try formCosts(of: group, places.filter(isHeld), held: true)
            held = costs
        }
        try formCosts(of: group, places.filter { !isHeld($0) })
        let size = problem.layout.groups[group].size
        let negative = costs.map { $0 < 0 }
        for index in costs.indices { costs[index] = abs(costs[index]) + (held?[index] ?? 0) }
        let solved = assignments[group].maximize(costs)
        let flips: [Double] = solved.enumerated().map { negative[$0 * size + $1] ? -1 : 1 }
        return accept(group, solved, flips.contains(-1) ? flips : nil)
    }

    /// Takes a candidate if the objective in double precision rises by more than the threshold.
    private mutating func accept(_ group: Int, _ permutation: [Int], _ flips: [Double]?) -> Bool {
        if permutation == permutations[group] && flips == signs[group] { return false }
        let before = (permutations[group], signs[group])
        permutations[group] = permutation
        signs[group] = flips
        let element = current
        var changed: [Int: Double] = [:]
        var gain = 0.0
        for place in problem.spec.places[group] where changed[place.slot] == nil {
            let value = slotAgreement(place.slot, element)
            changed[place.slot] = value
            gain += value - agreement[place.slot]
        }
        guard gain > threshold else {
            (permutations[group], signs[group]) = before
            return false
        }
        for (slot, value) in changed { agreement[slot] = value }
        return true
    }

    /// Sets `costs` to A, `[size, size]`: reference slices by network slices, over the given places of the group.
    private mutating func formCosts(of group: Int, _ places: [Int], held: Bool = false) throws {
        let varying = places.filter { isVarying(group, $0) }
        let element = current, size = problem.layout.groups[group].size
        let part = FixedPart(group: group, held: held)
        if let fixed = fixedCosts[part] {
            costs.replaceSubrange(costs.indices, with: fixed)
        } else {
            costs = Array(repeating: 0, count: size * size)
            for place in places where !varying.contains(place) { add(group, place, element) }
            fixedCosts[part] = costs
        }
        for place in varying { add(group, place, element) }
        guard costs.allSatisfy(\.isFinite) else {
            throw DataError(
                .malformed, path: path, expected: "weights whose products stay finite",
                found: "an overflow in group \(problem.layout.groups[group].name)",
                hint: "leave out networks whose training diverged")
        }
    }

    /// Whether another tagged axis enters the place's product.
    private func isVarying(_ group: Int, _ index: Int) -> Bool {
        let place = problem.spec.places[group][index]
        return problem.layout.slots[place.slot].axes.enumerated().contains { $0 != place.axis && $1 != nil }
    }

    /// Adds one place's product to `costs`, the network's other axes transformed by the current symmetry.
    private mutating func add(_ group: Int, _ index: Int, _ element: SymmetryElement) {
        let place = problem.spec.places[group][index]
        let slot = problem.layout.slots[place.slot]
        let size = problem.layout.groups[group].size
        let transform = SlotTransform(slot, element, first: place.axis, skippingFirst: true)
        if moved.count < slot.count { moved = Array(repeating: 0, count: slot.count) }
        let (network, problem) = (network, problem)
        costs.withUnsafeMutableBufferPointer { cost in
            moved.withUnsafeMutableBufferPointer { moved in
                network.withUnsafeBufferPointer { network in
                    let unfolded = place.isLeading ? problem.reference : problem.unfolded[group][index]
                    unfolded.withUnsafeBufferPointer { reference in
                        guard let cost = cost.baseAddress, let moved = moved.baseAddress,
                            let network = network.baseAddress,
                            let reference = reference.baseAddress
                        else { return }
                        transform.apply(network + slot.offset, into: moved)
                        let first = reference + (place.isLeading ? slot.offset : 0)
                        problem.product(first, moved, size, slot.count / max(size, 1), size, cost)
                    }
                }
            }
        }
    }

    /// <reference, g . network> over one slot.
    private func slotAgreement(_ index: Int, _ element: SymmetryElement) -> Double {
        let slot = problem.layout.slots[index]
        return network.withUnsafeBufferPointer { network in
            problem.reference.withUnsafeBufferPointer { reference in
                guard let network = network.baseAddress, let reference = reference.baseAddress else { return 0 }
                return SlotTransform(slot, element).agreement(network + slot.offset, with: reference + slot.offset)
            }
        }
    }

    private static func dot(_ first: [Float], _ second: [Float]) -> Double { dot(first[...], second[...]) }

    /// A sum of products in double precision, in eight interleaved partial sums.
    private static func dot(_ first: ArraySlice<Float>, _ second: ArraySlice<Float>) -> Double {
        first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                var sums = SIMD8<Double>()
                let whole = first.count & ~7
                for base in stride(from: 0, to: whole, by: 8) {
                    for lane in 0..<8 { sums[lane] += Double(first[base + lane]) * Double(second[base + lane]) }
                }
                var sum = sums.sum()
                for index in whole..<first.count { sum += Double(first[index]) * Double(second[index]) }
                return sum
            }
        }
    }
}

/// Which places of a group a cost is of: those that a flip of its units leaves alone, or the others.
private struct FixedPart: Hashable {
    let group: Int
    let held: Bool
}
