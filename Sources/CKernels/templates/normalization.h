// Layer normalisation and log-softmax, by row. Sums run in lanes of T over blocks of CK_BLOCK elements, and in
// double precision over blocks.
enum { CK_(block) = 2048 };

// Vectors i, i + L ... of a block, the last one filled up with `rest`.
#define CK_AT(p, rest) (i + L <= n ? CK_(load)((p) + i) : CK_(load_part)((p) + i, n - i, rest))

CK_INLINE double CK_(row_sum)(long n, const T *x) {
    double sum = 0;
    for (long i = 0; i < n;) {
        V a = 0, b = 0;
        long end = ck_min(n, i + CK_(block));
        for (; i + 2 * L <= end; i += 2 * L) {
            a += CK_(load)(x + i);
            b += CK_(load)(x + i + L);
        }
        for (; i < end; i += L) a += CK_AT(x, 0);
        sum += CK_(total)(a + b);
    }
    return sum;
}

CK_INLINE double CK_(row_squares)(long n, const T *x, T mean) {
    double sum = 0;
    for (long i = 0; i < n;) {
        V a = 0, b = 0;
        long end = ck_min(n, i + CK_(block));
        for (; i + 2 * L <= end; i += 2 * L) {
            V c = CK_(load)(x + i) - mean, d = CK_(load)(x + i + L) - mean;
            a = CK_(fma)(c, c, a);
            b = CK_(fma)(d, d, b);
        }
        for (; i < end; i += L) {
            V c = CK_AT(x, mean) - mean;
            a = CK_(fma)(c, c, a);
        }
        sum += CK_(total)(a + b);
    }
    return sum;
}

static void CK_(layer_norm)(long rows, long n, const T *x, const T *gamma, const T *beta, long group, long sg,
                            T eps, T *out, T *mean, T *rstd) {
    for (long r = 0; r < rows; r++, x += n, out += n) {
        const T *scale = gamma + (r / group) * sg, *shift = beta + (r / group) * sg;
        T middle = (T)(CK_(row_sum)(n, x) / (double)n);
        T inverse = (T)(1 / sqrt(CK_(row_squares)(n, x, middle) / (double)n + (double)eps));
        long i = 0;
        for (; i + L <= n; i += L)
            CK_(store)(out + i, CK_(fma)((CK_(load)(x + i) - middle) * inverse, CK_(load)(scale + i),
                                         CK_(load)(shift + i)));
        if (i < n)
            CK_(store_part)(out + i, n - i, CK_(fma)((CK_AT(x, 0) - middle) * inverse, CK_AT(scale, 0),
                                                     CK_AT(shift, 0)));
        mean[r] = middle;
        rstd[r] = inverse;
    }
}

// dx = rstd * (h - mean h - xhat * mean(h * xhat)), h = g * gamma, xhat = (x - mean) * rstd.
CK_INLINE void CK_(layer_norm_dx_row)(long n, const T *x, const T *gamma, T mean, T rstd, const T *g, T *dx) {
    double sum = 0, along = 0;
    for (long i = 0; i < n;) {
        V a = 0, b = 0;
        for (long end = ck_min(n, i + CK_(block)); i < end; i += L) {
            V h = CK_AT(g, 0) * CK_AT(gamma, 0);
            a += h;
            b = CK_(fma)(h, (CK_AT(x, mean) - mean) * rstd, b);
        }
        sum += CK_(total)(a);
        along += CK_(total)(b);
    }
    T level = (T)(sum / (double)n), trend = (T)(along / (double)n);
    for (long i = 0; i < n; i += L) {
        V hat = (CK_AT(x, mean) - mean) * rstd;
        V value = (CK_AT(g, 0) * CK_AT(gamma, 0) - level - hat * trend) * rstd;
        if (i + L <= n) CK_(store)(dx + i, value);
        else CK_(store_part)(dx + i, n - i, value);
    }
}

static void CK_(layer_norm_dx)(long rows, long n, const T *x, const T *gamma, long group, long sg, const T *mean,
                               const T *rstd, const T *g, T *dx) {
    for (long r = 0; r < rows; r++)
        CK_(layer_norm_dx_row)(n, x + r * n, gamma + (r / group) * sg, mean[r], rstd[r], g + r * n, dx + r * n);
}

static void CK_(layer_norm_dgamma)(long rows, long n, const T *x, const T *mean, const T *rstd, const T *g,
                                   T *dgamma, T *dbeta) {
    for (long i = 0; i < n; i += L) {
        W along = 0, sum = 0;
        for (long r = 0; r < rows; r++) {
            V cotangent = CK_AT(g + r * n, 0);
            along += CK_WIDEN(cotangent * ((CK_AT(x + r * n, 0) - mean[r]) * rstd[r]));
            sum += CK_WIDEN(cotangent);
        }
        if (i + L <= n) {
            CK_(store)(dgamma + i, CK_NARROW(along));
            CK_(store)(dbeta + i, CK_NARROW(sum));
        } else {
            CK_(store_part)(dgamma + i, n - i, CK_NARROW(along));
            CK_(store_part)(dbeta + i, n - i, CK_NARROW(sum));
        }
    }
}

// Sum of exp(x - top), top being the largest, which may be NaN.
CK_INLINE double CK_(row_exponentials)(long n, const T *x, T top) {
    double sum = 0;
    for (long i = 0; i < n;) {
        V a = 0;
        for (long end = ck_min(n, i + CK_(block)); i < end; i += L)
            a += CK_(v_exp)(CK_AT(x, -(T)INFINITY) - top);
        sum += CK_(total)(a);
    }
    return sum;
}

// Rows in batches, so that one vector takes the logarithms of several rows.
static void CK_(log_softmax)(long rows, long n, const T *x, T *out) {
    T tops[64], sums[64];
    for (long first = 0; first < rows; first += 64, x += 64 * n, out += 64 * n) {
        long count = ck_min(64, rows - first);
        for (long r = 0; r < count; r++) {
            bool isNaN;
            T top = CK_(max_run)(n, x + r * n, &isNaN);
            tops[r] = isNaN ? (T)NAN : top;
            sums[r] = (T)CK_(row_exponentials)(n, x + r * n, tops[r]);
        }
        CK_(map_log)(count, sums, sums);
        for (long r = 0; r < count; r++)
            for (long i = 0; i < n; i += L) {
                V value = (CK_AT(x + r * n, 0) - tops[r]) - sums[r];
                if (i + L <= n) CK_(store)(out + r * n + i, value);
                else CK_(store_part)(out + r * n + i, n - i, value);
            }
    }
}
#undef CK_AT
