// Reductions over rows: a column's sum is sequential, in double precision, so that its bytes depend on nothing
// but its own elements.

// `count` neighbouring vectors of columns (a constant where this is inlined).
CK_INLINE void CK_(sum_columns)(int count, long rows, const T *x, long ldx, T *out) {
    W sum[4] = {0};
    for (long i = 0; i < rows; i++, x += ldx)
        for (int k = 0; k < count; k++) sum[k] += CK_WIDEN(CK_(load)(x + k * L));
    for (int k = 0; k < count; k++) CK_(store)(out + k * L, CK_NARROW(sum[k]));
}

static void CK_(sum_rows)(long rows, long cols, const T *x, long ldx, T *out) {
    long j = 0;
    for (; j + 4 * L <= cols; j += 4 * L) CK_(sum_columns)(4, rows, x + j, ldx, out + j);
    for (; j + L <= cols; j += L) CK_(sum_columns)(1, rows, x + j, ldx, out + j);
    if (j == cols) return;
    W sum = 0;
    x += j;
    for (long i = 0; i < rows; i++, x += ldx) sum += CK_WIDEN(CK_(load_part)(x, cols - j, 0));
    CK_(store_part)(out + j, cols - j, CK_NARROW(sum));
}
