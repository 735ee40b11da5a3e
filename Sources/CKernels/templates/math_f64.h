// Double-precision exp and log after fdlibm (Sun Microsystems 1993), without branches; tanh, erf, sin and cos are
// the C library's, lane by lane.

// 2^n for integral n in -1022 ... 1023.
CK_INLINE vector_f64 power_of_two_f64(vector_f64 n) {
    return (vector_f64)((integers_f64)(n + (6755399441055744.0 + 1023.0)) << 52);
}

CK_INLINE vector_f64 v_exp_f64(vector_f64 x) {
    x = select_f64(x > 710.0, splat_f64(710.0), x);
    x = select_f64(x < -746.0, splat_f64(-746.0), x);
    const double round = 6755399441055744.0; // 1.5 * 2^52: adding it rounds to an integer
    vector_f64 n = fma_f64(x, splat_f64(1.44269504088896338700), splat_f64(round)) - round;
    vector_f64 high = fma_f64(n, splat_f64(-6.93147180369123816490e-01), x);
    vector_f64 low = n * 1.90821492927058770002e-10;
    vector_f64 r = high - low, t = r * r;
    vector_f64 c = 1.66666666666666019037e-01 +
        t * (-2.77777777770155933842e-03 + t * (6.61375632143793436117e-05 +
        t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08)));
    c = r - t * c;
    vector_f64 y = 1.0 - ((low - (r * c) / (2.0 - c)) - high);
#if CK_BYTES == 64
    return (vector_f64)_mm512_scalef_pd((__m512d)y, (__m512d)n);
#else
    vector_f64 half = fma_f64(n, splat_f64(0.5), splat_f64(round)) - round;
    return y * power_of_two_f64(half) * power_of_two_f64(n - half);
#endif
}

// log(1 + f) + e log 2 for f in [sqrt 1/2 - 1, sqrt 2 - 1].
CK_INLINE vector_f64 log_reduced_f64(vector_f64 f, vector_f64 e) {
    vector_f64 s = f / (2.0 + f), z = s * s, half = 0.5 * f * f;
    vector_f64 r = z * (6.666666666666735130e-01 + z * (3.999999999940941908e-01 +
        z * (2.857142874366239149e-01 + z * (2.222219843214978396e-01 + z * (1.818357216161805012e-01 +
        z * (1.531383769920937332e-01 + z * 1.479819860511658591e-01))))));
    return e * 6.93147180369123816490e-01 -
        ((half - (s * (half + r) + e * 1.90821492927058770002e-10)) - f);
}

CK_INLINE vector_f64 v_log_f64(vector_f64 x) {
    const int64_t offset = 0x3fe6a09e667f3bcd, one = 0x3ff0000000000000;
    typedef uint64_t words __attribute__((ext_vector_type(CK_BYTES / 8)));
    integers_f64 tiny = x < 2.2250738585072014e-308;
    integers_f64 bits = (integers_f64)select_f64(tiny, x * 4503599627370496.0, x) + (one - offset);
    integers_f64 exponent = (integers_f64)((words)bits >> 52) | 0x4330000000000000; // 2^52 + biased exponent
    vector_f64 e = (vector_f64)exponent - (4503599627370496.0 + 1023.0);
    e = select_f64(tiny, e - 52.0, e);
    vector_f64 m = (vector_f64)((bits & 0x000fffffffffffff) + offset);
    vector_f64 y = log_reduced_f64(m - 1.0, e);
    y = select_f64(x < __builtin_inf(), y, x); // inf and NaN are their own logarithms
    y = select_f64(x == 0.0, splat_f64(-__builtin_inf()), y);
    return select_f64(x < 0.0, splat_f64(__builtin_nan("")), y);
}

#define CK_BY_LANE(name, function)                                                     \
    CK_INLINE vector_f64 name(vector_f64 x) {                                          \
        for (int k = 0; k < CK_BYTES / 8; k++) x[k] = function(x[k]);                  \
        return x;                                                                      \
    }
CK_BY_LANE(v_tanh_f64, tanh)
CK_BY_LANE(v_erf_f64, erf)
CK_BY_LANE(v_erfc_f64, erfc)
CK_BY_LANE(v_sin_f64, sin)
CK_BY_LANE(v_cos_f64, cos)

// The standard normal distribution function, and bell = exp(-x^2 / 2).
CK_INLINE vector_f64 v_normal_f64(vector_f64 x, vector_f64 *bell) {
    *bell = v_exp_f64(x * x * -0.5);
    return 0.5 * v_erfc_f64(x * -0.70710678118654752440);
}
