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
    /// Each group's costs: of the places whose units a flip turns, and of those that it leaves alone.
    private let costs: [(turned: GroupCosts, held: GroupCosts?)]
    /// Each group's assignment problem; large blocks that are let go of every sweep would be paged in again each time.
    private let assignments: [RepeatedAssignment]
    private var scratch = MatchingScratch()
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
        costs = problem.spec.places.enumerated().map { group, places in
            let isFlipped = problem.options.signs && problem.layout.groups[group].scaling == .sign
            let held = places.indices.filter { isFlipped && places[$0].side == .unscaled }
            return (
                GroupCosts(problem, group: group, places: places.indices.filter { !held.contains($0) }),
                held.isEmpty ? nil : GroupCosts(problem, group: group, places: held)
            )
        }
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
        let (turned, held) = costs[group], element = current
        turned.update(to: element, network: network, &scratch)
        held?.update(to: element, network: network, &scratch)
        guard problem.options.signs && problem.layout.groups[group].scaling == .sign else {
            return accept(group, try solve(group, turned.values), signs[group])
        }
        // What a flip leaves alone counts as it is, the rest by its magnitude: the flip is chosen with the pair.
        let size = problem.layout.groups[group].size
        var magnitudes = turned.values.map { abs($0) }
        if let held { for index in magnitudes.indices { magnitudes[index] += held.values[index] } }
        let solved = try solve(group, magnitudes)
        let flips: [Double] = solved.enumerated().map { turned.values[$0 * size + $1] < 0 ? -1 : 1 }
        return accept(group, solved, flips.contains(-1) ? flips : nil)
    }

    /// The assignment of most agreement. Throws where a cost is not finite.
    private func solve(_ group: Int, _ costs: [Float]) throws -> [Int] {
        if let solved = assignments[group].maximize(costs) { return solved }
        throw DataError(
            .malformed, path: path, expected: "weights whose products stay finite",
            found: "an overflow in group \(problem.layout.groups[group].name)",
            hint: "leave out networks whose training diverged")
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
