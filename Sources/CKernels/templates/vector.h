// Loads, stores, selection and horizontal reductions of one vector.

CK_INLINE V CK_(load)(const T *p) { return *(const CK_(loose) *)p; }
CK_INLINE void CK_(store)(T *p, V v) { *(CK_(loose) *)p = v; }
CK_INLINE V CK_(splat)(T x) { return (V)x; }
CK_INLINE V CK_(select)(I mask, V yes, V no) { return mask ? yes : no; }
CK_INLINE V CK_(v_abs)(V x) { return __builtin_elementwise_abs(x); }
CK_INLINE V CK_(v_sqrt)(V x) { return __builtin_elementwise_sqrt(x); }

// Macros: a vector wider than the registers must not cross a function's boundary by value.
#undef CK_WIDEN
#undef CK_NARROW
#define CK_WIDEN(x) __builtin_convertvector((x), W)
#define CK_NARROW(x) __builtin_convertvector((x), V)

CK_INLINE V CK_(fma)(V a, V b, V c) {
#if CK_FUSED
    return __builtin_elementwise_fma(a, b, c);
#else
    return a * b + c;
#endif
}

#if CK_BYTES == 32 && CK_SIZE == 4
CK_INLINE integers_f32 first_lanes_f32(long n) {
    return (integers_f32){0, 1, 2, 3, 4, 5, 6, 7} < (int32_t)n;
}
#elif CK_BYTES == 32
CK_INLINE integers_f64 first_lanes_f64(long n) { return (integers_f64){0, 1, 2, 3} < n; }
#endif

// The first n < L elements; the other lanes hold `rest`.
CK_INLINE V CK_(load_part)(const T *p, long n, T rest) {
#if CK_BYTES == 64 && CK_SIZE == 4
    return (V)_mm512_mask_loadu_ps((__m512)CK_(splat)(rest), (__mmask16)((1u << n) - 1), p);
#elif CK_BYTES == 64
    return (V)_mm512_mask_loadu_pd((__m512d)CK_(splat)(rest), (__mmask8)((1u << n) - 1), p);
#elif CK_BYTES == 32 && CK_SIZE == 4
    integers_f32 lanes = first_lanes_f32(n);
    return select_f32(lanes, (V)_mm256_maskload_ps(p, (__m256i)lanes), splat_f32(rest));
#elif CK_BYTES == 32
    integers_f64 lanes = first_lanes_f64(n);
    return select_f64(lanes, (V)_mm256_maskload_pd(p, (__m256i)lanes), splat_f64(rest));
#else
    V v = CK_(splat)(rest);
    for (long i = 0; i < n; i++) v[i] = p[i];
    return v;
#endif
}

// The first n < L lanes; the others are `rest`.
CK_INLINE V CK_(part_of)(V v, long n, T rest) {
#if CK_BYTES == 64 && CK_SIZE == 4
    return (V)_mm512_mask_mov_ps((__m512)CK_(splat)(rest), (__mmask16)((1u << n) - 1), (__m512)v);
#elif CK_BYTES == 64
    return (V)_mm512_mask_mov_pd((__m512d)CK_(splat)(rest), (__mmask8)((1u << n) - 1), (__m512d)v);
#elif CK_BYTES == 32
    return CK_(select)(CK_(first_lanes)(n), v, CK_(splat)(rest));
#else
    for (long i = n; i < L; i++) v[i] = rest;
    return v;
#endif
}

CK_INLINE void CK_(store_part)(T *p, long n, V v) {
#if CK_BYTES == 64 && CK_SIZE == 4
    _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)v);
#elif CK_BYTES == 64
    _mm512_mask_storeu_pd(p, (__mmask8)((1u << n) - 1), (__m512d)v);
#else
    for (long i = 0; i < n; i++) p[i] = v[i];
#endif
}

// Folds a vector's lanes in halves with the function `fold`, always in the same order.
#if CK_BYTES / CK_SIZE == 16
#define CK_FOLD_8(v, fold) __auto_type eight = fold((v).lo, (v).hi)
#elif CK_BYTES / CK_SIZE == 8
#define CK_FOLD_8(v, fold) __auto_type eight = (v)
#endif
#if CK_BYTES / CK_SIZE >= 8
#define CK_FOLD_4(v, fold) CK_FOLD_8(v, fold); __auto_type four = fold(eight.lo, eight.hi)
#else
#define CK_FOLD_4(v, fold) __auto_type four = (v)
#endif
#if CK_BYTES / CK_SIZE >= 4
#define CK_FOLD_2(v, fold) CK_FOLD_4(v, fold); __auto_type two = fold(four.lo, four.hi)
#else
#define CK_FOLD_2(v, fold) __auto_type two = (v)
#endif
#define CK_PLUS(a, b) ((a) + (b))
#define CK_LARGER(a, b) ((a) > (b) ? (a) : (b))

CK_INLINE T CK_(total)(V v) {
    CK_FOLD_2(v, CK_PLUS);
    return two.x + two.y;
}

CK_INLINE double CK_(total_wide)(const W *v) {
    CK_FOLD_2(*v, CK_PLUS);
    return two.x + two.y;
}

CK_INLINE T CK_(largest)(V v) {
    CK_FOLD_2(v, CK_LARGER);
    return CK_LARGER(two.x, two.y);
}

// Whether a lane of a comparison's result is set.
CK_INLINE bool CK_(any)(I mask) { return __builtin_reduce_or(mask) != 0; }

#undef CK_FOLD_8
#undef CK_FOLD_4
#undef CK_FOLD_2
#undef CK_PLUS
#undef CK_LARGER

// out[i] = body(x[i]) for contiguous x, as a function called `name`.
#undef CK_DEFINE_MAP
#undef CK_DEFINE_ZIP
#define CK_DEFINE_MAP(name, body)                                                      \
    static void CK_(name)(long n, const T *x, T *out) {                                \
        long i = 0;                                                                    \
        for (; i + L <= n; i += L) CK_(store)(out + i, body(CK_(load)(x + i)));        \
        if (i < n) CK_(store_part)(out + i, n - i, body(CK_(load_part)(x + i, n - i, 1))); \
    }
#define CK_DEFINE_ZIP(name, body)                                                      \
    static void CK_(name)(long n, const T *a, const T *b, T *out) {                    \
        long i = 0;                                                                    \
        for (; i + L <= n; i += L)                                                     \
            CK_(store)(out + i, body(CK_(load)(a + i), CK_(load)(b + i)));             \
        if (i < n)                                                                     \
            CK_(store_part)(out + i, n - i, body(CK_(load_part)(a + i, n - i, 1),      \
                                                 CK_(load_part)(b + i, n - i, 1)));    \
    }
