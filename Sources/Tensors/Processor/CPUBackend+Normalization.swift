extension CPUBackend {
    func layerNorm(
        _ x: StridedArray, gamma: StridedArray, beta: StridedArray, epsilon: Double
    ) -> [StridedArray] {
        let (x, gamma, beta) = (dense(x), dense(gamma), dense(beta))
        let n = x.shape[x.shape.count - 1], rows = x.count / n
        let group = rows / (gamma.count / n)
        let result = StridedArray(uninitialized: x.shape, precision: x.precision, on: self)
        let mean = StridedArray(uninitialized: [rows], precision: x.precision, on: self)
        let rstd = StridedArray(uninitialized: [rows], precision: x.precision, on: self)
        func run<S: KernelScalar>(_: S.Type) {
            let (px, pg, pb): (UnsafeMutablePointer<S>, UnsafeMutablePointer<S>, UnsafeMutablePointer<S>) =
                (x.pointer(), gamma.pointer(), beta.pointer())
            let (po, pm, pr): (UnsafeMutablePointer<S>, UnsafeMutablePointer<S>, UnsafeMutablePointer<S>) =
                (result.pointer(), mean.pointer(), rstd.pointer())
            forGroups(rows, group: group, width: n) { first, count in
                let shift = first / group * n
                S.layerNorm(
                    LayerNormCall(
                        rows: count, n: n, x: px + first * n, gamma: pg + shift, group: group, gammaStride: n,
                        epsilon: epsilon),
                    pb + shift, po + first * n, pm + first, pr + first)
            }
        }
        withExtendedLifetime((x, gamma, beta)) { withScalar(x.precision) { run($0) } }
        return [result, mean, rstd]
    }

    func layerNormGradients(
        _ x: StridedArray, gamma: StridedArray, mean: StridedArray, rstd: StridedArray, g: StridedArray
    ) -> [StridedArray] {
        let (x, scale, g) = (dense(x), dense(gamma), dense(g))
        let n = x.shape[x.shape.count - 1], rows = x.count / n
        let group = rows / (scale.count / n)
        let dx = StridedArray(uninitialized: x.shape, precision: x.precision, on: self)
        let dgamma = StridedArray(uninitialized: gamma.shape, precision: x.precision, on: self)
        let dbeta = StridedArray(uninitialized: gamma.shape, precision: x.precision, on: self)
        func run<S: KernelScalar>(_: S.Type) {
            let (px, pg, ps): (UnsafeMutablePointer<S>, UnsafeMutablePointer<S>, UnsafeMutablePointer<S>) =
                (x.pointer(), g.pointer(), scale.pointer())
            let (pm, pr): (UnsafeMutablePointer<S>, UnsafeMutablePointer<S>) = (mean.pointer(), rstd.pointer())
            let pd: UnsafeMutablePointer<S> = dx.pointer()
            let (pdg, pdb): (UnsafeMutablePointer<S>, UnsafeMutablePointer<S>) = (dgamma.pointer(), dbeta.pointer())
            forGroups(rows, group: group, width: n) { first, count in
                S.layerNormInput(
                    LayerNormCall(
                        rows: count, n: n, x: px + first * n, gamma: ps + first / group * n, group: group,
                        gammaStride: n, epsilon: 0),
                    pm + first, pr + first, pg + first * n, pd + first * n)
            }
            if rows == 0 {
                fill(dgamma, with: 0)
                fill(dbeta, with: 0)
            }
            let groups = group == 0 ? 0 : rows / group
            Self.forRows(groups, width: group * n) { range in
                for item in range {
                    let first = item * group
                    S.layerNormScale(
                        group, n, px + first * n, pm + first, pr + first, pg + first * n, pdg + item * n,
                        pdb + item * n)
                }
            }
        }
        withExtendedLifetime((x, scale, g)) { withScalar(x.precision) { run($0) } }
        return [dx, dgamma, dbeta]
    }

    /// Work items of whole rows that never cross the border of a group.
    private func forGroups(_ rows: Int, group: Int, width: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
        if rows * width <= 2 * Self.grain {
            if rows > 0 { body(0, rows) }
            return
        }
        let height = max(1, Self.grain / width)
        let perGroup = (group + height - 1) / height
        parallelFor(rows / group * perGroup) { item in
            let start = item % perGroup * height
            body(item / perGroup * group + start, min(height, group - start))
        }
    }
}
