/// Chooses the sign of every unit with an odd activation from the sum of what comes in.
struct SignForm {
    private let form: ScaleNormalization
    private let row: [Float]
    /// Positive factors already chosen, which weigh the sums.
    private let factors: [[Double]?]

    /// Prepares the choice for one network and its positive factors.
    init(_ form: ScaleNormalization, _ row: [Float], _ factors: [[Double]?]) {
        self.form = form
        self.row = row
        self.factors = factors
    }

    /// Plus or minus 1 for each unit of odd groups, nil for the others.
    func signs() -> [[Double]?] {
        var signs = [[Double]?](repeating: nil, count: form.layout.groups.count)
        let odd = signs.indices.filter { form.isFree($0, .sign) }
        let order = odd.sorted { (firstSlot($0), $0) < (firstSlot($1), $1) }
        for (position, group) in order.enumerated() {
            signs[group] = choose(group, signs, unsettled: order[position...])
        }
        return signs
    }

    /// The first slot that helps to compute the group.
    private func firstSlot(_ group: Int) -> Int {
        form.spec.places[group].first { $0.side == .incoming }?.slot ?? .max
    }

    private func choose(_ group: Int, _ signs: [[Double]?], unsettled: ArraySlice<Int>) -> [Double] {
        var sums = Array(repeating: 0.0, count: form.layout.groups[group].size)
        var cubes = sums
        for place in form.spec.places[group] where place.side == .incoming {
            let slot = form.layout.slots[place.slot]
            let other = slot.axes.indices.first { $0 != place.axis && slot.axes[$0] != nil }
            if let other, let read = slot.axes[other], unsettled.contains(read) { continue }
            accumulate(slot, place.axis, other, signs, &sums, &cubes)
        }
        return sums.indices.map { unit in
            let decisive = sums[unit] != 0 ? sums[unit] : cubes[unit]
            return decisive < 0 ? -1 : 1
        }
    }

    private func accumulate(
        _ slot: Slot, _ axis: Int, _ other: Int?, _ signs: [[Double]?], _ sums: inout [Double], _ cubes: inout [Double]
    ) {
        let stride = slot.stride(ofUnitsAlong: axis)
        let otherStride = other.map(slot.stride(ofUnitsAlong:)) ?? 1
        let group = other.flatMap { slot.actions[$0].side == .unscaled ? nil : slot.axes[$0] }
        let weights = group.map { group in
            (0..<form.layout.groups[group].size).map { unit in
                (signs[group]?[unit] ?? 1) / (factors[group]?[unit] ?? 1)
            }
        }
        for index in 0..<slot.count {
            let unit = index / stride % sums.count
            var value = Double(row[slot.offset + index])
            if let weights { value *= weights[index / otherStride % weights.count] }
            sums[unit] += value
            cubes[unit] += value * value * value
        }
    }
}
