import Tensors

/// The costs of one group's assignment, kept from one visit to the next.
///
/// `A[i, j] = sum over places, and over all other axes, of reference slice i times network slice j`. Only the other
/// groups' units change between two visits, and once most have found their places only a few: their old slices are
/// taken out of the sum and the new ones put in, a product as thin as there are units that moved. Where many moved, and
/// after `refreshEvery` such steps (their roundings add up), the sum is formed anew.
final class GroupCosts {
    /// Visits after which the costs are formed anew.
    private static let refreshEvery = 16

    private let problem: WeightMatching
    private let group: Int
    /// Places whose products other groups enter, and the others.
    private let varying: [Int], steady: [Int]
    /// The products that no other group enters.
    private var fixed: [Float] = []
    /// A, `[size, size]`.
    private(set) var values: [Float] = []
    /// The symmetry that `values` are of.
    private var seen: SymmetryElement?
    private var visits = 0

    /// Prepares the costs of the given places of a group, none of them formed.
    init(_ problem: WeightMatching, group: Int, places: [Int]) {
        self.problem = problem
        self.group = group
        varying = places.filter { !Self.others(problem, group, $0).isEmpty }
        steady = places.filter { Self.others(problem, group, $0).isEmpty }
    }

    /// Brings the costs to a symmetry of the other groups.
    func update(to element: SymmetryElement, network: [Float], _ scratch: inout MatchingScratch) {
        defer { seen = element }
        guard let moves = moves(to: element), let seen else { return form(element, network, &scratch) }
        visits += 1
        for move in moves where !move.units.isEmpty {
            let old = transform(move.place, seen, keeping: move), new = transform(move.place, element, keeping: move)
            let reference = transform(move.place, nil, keeping: move)
            let offset = slot(move.place).offset
            MatchingScratch.fill(&scratch.old, old, network, offset)
            MatchingScratch.fill(&scratch.new, new, network, offset)
            MatchingScratch.fill(&scratch.reference, reference, problem.reference, offset)
            for index in 0..<new.count { scratch.new[index] -= scratch.old[index] }
            add(scratch.reference, 0, scratch.new, count: new.count)
        }
    }

    /// The costs under a symmetry, from nothing.
    private func form(_ element: SymmetryElement, _ network: [Float], _ scratch: inout MatchingScratch) {
        visits = 0
        if seen == nil {
            values = Array(repeating: 0, count: size * size)
            for place in steady { add(place, element, network, &scratch) }
            fixed = values
        } else {
            values.replaceSubrange(values.indices, with: fixed)
        }
        for place in varying { add(place, element, network, &scratch) }
    }

    /// Adds one place's product, the network's other axes transformed by the symmetry.
    private func add(_ place: Int, _ element: SymmetryElement, _ network: [Float], _ scratch: inout MatchingScratch) {
        let whole = transform(place, element), slot = slot(place)
        MatchingScratch.fill(&scratch.new, whole, network, slot.offset)
        if problem.spec.places[group][place].isLeading {
            add(problem.reference, slot.offset, scratch.new, count: slot.count)
        } else {
            add(problem.unfolded[group][place], 0, scratch.new, count: slot.count)
        }
    }

    private func add(_ reference: [Float], _ offset: Int, _ network: [Float], count: Int) {
        let size = size
        values.withUnsafeMutableBufferPointer { values in
            reference.withUnsafeBufferPointer { reference in
                network.withUnsafeBufferPointer { network in
                    guard let values = values.baseAddress, let reference = reference.baseAddress,
                        let network = network.baseAddress
                    else { return }
                    problem.product(reference + offset, network, size, count / max(size, 1), size, values)
                }
            }
        }
    }
}

extension GroupCosts {
    /// Units of another group along one axis of a place.
    private struct Move {
        let place: Int
        let axis: Int
        let units: [Int]
    }

    private var size: Int { problem.layout.groups[group].size }

    private func slot(_ place: Int) -> Slot { problem.layout.slots[problem.spec.places[group][place].slot] }

    private func transform(_ place: Int, _ element: SymmetryElement?, keeping move: Move? = nil) -> SlotTransform {
        SlotTransform(
            slot(place), element, first: problem.spec.places[group][place].axis, skippingFirst: true,
            keeping: move.map { ($0.axis, $0.units) })
    }

    /// The other tagged axes of a place's slot, each with its group.
    private static func others(_ problem: WeightMatching, _ group: Int, _ place: Int) -> [(axis: Int, group: Int)] {
        let place = problem.spec.places[group][place]
        return problem.layout.slots[place.slot].axes.enumerated().compactMap { axis, other in
            axis == place.axis ? nil : other.map { (axis, $0) }
        }
    }

    /// For each varying place the units that moved since the costs were formed; nil where they are to be formed anew.
    private func moves(to element: SymmetryElement) -> [Move]? {
        guard let seen, visits < Self.refreshEvery else { return nil }
        var moves: [Move] = []
        var (moved, all) = (0, 0)
        for place in varying {
            let others = Self.others(problem, group, place)
            guard others.count == 1 else { return nil }
            let (axis, other) = others[0]
            let (old, new) = (seen.scales[other], element.scales[other])
            let units = seen.permutations[other].indices.filter {
                seen.permutations[other][$0] != element.permutations[other][$0] || (old?[$0] ?? 1) != (new?[$0] ?? 1)
            }
            let (slot, size) = (slot(place), problem.layout.groups[other].size)
            moved += slot.count / max(size, 1) * units.count
            all += slot.count
            moves.append(Move(place: place, axis: axis, units: units))
        }
        return 2 * moved <= all ? moves : nil
    }
}

/// Slices of reference and network, read through a symmetry: one block for all groups' products.
struct MatchingScratch {
    var reference: [Float] = [], new: [Float] = [], old: [Float] = []

    /// Writes a transformed slot to the front of one of the blocks.
    static func fill(_ block: inout [Float], _ transform: SlotTransform, _ row: [Float], _ offset: Int) {
        if block.count < transform.count { block = Array(repeating: 0, count: transform.count) }
        row.withUnsafeBufferPointer { source in
            block.withUnsafeMutableBufferPointer { target in
                guard let from = source.baseAddress, let to = target.baseAddress, transform.count > 0 else { return }
                transform.apply(from + offset, into: to)
            }
        }
    }
}
