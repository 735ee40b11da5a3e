// out[i] = op(x[i]).

CK_INLINE V CK_(v_negate)(V x) { return -x; }
CK_INLINE V CK_(v_reciprocal)(V x) { return (T)1 / x; }
CK_INLINE V CK_(v_square)(V x) { return x * x; }
CK_INLINE V CK_(v_step)(V x) { return CK_(select)(x > (T)0, CK_(splat)(1), CK_(splat)(0)); }
CK_INLINE V CK_(v_relu)(V x) { return CK_(select)(x <= (T)0, CK_(splat)(0), x); }
CK_INLINE V CK_(v_sign)(V x) {
    V sign = CK_(select)(x < (T)0, CK_(splat)(-1), x); // zeros and NaN stay what they are
    return CK_(select)(x > (T)0, CK_(splat)(1), sign);
}

CK_DEFINE_MAP(map_negate, CK_(v_negate))
CK_DEFINE_MAP(map_exp, CK_(v_exp))
CK_DEFINE_MAP(map_log, CK_(v_log))
CK_DEFINE_MAP(map_sqrt, CK_(v_sqrt))
CK_DEFINE_MAP(map_reciprocal, CK_(v_reciprocal))
CK_DEFINE_MAP(map_tanh, CK_(v_tanh))
CK_DEFINE_MAP(map_erf, CK_(v_erf))
CK_DEFINE_MAP(map_sigmoid, CK_(v_sigmoid))
CK_DEFINE_MAP(map_sin, CK_(v_sin))
CK_DEFINE_MAP(map_cos, CK_(v_cos))
CK_DEFINE_MAP(map_abs, CK_(v_abs))
CK_DEFINE_MAP(map_sign, CK_(v_sign))
CK_DEFINE_MAP(map_relu, CK_(v_relu))
CK_DEFINE_MAP(map_step, CK_(v_step))
CK_DEFINE_MAP(map_square, CK_(v_square))
CK_DEFINE_MAP(map_gelu, CK_(v_gelu))
CK_DEFINE_MAP(map_gelu_tanh, CK_(v_gelu_tanh))
CK_DEFINE_MAP(map_silu, CK_(v_silu))
CK_DEFINE_MAP(map_softplus, CK_(v_softplus))
CK_DEFINE_MAP(map_log1p, CK_(v_log1p))
CK_DEFINE_MAP(map_expm1, CK_(v_expm1))

static void (*const CK_(maps)[CK_UNARY_COUNT])(long, const T *, T *) = {
    [CK_NEGATE] = CK_(map_negate),       [CK_EXP] = CK_(map_exp),       [CK_LOG] = CK_(map_log),
    [CK_SQRT] = CK_(map_sqrt),           [CK_TANH] = CK_(map_tanh),     [CK_ERF] = CK_(map_erf),
    [CK_RECIPROCAL] = CK_(map_reciprocal),
    [CK_SIGMOID] = CK_(map_sigmoid),     [CK_SIN] = CK_(map_sin),       [CK_COS] = CK_(map_cos),
    [CK_ABS] = CK_(map_abs),             [CK_SIGN] = CK_(map_sign),     [CK_RELU] = CK_(map_relu),
    [CK_STEP] = CK_(map_step),           [CK_SQUARE] = CK_(map_square), [CK_GELU] = CK_(map_gelu),
    [CK_GELU_TANH] = CK_(map_gelu_tanh), [CK_SILU] = CK_(map_silu),     [CK_SOFTPLUS] = CK_(map_softplus),
    [CK_LOG1P] = CK_(map_log1p),         [CK_EXPM1] = CK_(map_expm1),
};

// The next m <= CK_CHUNK elements of x as contiguous memory: x itself, or `scratch` filled from it.
CK_INLINE const T *CK_(contiguous)(long m, const T *x, long sx, T *scratch) {
    if (sx == 1) return x;
    for (long i = 0; i < m; i++) scratch[i] = x[i * sx];
    return scratch;
}

static void CK_(fill)(long n, T value, T *out) {
    for (long i = 0; i < n; i++) out[i] = value;
}

static void CK_(map)(ck_unary op, long n, const T *x, long sx, T *out) {
    if (n <= 0) return;
    if (sx == 1) {
        CK_(maps)[op](n, x, out);
    } else if (sx == 0) {
        T value;
        CK_(maps)[op](1, x, &value);
        CK_(fill)(n, value, out);
    } else {
        T scratch[CK_CHUNK];
        for (long i = 0; i < n; i += CK_CHUNK) {
            long m = ck_min(CK_CHUNK, n - i);
            CK_(maps)[op](m, CK_(contiguous)(m, x + i * sx, sx, scratch), out + i);
        }
    }
}

// In vectors: left to the compiler, this and `combine` would run element by element where out is an operand.
static void CK_(affine_run)(long n, const T *x, T scale, T offset, T *out) {
    long i = 0;
    for (; i + L <= n; i += L) CK_(store)(out + i, scale * CK_(load)(x + i) + offset);
    if (i < n) CK_(store_part)(out + i, n - i, scale * CK_(load_part)(x + i, n - i, 1) + offset);
}

static void CK_(affine)(long n, const T *x, long sx, T scale, T offset, T *out) {
    if (sx == 1) {
        CK_(affine_run)(n, x, scale, offset, out);
        return;
    }
    T scratch[CK_CHUNK];
    for (long i = 0; i < n; i += CK_CHUNK) {
        long m = ck_min(CK_CHUNK, n - i);
        CK_(affine_run)(m, CK_(contiguous)(m, x + i * sx, sx, scratch), scale, offset, out + i);
    }
}

static void CK_(combine)(long n, T alpha, const T *x, T beta, const T *y, T *out) {
    long i = 0;
    for (; i + L <= n; i += L) CK_(store)(out + i, alpha * CK_(load)(x + i) + beta * CK_(load)(y + i));
    if (i < n)
        CK_(store_part)(out + i, n - i, alpha * CK_(load_part)(x + i, n - i, 1) +
                                            beta * CK_(load_part)(y + i, n - i, 1));
}
