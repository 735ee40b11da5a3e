import Networks

/// What matching to the reference found for one network: small, whatever the network's size.
package struct AlignmentMatch: Codable {
    /// The symmetry that aligns it.
    package let element: SymmetryElement
    /// Sweeps over the symmetry groups.
    let sweeps: Int
    /// Whether the search came to its end before the cap on sweeps.
    let converged: Bool
    /// L2 distance to the reference before and after.
    let before, after: Double
}

extension Zoo {
    /// The networks with each one's own symmetry applied to its weights, buffers and checkpoints; traps unless there is
    /// one a network.
    package func moved(by elements: [SymmetryElement]) -> Zoo {
        precondition(elements.count == count, "Zoo: \(elements.count) symmetries for \(count) networks")
        let layout = layout
        return Zoo(
            header: header,
            weights: Self.each(weights, layout.count, elements, per: 1) { $0.apply(to: $1, layout: layout) },
            buffers: buffers.map {
                Self.each($0, layout.bufferCount, elements, per: 1) { $0.apply(toBuffers: $1, layout: layout) }
            },
            columns: columns, trajectory: trajectory.map { Self.moved($0, elements, layout) })
    }

    private static func moved(
        _ trajectory: ZooTrajectory, _ elements: [SymmetryElement], _ layout: ParameterLayout
    ) -> ZooTrajectory {
        let places = trajectory.checkpoints
        return ZooTrajectory(
            checkpoints: places, steps: trajectory.steps,
            weights: each(trajectory.weights, layout.count, elements, per: places) { $0.apply(to: $1, layout: layout) },
            buffers: trajectory.buffers.map {
                each($0, layout.bufferCount, elements, per: places) { $0.apply(toBuffers: $1, layout: layout) }
            })
    }

    /// Rows of `width`, `per` of them a network, each changed by its network's element.
    private static func each(
        _ values: [Float], _ width: Int, _ elements: [SymmetryElement], per: Int,
        _ change: (SymmetryElement, [Float]) -> [Float]
    ) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(values.count)
        for (network, element) in elements.enumerated() {
            for place in network * per..<(network + 1) * per {
                result += change(element, Array(values[place * width..<(place + 1) * width]))
            }
        }
        return result
    }
}
