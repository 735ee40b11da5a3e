// Max pooling, and taking and putting elements by index.

// A window's largest element and its place, the first of equals; NaN wins, as in PyTorch.
CK_INLINE void CK_(largest_in_window)(const ck_pooling *c, const T *x, long i, long j, T *value, int32_t *place) {
    T best = -(T)INFINITY;
    long found = c->row_starts[i] * c->width + c->column_starts[j];
    for (long y = c->row_starts[i]; y < c->row_ends[i]; y += c->dilation_y)
        for (long k = c->column_starts[j]; k < c->column_ends[j]; k += c->dilation_x) {
            T candidate = x[y * c->width + k];
            if (candidate > best || candidate != candidate) {
                best = candidate;
                found = y * c->width + k;
            }
        }
    *value = best;
    *place = (int32_t)found;
}

static void CK_(max_pool)(const ck_pooling *c, long planes, const T *x, T *out, int32_t *places) {
    for (long p = 0; p < planes; p++, x += c->height * c->width)
        for (long i = 0; i < c->out_height; i++)
            for (long j = 0; j < c->out_width; j++) {
                int32_t place;
                CK_(largest_in_window)(c, x, i, j, out++, &place);
                if (places) *places++ = place;
            }
}

#undef CK_EVENS
#undef CK_ODDS
#if CK_BYTES / CK_SIZE == 16
#define CK_EVENS(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define CK_ODDS(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#elif CK_BYTES / CK_SIZE == 8
#define CK_EVENS(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define CK_ODDS(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#elif CK_BYTES / CK_SIZE == 4
#define CK_EVENS(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6)
#define CK_ODDS(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7)
#else
#define CK_EVENS(a, b) __builtin_shufflevector(a, b, 0, 2)
#define CK_ODDS(a, b) __builtin_shufflevector(a, b, 1, 3)
#endif

// The first n elements, n from 0 to more than L; the other lanes are zero.
CK_INLINE V CK_(load_some)(const T *p, long n) {
    return n >= L ? CK_(load)(p) : n > 0 ? CK_(load_part)(p, n, 0) : CK_(splat)(0);
}

// Up to L neighbouring windows of 2 x 2 pixels: `n` pixels of the upper and of the lower row.
CK_INLINE void CK_(max_pool_pairs)(const T *x, long width, long n, long place, T *out, int32_t *places) {
    V a = CK_(load_some)(x, n), b = CK_(load_some)(x + L, n - L);
    V c = CK_(load_some)(x + width, n), d = CK_(load_some)(x + width + L, n - L);
    V candidates[3] = {CK_ODDS(a, b), CK_EVENS(c, d), CK_ODDS(c, d)};
    int32_t steps[3] = {1, (int32_t)width, (int32_t)width + 1};
    V best = CK_EVENS(a, b);
    I found = (I)0;
    for (int k = 0; k < 3; k++) {
        I wins = (candidates[k] > best) | (candidates[k] != candidates[k]);
        best = CK_(select)(wins, candidates[k], best);
        found = wins ? (I)steps[k] : found;
    }
    long windows = ck_min(L, n / 2);
    if (windows == L) CK_(store)(out, best);
    else CK_(store_part)(out, windows, best);
    if (!places) return;
    int32_t spilled[L] __attribute__((aligned(64)));
    for (int k = 0; k < L; k++) spilled[k] = (int32_t)found[k] + (int32_t)place + 2 * k;
    for (long k = 0; k < windows; k++) places[k] = spilled[k];
}

// Windows of 2 x 2 pixels side by side; an odd last row or column is left out.
static void CK_(max_pool_2x2)(long height, long width, long planes, const T *x, T *out, int32_t *places) {
    long wide = width / 2;
    for (long p = 0; p < planes; p++, x += height * width)
        for (long i = 0; i < height / 2; i++, out += wide)
            for (long j = 0; j < wide; j += L) {
                long place = 2 * i * width + 2 * j;
                int32_t *found = places ? places + (p * (height / 2) + i) * wide + j : NULL;
                CK_(max_pool_pairs)(x + place, width, 2 * (wide - j), place, out + j, found);
            }
}

// out[r, i] = x[r, places[r, i]]; x: [rows, n], out and places: [rows, m].
static void CK_(take)(long rows, long n, long m, const T *x, const int32_t *places, T *out) {
    for (long r = 0; r < rows; r++, x += n)
        for (long i = 0; i < m; i++) *out++ = x[*places++];
}

// The transpose: out[r, places[r, i]] += x[r, i] in zeros; out: [rows, n], x and places: [rows, m].
static void CK_(put)(long rows, long n, long m, const T *x, const int32_t *places, T *out) {
    memset(out, 0, (size_t)(rows * n) * sizeof(T));
    for (long r = 0; r < rows; r++, out += n)
        for (long i = 0; i < m; i++) out[*places++] += *x++;
}
