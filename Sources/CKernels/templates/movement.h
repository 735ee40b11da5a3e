// Copies and transposes.

static void CK_(copy)(long n, const T *x, long sx, T *out, long so) {
    if (n <= 0) return;
    if (sx == 1 && so == 1) {
        memmove(out, x, (size_t)n * sizeof(T));
    } else if (sx == 0 && so == 1) {
        CK_(fill)(n, *x, out);
    } else if (so == 1) {
        for (long i = 0; i < n; i++) out[i] = x[i * sx];
    } else {
        for (long i = 0; i < n; i++) out[i * so] = x[i * sx];
    }
}

// Rows of x, a cache line at a time; the row after the next is fetched meanwhile, for nobody else can foresee it.
static void CK_(gather)(long rows, long n, const T *x, const int32_t *indices, T *out) {
    const long line = 64 / CK_SIZE;
    for (long r = 0; r < rows; r++, out += n) {
        const T *from = x + indices[r] * n, *ahead = x + indices[ck_min(r + 2, rows - 1)] * n;
        long i = 0;
        for (; i + line <= n; i += line) {
            __builtin_prefetch(ahead + i);
            for (long j = i; j < i + line; j += L) CK_(store)(out + j, CK_(load)(from + j));
        }
        for (; i < n; i++) out[i] = from[i];
    }
}

typedef T CK_(eight) __attribute__((ext_vector_type(8)));
typedef T CK_(loose_eight) __attribute__((ext_vector_type(8), aligned(CK_SIZE), may_alias));

// An 8 x 8 tile, in registers.
CK_INLINE void CK_(transpose_tile)(const T *x, long ldx, T *out, long ldo) {
    CK_(eight) r[8], s[8];
    for (int k = 0; k < 8; k++) r[k] = *(const CK_(loose_eight) *)(x + k * ldx);
#pragma clang loop unroll(full)
    for (int k = 0; k < 8; k += 2) { // pairs of elements
        s[k] = __builtin_shufflevector(r[k], r[k + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        s[k + 1] = __builtin_shufflevector(r[k], r[k + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
#pragma clang loop unroll(full)
    for (int k = 0; k < 8; k += 4) // 4 x 4 blocks
        for (int j = 0; j < 2; j++) {
            r[k + j] = __builtin_shufflevector(s[k + j], s[k + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            r[k + j + 2] = __builtin_shufflevector(s[k + j], s[k + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
#pragma clang loop unroll(full)
    for (int k = 0; k < 4; k++) {
        s[k] = __builtin_shufflevector(r[k], r[k + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        s[k + 4] = __builtin_shufflevector(r[k], r[k + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
    for (int k = 0; k < 8; k++) *(CK_(loose_eight) *)(out + k * ldo) = s[k];
}

#if CK_BYTES == 64 && CK_SIZE == 4
// A 16 x 16 tile: whole cache lines on both sides. Stage s exchanges blocks of s x s elements.
CK_INLINE void transpose_lines_f32(const float *x, long ldx, float *out, long ldo) {
    vector_f32 a[16], b[16];
#define CK_STAGE(from, to, s, keep, swap)                                        \
    _Pragma("clang loop unroll(full)") for (int k = 0; k < 16; k++) if (!(k & s)) { \
        to[k] = __builtin_shufflevector(from[k], from[k + s], CK_LANES keep);    \
        to[k + s] = __builtin_shufflevector(from[k], from[k + s], CK_LANES swap); \
    }
#define CK_LANES(...) __VA_ARGS__
    for (int k = 0; k < 16; k++) a[k] = load_f32(x + k * ldx);
    CK_STAGE(a, b, 1, (0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
             (1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
    CK_STAGE(b, a, 2, (0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
             (2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
    CK_STAGE(a, b, 4, (0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
             (4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
    CK_STAGE(b, a, 8, (0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
             (8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
    for (int k = 0; k < 16; k++) store_f32(out + k * ldo, a[k]);
#undef CK_STAGE
#undef CK_LANES
}
#endif

static void CK_(transpose_plain)(long rows, long cols, const T *x, long ldx, T *out, long ldo) {
    for (long j = 0; j < cols; j++)
        for (long i = 0; i < rows; i++) out[j * ldo + i] = x[i * ldx + j];
}

// Whole cache lines on both sides: blocks of 16 x 16, of one tile or four.
static void CK_(transpose)(long rows, long cols, const T *x, long ldx, T *out, long ldo) {
    long wholeRows = rows & ~7L, wholeCols = cols & ~7L;
    for (long j = 0; j < wholeCols; j += 16)
        for (long i = 0; i < wholeRows; i += 16) {
#if CK_BYTES == 64 && CK_SIZE == 4
            if (j + 16 <= wholeCols && i + 16 <= wholeRows) {
                transpose_lines_f32(x + i * ldx + j, ldx, out + j * ldo + i, ldo);
                continue;
            }
#endif
            for (long jj = j; jj < ck_min(j + 16, wholeCols); jj += 8)
                for (long ii = i; ii < ck_min(i + 16, wholeRows); ii += 8)
                    CK_(transpose_tile)(x + ii * ldx + jj, ldx, out + jj * ldo + ii, ldo);
        }
    CK_(transpose_plain)(rows - wholeRows, wholeCols, x + wholeRows * ldx, ldx, out + wholeRows, ldo);
    CK_(transpose_plain)(rows, cols - wholeCols, x + wholeCols, ldx, out + wholeCols * ldo, ldo);
}
