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

// `height` rows by `cols` vectors (both constant where this is inlined), `width` columns: the product stays in registers.
CK_INLINE void CK_(adamw_tile)(int height, int cols, bool whole, const CK_(adamw_rates) *c, long width, long depth, const T *g,
                               long ldg, const T *x, T *p, T *m, T *v, long ldp) {
    V sum[CK_GEMM_TALL][CK_GEMM_COLS] = {{0}};
    // What the next panel updates is fetched meanwhile, a row at a time: all at once would fill the miss buffers.
    const long part = (depth + height - 1) / height;
    for (int i = 0; i < height; i++) {
        for (int j = 0; j < cols; j++) {
            long ahead = i * ldp + (cols + j) * L;
            __builtin_prefetch(p + ahead, 1);
            __builtin_prefetch(m + ahead, 1);
            __builtin_prefetch(v + ahead, 1);
        }
        long first = i * part;
        if (first < depth)
            CK_(gemm_sums)(height, cols, ck_min(part, depth - first), g + first * ldg, 1, ldg, x + first * cols * L, sum);
    }
    const long rest = width - (cols - 1) * L;
#pragma clang loop unroll(full)
    for (int i = 0; i < height; i++)
#pragma clang loop unroll(full)
        for (int j = 0; j < cols; j++) {
            long at = i * ldp + j * L;
            if (!whole && j + 1 == cols)
                CK_(adamw_part)(c, rest, p + at, sum[i][j], m + at, v + at);
            else
                CK_(adamw_full)(c, p + at, sum[i][j], m + at, v + at);
        }
}

// `width` columns of all rows.
CK_INLINE void CK_(adamw_panel)(int tall, int cols, bool whole, const CK_(adamw_rates) *c, long rows, long width, long depth,
                                const T *g, long ldg, const T *x, long ldx, T *panel, T *p, T *m, T *v, long ldp) {
    CK_(gemm_pack)(cols, false, depth, width, x, ldx, panel);
    long i = 0;
    for (; i + tall <= rows; i += tall)
        CK_(adamw_tile)(tall, cols, whole, c, width, depth, g + i, ldg, panel, p + i * ldp, m + i * ldp, v + i * ldp, ldp);
    for (; i + 4 <= rows; i += 4)
        CK_(adamw_tile)(4, cols, whole, c, width, depth, g + i, ldg, panel, p + i * ldp, m + i * ldp, v + i * ldp, ldp);
    for (; i < rows; i++)
        CK_(adamw_tile)(1, cols, whole, c, width, depth, g + i, ldg, panel, p + i * ldp, m + i * ldp, v + i * ldp, ldp);
}

// At most CK_ADAMW_DEPTH taps, so that the sums need not leave the registers.
static void CK_(adamw_product)(long rows, long cols, long depth, const T *g, long ldg, const T *x, long ldx, T *p, T *m,
                               T *v, long ldp, const ck_adamw *step) {
    T panel[CK_ADAMW_DEPTH * CK_GEMM_WIDTH] __attribute__((aligned(64)));
    const CK_(adamw_rates) c = CK_(adamw_rates_of)(step);
    for (long j = 0; j < cols; j += CK_GEMM_WIDTH) {
        long width = ck_min(CK_GEMM_WIDTH, cols - j);
        if (width == CK_GEMM_WIDTH)
            CK_(adamw_panel)(CK_GEMM_TALL / 2, 2, true, &c, rows, width, depth, g, ldg, x + j, ldx, panel, p + j, m + j, v + j, ldp);
        else if (width > L)
            CK_(adamw_panel)(CK_GEMM_TALL / 2, 2, false, &c, rows, width, depth, g, ldg, x + j, ldx, panel, p + j, m + j, v + j, ldp);
        else
            CK_(adamw_panel)(CK_GEMM_TALL, 1, false, &c, rows, width, depth, g, ldg, x + j, ldx, panel, p + j, m + j, v + j, ldp);
    }
}
