// Scans of one row of costs in a linear assignment, in double precision; n is a multiple of 8. Nothing is rounded but
// differences, so every set gives the same numbers.

CK_INLINE V v_least(V a, V b) {
#if CK_BYTES == 64
    return (V)_mm512_min_pd((__m512d)a, (__m512d)b);
#elif CK_BYTES == 32
    return (V)_mm256_min_pd((__m256d)a, (__m256d)b);
#else
    return CK_(select)(a < b, a, b);
#endif
}

CK_INLINE V v_most(V a, V b) {
#if CK_BYTES == 64
    return (V)_mm512_max_pd((__m512d)a, (__m512d)b);
#elif CK_BYTES == 32
    return (V)_mm256_max_pd((__m256d)a, (__m256d)b);
#else
    return CK_(select)(a > b, a, b);
#endif
}

// One more vector of differences: the least and the second least of each lane.
CK_INLINE void two_least_step(const double *a, const double *b, V *least, V *second) {
    V next = CK_(load)(a) - CK_(load)(b);
    *second = v_least(v_most(*least, next), *second);
    *least = v_least(next, *least);
}

static void two_least_f64(long n, const double *a, const double *b, double *out) {
    V least[2] = {CK_(splat)(INFINITY), CK_(splat)(INFINITY)}, second[2] = {least[0], least[0]};
    long i = 0;
    for (; i + 2 * L <= n; i += 2 * L) {
        two_least_step(a + i, b + i, &least[0], &second[0]);
        two_least_step(a + i + L, b + i + L, &least[1], &second[1]);
    }
    for (; i < n; i += L) two_least_step(a + i, b + i, &least[0], &second[0]);
    second[0] = v_least(v_least(second[0], second[1]), v_most(least[0], least[1]));
    least[0] = v_least(least[0], least[1]);
    double first = INFINITY, then = INFINITY;
    for (int k = 0; k < L; k++) {
        double low = least[0][k], high = second[0][k];
        then = low < first ? (first < high ? first : high) : (low < then ? low : then);
        first = low < first ? low : first;
    }
    out[0] = first;
    out[1] = then;
}

static double relax_f64(long n, const double *cost, const double *dual, double shift, double *length) {
    const V offset = CK_(splat)(shift);
    V least[2] = {CK_(splat)(INFINITY), CK_(splat)(INFINITY)};
    for (long i = 0, k = 0; i < n; i += L, k ^= 1) {
        V shorter = v_least((CK_(load)(cost + i) - CK_(load)(dual + i)) - offset, CK_(load)(length + i));
        CK_(store)(length + i, shorter);
        least[k] = v_least(shorter, least[k]);
    }
    V all = v_least(least[0], least[1]);
    double best = INFINITY;
    for (int k = 0; k < L; k++) best = all[k] < best ? all[k] : best;
    return best;
}
