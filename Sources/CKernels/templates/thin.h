// Matrix products with few rows on the left: bound by reading the right factor, which a general product would first
// copy into panels. An element's sum does not depend on the number of rows beside it.

// Columns of the right factor, or elements of its rows, that stay in the first cache with the left factor's.
#define CK_THIN_PANEL 2048

// out[i, j] (+)= sum over k < depth of a[i, k] b[j, k], for `rows` by `cols` (constant where this is inlined) elements.
CK_INLINE void CK_(thin_dots)(int rows, int cols, bool add, long depth, const T *a, long lda, const T *b, long ldb,
                              T *out, long ldo) {
    V sum[CK_THIN_ROWS][CK_THIN_COLS] = {{0}};
    long k = 0;
    for (; k + L <= depth; k += L)
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < cols; j++)
                sum[i][j] = CK_(fma)(CK_(load)(a + i * lda + k), CK_(load)(b + j * ldb + k), sum[i][j]);
    if (k < depth)
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < cols; j++)
                sum[i][j] = CK_(fma)(CK_(load_part)(a + i * lda + k, depth - k, 0),
                                     CK_(load_part)(b + j * ldb + k, depth - k, 0), sum[i][j]);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) {
            T total = CK_(total)(sum[i][j]);
            out[i * ldo + j] = add ? out[i * ldo + j] + total : total;
        }
}

CK_INLINE void CK_(thin_block)(int rows, bool add, long cols, long depth, const T *a, long lda, const T *b, long ldb,
                               T *out, long ldo) {
    long j = 0;
    for (; j + CK_THIN_COLS <= cols; j += CK_THIN_COLS)
        CK_(thin_dots)(rows, CK_THIN_COLS, add, depth, a, lda, b + j * ldb, ldb, out + j, ldo);
    for (; j < cols; j++) CK_(thin_dots)(rows, 1, add, depth, a, lda, b + j * ldb, ldb, out + j, ldo);
}

static void CK_(thin_transposed)(bool add, long rows, long cols, long depth, const T *a, long lda, const T *b, long ldb,
                                 T *out, long ldo) {
    const long width = 8 * CK_THIN_COLS;
    for (long k = 0; k < depth; k += CK_THIN_PANEL, add = true)
        for (long j = 0; j < cols; j += width) {
            long part = ck_min(CK_THIN_PANEL, depth - k), some = ck_min(width, cols - j), i = 0;
            const T *right = b + j * ldb + k;
            for (; i + CK_THIN_ROWS <= rows; i += CK_THIN_ROWS)
                CK_(thin_block)(CK_THIN_ROWS, add, some, part, a + i * lda + k, lda, right, ldb, out + i * ldo + j, ldo);
            for (; i < rows; i++)
                CK_(thin_block)(1, add, some, part, a + i * lda + k, lda, right, ldb, out + i * ldo + j, ldo);
        }
}

// out[i, j] (+)= sum over k < `taps` of a[i, k] b[k, j], for `rows` (both constant where this is inlined) and all j.
CK_INLINE void CK_(thin_sweep)(int rows, int taps, bool add, long cols, const T *a, long lda, const T *b, long ldb,
                               T *out, long ldo) {
    V left[4][4];
    for (int i = 0; i < rows; i++)
        for (int k = 0; k < taps; k++) left[i][k] = CK_(splat)(a[i * lda + k]);
    long j = 0;
    for (; j + L <= cols; j += L) {
        V right[4];
        for (int k = 0; k < taps; k++) right[k] = CK_(load)(b + k * ldb + j);
        for (int i = 0; i < rows; i++) {
            V sum = add ? CK_(load)(out + i * ldo + j) : CK_(splat)(0);
            for (int k = 0; k < taps; k++) sum = CK_(fma)(left[i][k], right[k], sum);
            CK_(store)(out + i * ldo + j, sum);
        }
    }
    if (j == cols) return;
    for (int i = 0; i < rows; i++) {
        V sum = add ? CK_(load_part)(out + i * ldo + j, cols - j, 0) : CK_(splat)(0);
        for (int k = 0; k < taps; k++) sum = CK_(fma)(left[i][k], CK_(load_part)(b + k * ldb + j, cols - j, 0), sum);
        CK_(store_part)(out + i * ldo + j, cols - j, sum);
    }
}

CK_INLINE void CK_(thin_rows)(int taps, bool add, long rows, long cols, const T *a, long lda, const T *b, long ldb,
                              T *out, long ldo) {
    long i = 0;
    for (; i + 4 <= rows; i += 4) CK_(thin_sweep)(4, taps, add, cols, a + i * lda, lda, b, ldb, out + i * ldo, ldo);
    for (; i < rows; i++) CK_(thin_sweep)(1, taps, add, cols, a + i * lda, lda, b, ldb, out + i * ldo, ldo);
}

static void CK_(thin)(bool add, long rows, long cols, long depth, const T *a, long lda, const T *b, long ldb, T *out,
                      long ldo) {
    for (long j = 0; j < cols; j += CK_THIN_PANEL / 2) {
        long part = ck_min(CK_THIN_PANEL / 2, cols - j), k = 0;
        bool more = add;
        for (; k + 4 <= depth; k += 4, more = true)
            CK_(thin_rows)(4, more, rows, part, a + k, lda, b + k * ldb + j, ldb, out + j, ldo);
        for (; k < depth; k++, more = true)
            CK_(thin_rows)(1, more, rows, part, a + k, lda, b + k * ldb + j, ldb, out + j, ldo);
    }
}
#undef CK_THIN_PANEL
