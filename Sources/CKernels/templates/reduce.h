// Reductions of one sequence. Element i is added to double-precision lane i mod 4 L, whatever its stride; the
// lanes are then folded in halves: the order depends on the instruction set and on n alone.

typedef struct {
    W lanes[4];
} CK_(accumulator);

CK_INLINE double CK_(settle)(const CK_(accumulator) *sum) {
    W lanes = (sum->lanes[0] + sum->lanes[1]) + (sum->lanes[2] + sum->lanes[3]);
    return CK_(total_wide)(&lanes);
}

// Adds x[i] for i < n; all but the last of several calls must have n a multiple of 4 L.
CK_INLINE void CK_(sum_run)(CK_(accumulator) *sum, long n, const T *x) {
    long i = 0;
    for (; i + 4 * L <= n; i += 4 * L)
        for (int k = 0; k < 4; k++) sum->lanes[k] += CK_WIDEN(CK_(load)(x + i + k * L));
    for (int k = 0; i < n; i += L, k++)
        sum->lanes[k] += CK_WIDEN(i + L <= n ? CK_(load)(x + i) : CK_(load_part)(x + i, n - i, 0));
}

static double CK_(sum)(long n, const T *x, long sx) {
    CK_(accumulator) sum = {{0}};
    if (sx == 1) {
        CK_(sum_run)(&sum, n, x);
    } else {
        T scratch[CK_CHUNK];
        for (long i = 0; i < n; i += CK_CHUNK) {
            long m = ck_min(CK_CHUNK, n - i);
            CK_(sum_run)(&sum, m, CK_(contiguous)(m, x + i * sx, sx, scratch));
        }
    }
    return CK_(settle)(&sum);
}

static double CK_(dot)(long n, const T *a, const T *b) {
    CK_(accumulator) sum = {{0}};
    long i = 0;
    for (; i + 4 * L <= n; i += 4 * L)
        for (int k = 0; k < 4; k++)
            sum.lanes[k] += CK_WIDEN(CK_(load)(a + i + k * L)) * CK_WIDEN(CK_(load)(b + i + k * L));
    for (int k = 0; i < n; i += L, k++) {
        V left = i + L <= n ? CK_(load)(a + i) : CK_(load_part)(a + i, n - i, 0);
        V right = i + L <= n ? CK_(load)(b + i) : CK_(load_part)(b + i, n - i, 0);
        sum.lanes[k] += CK_WIDEN(left) * CK_WIDEN(right);
    }
    return CK_(settle)(&sum);
}

// The largest of x[i], i < n, and whether one of them is NaN (then the largest means nothing).
CK_INLINE T CK_(max_run)(long n, const T *x, bool *isNaN) {
    V best = CK_(splat)(-(T)INFINITY), next = best;
    I odd = (I)0;
    long i = 0;
    for (; i + 2 * L <= n; i += 2 * L) {
        V a = CK_(load)(x + i), b = CK_(load)(x + i + L);
        best = CK_(select)(a > best, a, best);
        next = CK_(select)(b > next, b, next);
        odd |= (a != a) | (b != b);
    }
    for (; i < n; i += L) {
        V a = i + L <= n ? CK_(load)(x + i) : CK_(load_part)(x + i, n - i, -(T)INFINITY);
        best = CK_(select)(a > best, a, best);
        odd |= a != a;
    }
    *isNaN = CK_(any)(odd);
    return CK_(largest)(CK_(select)(next > best, next, best));
}

static T CK_(max)(long n, const T *x, long sx) {
    T scratch[CK_CHUNK], best = -(T)INFINITY;
    bool isNaN = false;
    long chunk = sx == 1 ? n : CK_CHUNK;
    for (long i = 0; i < n && !isNaN; i += chunk) {
        long m = ck_min(chunk, n - i);
        T value = CK_(max_run)(m, CK_(contiguous)(m, x + i * sx, sx, scratch), &isNaN);
        best = value > best ? value : best;
    }
    return isNaN ? (T)NAN : best;
}

// NaN counts as the largest, as in NumPy and PyTorch.
static void CK_(argmax)(long rows, long n, const T *x, long ldx, int32_t *out) {
    for (long r = 0; r < rows; r++, x += ldx) {
        bool isNaN;
        T best = CK_(max_run)(n, x, &isNaN);
        long j = 0;
        while (j < n && (isNaN ? x[j] == x[j] : x[j] != best)) j++;
        out[r] = (int32_t)j;
    }
}
