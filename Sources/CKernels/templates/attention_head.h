// Attention of one head over few tokens, without masks: scores, weights and all products in one call. Scores lie in
// rows of whole vectors, filled up with keys of weight 0; products read their right factors where they lie, or turned.

// Elements of one row of scores.
CK_INLINE long CK_(head_row)(long keys) { return (keys + L - 1) / L * L; }

// out[i, j] = sum over k < depth of a[i*row + k*tap] b[k, j], for i < rows and j < cols, cols a multiple of L.
static void CK_(head_product)(long rows, long cols, long depth, const T *a, long row, long tap, const T *b, long ldb,
                              T *out, long ldo) {
    long j = 0;
    for (; j + 2 * L <= cols; j += 2 * L)
        CK_(gemm_rows)(false, CK_GEMM_TALL / 2, 2, rows, 2 * L, depth, a, row, tap, b + j, ldb, NULL, 0, out + j, ldo);
    if (j < cols)
        CK_(gemm_rows)(false, CK_GEMM_TALL, 1, rows, L, depth, a, row, tap, b + j, ldb, NULL, 0, out + j, ldo);
}

// x turned, [width, keys], its rows filled up with zeros.
CK_INLINE void CK_(head_turn)(long keys, long width, const T *x, long ldx, T *out) {
    const long row = CK_(head_row)(keys);
    if (row > keys)
        for (long i = 0; i < width; i++) CK_(store)(out + i * row + row - L, CK_(splat)(0));
    CK_(transpose)(keys, width, x, ldx, out, row);
}

// Scores of one row, scaled; -inf after the last key.
CK_INLINE V CK_(head_scores)(long i, long keys, const T *x, T scale) {
    V score = CK_(load)(x + i) * scale;
    return i + L <= keys ? score : CK_(part_of)(score, keys - i, -(T)INFINITY);
}

// x = softmax(scale * x), and what it is computed from again: the largest score and 1 / sum exp(score - top).
CK_INLINE void CK_(head_softmax)(long keys, T *x, T scale, T *top, T *inverse) {
    V most = CK_(splat)(-(T)INFINITY), sum = 0;
    for (long i = 0; i < keys; i += L) {
        V score = CK_(head_scores)(i, keys, x, scale);
        most = CK_(select)(most > score, most, score); // a NaN stays, or makes its own weight and so the sum NaN
    }
    *top = CK_(largest)(most);
    const bool isBlind = *top == -(T)INFINITY;
    if (isBlind) *top = 0;
    for (long i = 0; i < keys; i += L) {
        V weight = CK_(v_exp)(CK_(head_scores)(i, keys, x, scale) - *top);
        CK_(store)(x + i, weight);
        sum += weight;
    }
    *inverse = isBlind ? 0 : 1 / CK_(total)(sum);
    for (long i = 0; i < keys; i += L) CK_(store)(x + i, CK_(load)(x + i) * *inverse);
}

static void CK_(attention_head)(long queries, long keys, long width, long value_width, const T *q, long ldq, const T *k,
                                long ldk, const T *v, long ldv, T scale, T *out, long ldo, T *tops, T *inverses,
                                T *scratch) {
    const long row = CK_(head_row)(keys);
    T *turned = scratch, *x = scratch + width * row;
    CK_(head_turn)(keys, width, k, ldk, turned);
    CK_(head_product)(queries, row, width, q, ldq, 1, turned, row, x, row);
    for (long r = 0; r < queries; r++) CK_(head_softmax)(keys, x + r * row, scale, tops + r, inverses + r);
    CK_(head_product)(queries, value_width, keys, x, row, 1, v, ldv, out, ldo);
}

// From scores x and the cotangent g of the weights p: x = p and g = scale * p * (g - sum p * g).
CK_INLINE void CK_(head_softmax_gradient)(long keys, T *x, T *g, T scale, T top, T inverse) {
    V along = 0;
    for (long i = 0; i < keys; i += L) {
        V p = CK_(v_exp)(CK_(head_scores)(i, keys, x, scale) - top) * inverse;
        CK_(store)(x + i, p);
        along = CK_(fma)(p, CK_(load)(g + i), along);
    }
    const T level = CK_(total)(along);
    for (long i = 0; i < keys; i += L)
        CK_(store)(g + i, CK_(load)(x + i) * (CK_(load)(g + i) - level) * scale);
}

static void CK_(attention_head_gradient)(long queries, long keys, long width, long value_width, const T *q, long ldq,
                                         const T *k, long ldk, const T *v, long ldv, const T *g, long ldg, T scale,
                                         const T *tops, const T *inverses, T *dq, long lddq, T *dk, long lddk, T *dv,
                                         long lddv, T *scratch) {
    const long row = CK_(head_row)(keys);
    T *turned = scratch, *x = turned + (width > value_width ? width : value_width) * row, *gx = x + queries * row;
    CK_(head_turn)(keys, width, k, ldk, turned);
    CK_(head_product)(queries, row, width, q, ldq, 1, turned, row, x, row);
    CK_(head_turn)(keys, value_width, v, ldv, turned);
    CK_(head_product)(queries, row, value_width, g, ldg, 1, turned, row, gx, row);
    for (long r = 0; r < queries; r++)
        CK_(head_softmax_gradient)(keys, x + r * row, gx + r * row, scale, tops[r], inverses[r]);
    CK_(head_product)(queries, width, keys, gx, row, 1, k, ldk, dq, lddq);
    CK_(head_product)(keys, width, queries, gx, 1, row, q, ldq, dk, lddk);
    CK_(head_product)(keys, value_width, queries, x, 1, row, g, ldg, dv, lddv);
}
