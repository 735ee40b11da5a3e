import COpenBLAS

extension CPUBackend {
    /// LAPACK's dsyevd, on one thread.
    func symmetricEigen(_ matrix: StridedArray) -> (values: [Double], vectors: StridedArray)? {
        precondition(matrix.precision == .double, "symmetric eigen: the matrix is in single precision")
        _ = OpenBLAS.isReady
        // LAPACK's matrices lie column by column: what it calls the upper triangle is our lower one.
        let vectors = copy(matrix), n = matrix.shape[0]
        var values = [Double](repeating: 0, count: n)
        guard n > 0 else { return (values, vectors) }
        let a: UnsafeMutablePointer<Double> = vectors.pointer()
        var (size, query, info) = (Int32(n), Int32(-1), Int32(0))
        var (workSize, integerSize) = (0.0, Int32(0))
        dsyevd_("V", "U", &size, a, &size, &values, &workSize, &query, &integerSize, &query, &info)
        guard info == 0 else { return nil }
        var (lwork, liwork) = (Int32(workSize), integerSize)
        var work = [Double](repeating: 0, count: Int(lwork))
        var integers = [Int32](repeating: 0, count: Int(liwork))
        dsyevd_("V", "U", &size, a, &size, &values, &work, &lwork, &integers, &liwork, &info)
        return info == 0 ? (values, vectors) : nil
    }
}
