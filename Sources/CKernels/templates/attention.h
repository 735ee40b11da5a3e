// Rows of attention: softmax over keys, and its gradient from the scores computed again.

// Added to the score of a key that a query may not see; such a key has weight 0 whatever its score.
#define CK_MASKED ((T)-1e30)
#define CK_AT(p, rest) (i + L <= n ? CK_(load)((p) + i) : CK_(load_part)((p) + i, n - i, rest))
#define CK_PUT(p, v) (i + L <= n ? CK_(store)((p) + i, v) : CK_(store_part)((p) + i, n - i, v))

// x = scale * x + bias, -inf where the bias masks; a bias that is NaN masks nothing, and makes NaN.
CK_INLINE void CK_(attention_scores)(long n, T *x, T scale, const T *bias) {
    for (long i = 0; i < n; i += L) {
        V score = CK_AT(x, 0) * scale;
        if (bias) {
            V shift = CK_AT(bias, 0);
            score = CK_(select)(shift <= CK_MASKED, CK_(splat)(-(T)INFINITY), score + shift);
        }
        CK_PUT(x, score);
    }
}

// x = exp(x - top) and the sum of it.
CK_INLINE T CK_(attention_exponentials)(long n, T *x, T top) {
    double sum = 0;
    for (long i = 0; i < n;) {
        V a = 0;
        for (long end = ck_min(n, i + CK_(block)); i < end; i += L) {
            V e = CK_(v_exp)(CK_AT(x, -(T)INFINITY) - top);
            CK_PUT(x, e);
            a += i + L <= n ? e : CK_(load_part)(x + i, n - i, 0);
        }
        sum += CK_(total)(a);
    }
    return (T)sum;
}

// The keys that row r of a causal attention sees: 0 ... first + r, all where `first` is negative.
CK_INLINE long CK_(attention_keys)(long keys, long first, long r) {
    return first < 0 ? keys : ck_min(keys, first + r + 1);
}

static void CK_(attention_softmax)(long rows, long keys, T *x, T scale, const T *bias, long ldb, long first, T *tops,
                                   T *inverses) {
    for (long r = 0; r < rows; r++, x += keys) {
        long n = CK_(attention_keys)(keys, first, r);
        CK_(attention_scores)(n, x, scale, bias ? bias + r * ldb : NULL);
        bool isNaN;
        T top = CK_(max_run)(n, x, &isNaN);
        if (isNaN) top = (T)NAN;
        bool isBlind = top == -(T)INFINITY;
        tops[r] = isBlind ? 0 : top;
        inverses[r] = isBlind ? 0 : 1 / CK_(attention_exponentials)(n, x, top);
        CK_(affine_run)(isBlind ? 0 : n, x, inverses[r], 0, x);
        CK_(fill)(keys - (isBlind ? 0 : n), 0, x + (isBlind ? 0 : n));
    }
}

// The weights p of a row, from its scores, and the sum of p * g.
CK_INLINE T CK_(attention_weights)(long n, T *x, T top, T inverse, const T *g) {
    double sum = 0;
    for (long i = 0; i < n;) {
        V a = 0;
        for (long end = ck_min(n, i + CK_(block)); i < end; i += L) {
            V p = CK_(v_exp)(CK_AT(x, -(T)INFINITY) - top) * inverse;
            CK_PUT(x, p);
            a = CK_(fma)(p, CK_AT(g, 0), a);
        }
        sum += CK_(total)(a);
    }
    return (T)sum;
}

static void CK_(attention_softmax_gradient)(long rows, long keys, T *x, T *g, T scale, const T *bias, long ldb,
                                            long first, const T *tops, const T *inverses) {
    for (long r = 0; r < rows; r++, x += keys, g += keys) {
        long n = CK_(attention_keys)(keys, first, r);
        CK_(attention_scores)(n, x, scale, bias ? bias + r * ldb : NULL);
        T level = CK_(attention_weights)(n, x, tops[r], inverses[r], g);
        for (long i = 0; i < n; i += L) {
            V derivative = CK_AT(x, 0) * (CK_AT(g, 0) - level) * scale;
            CK_PUT(g, derivative);
        }
        CK_(fill)(keys - n, 0, x + n);
        CK_(fill)(keys - n, 0, g + n);
    }
}
#undef CK_AT
#undef CK_PUT
#undef CK_MASKED
