// AdamW (Loshchilov & Hutter 2019), in one pass.

typedef struct {
    T keep, step, scale, beta1, fresh1, beta2, fresh2, eps;
} CK_(adamw_rates);

CK_INLINE CK_(adamw_rates) CK_(adamw_rates_of)(const ck_adamw *step) {
    return (CK_(adamw_rates)){
        .keep = (T)(1 - step->rate * step->decay), .step = (T)(step->rate / step->correction1),
        .scale = (T)(1 / sqrt(step->correction2)), .beta1 = (T)step->beta1, .fresh1 = (T)(1 - step->beta1),
        .beta2 = (T)step->beta2, .fresh2 = (T)(1 - step->beta2), .eps = (T)step->epsilon,
    };
}

CK_INLINE V CK_(adamw_step)(const CK_(adamw_rates) *c, V p, V g, V *m, V *v) {
    *m = c->beta1 * *m + c->fresh1 * g;
    *v = c->beta2 * *v + c->fresh2 * (g * g);
    V denominator = CK_(v_sqrt)(*v) * c->scale + c->eps;
    return p * c->keep - c->step * (*m / denominator);
}

// One vector of parameters, or its first n < L elements.
CK_INLINE void CK_(adamw_full)(const CK_(adamw_rates) *c, T *p, V g, T *m, T *v) {
    V first = CK_(load)(m), second = CK_(load)(v);
    CK_(store)(p, CK_(adamw_step)(c, CK_(load)(p), g, &first, &second));
    CK_(store)(m, first);
    CK_(store)(v, second);
}

CK_INLINE void CK_(adamw_part)(const CK_(adamw_rates) *c, long n, T *p, V g, T *m, T *v) {
    V first = CK_(load_part)(m, n, 1), second = CK_(load_part)(v, n, 1);
    CK_(store_part)(p, n, CK_(adamw_step)(c, CK_(load_part)(p, n, 1), g, &first, &second));
    CK_(store_part)(m, n, first);
    CK_(store_part)(v, n, second);
}

static void CK_(adamw)(long n, T *p, const T *g, T *m, T *v, const ck_adamw *step) {
    const CK_(adamw_rates) c = CK_(adamw_rates_of)(step);
    long i = 0;
    for (; i + L <= n; i += L) CK_(adamw_full)(&c, p + i, CK_(load)(g + i), m + i, v + i);
    if (i < n) CK_(adamw_part)(&c, n - i, p + i, CK_(load_part)(g + i, n - i, 1), m + i, v + i);
}

// `height` rows by `width` vectors (both constant where this is inlined): the product stays in registers.
CK_INLINE void CK_(adamw_tile)(int height, int width, const CK_(adamw_rates) *c, long depth, const T *g, long ldg,
                               const T *x, long ldx, T *p, T *m, T *v, long ldp) {
    V sum[6][4] = {{0}};
    // What the next tiles of these rows update is fetched meanwhile.
#pragma clang loop unroll(full)
    for (int i = 0; i < height; i++)
#pragma clang loop unroll(full)
        for (int j = 0; j < width; j++) {
            long ahead = i * ldp + j * L + 8 * width * L;
            __builtin_prefetch(p + ahead, 1);
            __builtin_prefetch(m + ahead, 1);
            __builtin_prefetch(v + ahead, 1);
        }
    for (long k = 0; k < depth; k++, g += ldg, x += ldx)
#pragma clang loop unroll(full) // or the sums leave the registers
        for (int i = 0; i < height; i++)
#pragma clang loop unroll(full)
            for (int j = 0; j < width; j++) sum[i][j] = CK_(fma)(CK_(splat)(g[i]), CK_(load)(x + j * L), sum[i][j]);
#pragma clang loop unroll(full)
    for (int i = 0; i < height; i++)
#pragma clang loop unroll(full)
        for (int j = 0; j < width; j++) {
            long at = i * ldp + j * L;
            CK_(adamw_full)(c, p + at, sum[i][j], m + at, v + at);
        }
}

// The last n < L columns of one row.
CK_INLINE void CK_(adamw_edge)(const CK_(adamw_rates) *c, long depth, const T *g, long ldg, const T *x, long ldx, long n,
                               T *p, T *m, T *v) {
    V sum = 0;
    for (long k = 0; k < depth; k++) sum = CK_(fma)(CK_(splat)(g[k * ldg]), CK_(load_part)(x + k * ldx, n, 0), sum);
    CK_(adamw_part)(c, n, p, sum, m, v);
}

// `height` whole rows, `width` vectors of them at a time.
CK_INLINE void CK_(adamw_rows)(int height, int width, const CK_(adamw_rates) *c, long cols, long depth, const T *g,
                               long ldg, const T *x, long ldx, T *p, T *m, T *v, long ldp) {
    long j = 0;
    for (; j + width * L <= cols; j += width * L)
        CK_(adamw_tile)(height, width, c, depth, g, ldg, x + j, ldx, p + j, m + j, v + j, ldp);
    for (; j + L <= cols; j += L) CK_(adamw_tile)(height, 1, c, depth, g, ldg, x + j, ldx, p + j, m + j, v + j, ldp);
    if (j == cols) return;
    for (int i = 0; i < height; i++) {
        long at = i * ldp + j;
        CK_(adamw_edge)(c, depth, g + i, ldg, x + j, ldx, cols - j, p + at, m + at, v + at);
    }
}

// Rows of the next tile: 6 keep the multipliers busy; of 8 rows that are left two tiles of 4 do, 6 and 2 would not. Few
// sums are bound by what they update: 2 rows, of whole cache lines each.
CK_INLINE long CK_(adamw_height)(long left, long depth) {
    if (depth <= 16 || left < 4) return ck_min(left, 2);
    return left < 6 || left == 8 ? 4 : 6;
}

static void CK_(adamw_product)(long rows, long cols, long depth, const T *g, long ldg, const T *x, long ldx, T *p, T *m,
                               T *v, long ldp, const ck_adamw *step) {
    const CK_(adamw_rates) c = CK_(adamw_rates_of)(step);
    for (long i = 0, some; i < rows; i += some, p += some * ldp, m += some * ldp, v += some * ldp) {
        some = CK_(adamw_height)(rows - i, depth);
        switch (some) {
        case 6: CK_(adamw_rows)(6, CK_TILE_WIDTH, &c, cols, depth, g + i, ldg, x, ldx, p, m, v, ldp); break;
        case 4: CK_(adamw_rows)(4, CK_TILE_WIDTH, &c, cols, depth, g + i, ldg, x, ldx, p, m, v, ldp); break;
        case 2: CK_(adamw_rows)(2, 4, &c, cols, depth, g + i, ldg, x, ldx, p, m, v, ldp); break;
        default: CK_(adamw_rows)(1, 4, &c, cols, depth, g + i, ldg, x, ldx, p, m, v, ldp);
        }
    }
}
