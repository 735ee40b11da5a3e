// Single-precision exp, log, tanh, erf, sin and cos, without branches. The polynomials of exp, log, tanh and the
// reduced sine and cosine are those of the Cephes library (Moshier 1989).

// a[0] x^(n-1) + ... + a[n-1], by Horner's rule.
#define CK_HORNER(x, ...)                                                              \
    ({                                                                                 \
        static const float horner[] = {__VA_ARGS__};                                   \
        vector_f32 sum = (vector_f32)horner[0];                                        \
        _Pragma("clang loop unroll(full)")                                             \
        for (unsigned k = 1; k < sizeof horner / sizeof horner[0]; k++)                \
            sum = fma_f32(sum, x, (vector_f32)horner[k]);                              \
        sum;                                                                           \
    })

// 2^n for integral n in -126 ... 127.
CK_INLINE vector_f32 power_of_two_f32(vector_f32 n) {
    return (vector_f32)((integers_f32)(n + (12582912.0f + 127.0f)) << 23);
}

CK_INLINE vector_f32 v_exp_f32(vector_f32 x) {
    x = select_f32(x > 89.0f, splat_f32(89.0f), x);
    x = select_f32(x < -104.0f, splat_f32(-104.0f), x);
    const float round = 12582912.0f; // 1.5 * 2^23: adding it rounds to an integer
    vector_f32 n = fma_f32(x, splat_f32(1.44269504f), splat_f32(round)) - round;
    vector_f32 r = fma_f32(n, splat_f32(-0.693359375f), x);
    r = fma_f32(n, splat_f32(2.12194440e-4f), r);
    vector_f32 p = CK_HORNER(r, 1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f,
                             1.6666665459e-1f, 5.0000001201e-1f);
    p = fma_f32(p, r * r, r) + 1.0f;
#if CK_BYTES == 64
    return (vector_f32)_mm512_scalef_ps((__m512)p, (__m512)n);
#else
    vector_f32 half = fma_f32(n, splat_f32(0.5f), splat_f32(round)) - round;
    return p * power_of_two_f32(half) * power_of_two_f32(n - half);
#endif
}

// log(1 + f) + e log 2 for f in [sqrt 1/2 - 1, sqrt 2 - 1].
CK_INLINE vector_f32 log_reduced_f32(vector_f32 f, vector_f32 e) {
    vector_f32 z = f * f;
    vector_f32 y = CK_HORNER(f, 7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f,
                             1.4249322787e-1f, -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f,
                             3.3333331174e-1f);
    y = y * f * z;
    y = fma_f32(e, splat_f32(-2.12194440e-4f), y);
    y = fma_f32(z, splat_f32(-0.5f), y);
    return fma_f32(e, splat_f32(0.693359375f), f + y);
}

// Splits a positive normal x into 2^e * m with m in [sqrt 1/2, sqrt 2).
CK_INLINE vector_f32 split_f32(vector_f32 x, vector_f32 *e) {
    integers_f32 bits = (integers_f32)x - 0x3f3504f3;
    *e = __builtin_convertvector(bits >> 23, vector_f32);
    return (vector_f32)((bits & 0x007fffff) + 0x3f3504f3);
}

CK_INLINE vector_f32 v_log_f32(vector_f32 x) {
    integers_f32 tiny = x < 1.17549435e-38f;
    vector_f32 e;
    vector_f32 m = split_f32(select_f32(tiny, x * 8388608.0f, x), &e);
    e = select_f32(tiny, e - 23.0f, e);
    vector_f32 y = log_reduced_f32(m - 1.0f, e);
    y = select_f32(x < __builtin_inff(), y, x); // inf and NaN are their own logarithms
    y = select_f32(x == 0.0f, splat_f32(-__builtin_inff()), y);
    return select_f32(x < 0.0f, splat_f32(__builtin_nanf("")), y);
}

CK_INLINE vector_f32 v_copysign_f32(vector_f32 magnitude, vector_f32 sign) {
    return __builtin_elementwise_copysign(magnitude, sign);
}

CK_INLINE vector_f32 v_tanh_f32(vector_f32 x) {
    vector_f32 t = v_abs_f32(x), z = x * x;
    vector_f32 small = CK_HORNER(z, -5.70498872745e-3f, 2.06390887954e-2f, -5.37397155531e-2f,
                                 1.33314422036e-1f, -3.33332819422e-1f);
    small = fma_f32(small, z * x, x);
    vector_f32 large = 1.0f - 2.0f / (v_exp_f32(t + t) + 1.0f);
    return v_copysign_f32(select_f32(t < 0.625f, small, large), x);
}

// erf by a polynomial below 0.93, and 1 - exp(polynomial) above. (Coefficients of the kind published by N. Juffa.)
CK_INLINE vector_f32 v_erf_f32(vector_f32 x) {
    vector_f32 t = v_abs_f32(x);
    t = select_f32(t > 10.0f, splat_f32(10.0f), t);
    vector_f32 p = CK_HORNER(t, -1.72853470e-5f, 3.83197126e-4f, -3.88396438e-3f, 2.42546219e-2f,
                             -1.06777877e-1f, -6.34846687e-1f, -1.28717512e-1f);
    vector_f32 above = v_exp_f32(fma_f32(p, t, -t));
    vector_f32 q = CK_HORNER(x * x, -5.96761703e-4f, 4.99119423e-3f, -2.67681349e-2f, 1.12819925e-1f,
                             -3.76125336e-1f, 1.28379166e-1f);
    vector_f32 below = fma_f32(q, x, x);
    return select_f32(t > 0.927734375f, v_copysign_f32(1.0f - above, x), below);
}

// exp(x) for x <= 0, without the subnormal results, which are 0; what it is of NaN is not said.
CK_INLINE vector_f32 exp_falling_f32(vector_f32 x) {
    const float round = 12582912.0f; // 1.5 * 2^23: adding it rounds to an integer, which its last bits then are
    vector_f32 shifted = fma_f32(x, splat_f32(1.44269504f), splat_f32(round)), n = shifted - round;
    vector_f32 r = fma_f32(n, splat_f32(-0.693359375f), x);
    r = fma_f32(n, splat_f32(2.12194440e-4f), r);
    vector_f32 p = CK_HORNER(r, 1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f,
                             1.6666665459e-1f, 5.0000001201e-1f);
    p = fma_f32(p, r * r, r) + 1.0f;
    integers_f32 scaled = (integers_f32)p + ((integers_f32)shifted << 23);
    return select_f32(x < -87.0f, splat_f32(0), (vector_f32)scaled);
}

// The standard normal distribution function of |x| < 1e19, and bell = exp(-x^2 / 2), of which it is made: the tail
// beyond |x| is the bell times a function that falls slowly, here a polynomial of t = 1 / (1 + 0.28 |x|), right to
// 7e-8 of its value.
CK_INLINE vector_f32 v_normal_f32(vector_f32 x, vector_f32 *bell) {
    vector_f32 t = 1.0f / fma_f32(v_abs_f32(x), splat_f32(0.28f), splat_f32(1.0f));
    *bell = exp_falling_f32(x * x * -0.5f);
    vector_f32 q = CK_HORNER(t, 2.37091463e-2f, -8.78532901e-2f, 7.91059360e-2f, 1.01151094e-2f, 6.07087612e-2f,
                             8.88923407e-2f, 1.01747960e-1f, 1.11880071e-1f, 1.11694001e-1f);
    vector_f32 tail = t * *bell * q;
    return select_f32(x < 0.0f, tail, 1.0f - tail);
}

// sin and cos of r in [-pi/4, pi/4].
CK_INLINE vector_f32 sin_reduced_f32(vector_f32 r) {
    vector_f32 z = r * r;
    return fma_f32(CK_HORNER(z, -1.9515295891e-4f, 8.3321608736e-3f, -1.6666654611e-1f), z * r, r);
}

CK_INLINE vector_f32 cos_reduced_f32(vector_f32 r) {
    vector_f32 z = r * r;
    vector_f32 p = CK_HORNER(z, 2.443315711809948e-5f, -1.388731625493765e-3f, 4.166664568298827e-2f);
    return fma_f32(p, z * z, fma_f32(z, splat_f32(-0.5f), splat_f32(1.0f)));
}

typedef int64_t wide_integers_f32 __attribute__((ext_vector_type(CK_BYTES / 4)));

// sin(x + quarters * pi/2), reduced and evaluated in double precision for |x| < 2^19.
CK_INLINE vector_f32 sin_quarters_f32(vector_f32 x, int64_t quarters) {
    const double round = 6755399441055744.0; // 1.5 * 2^52
    wide_f32 wide = CK_WIDEN(x);
    wide_f32 shifted = wide * 0.63661977236758134308 + round;
    wide_f32 n = shifted - round;
    wide_integers_f32 q = (wide_integers_f32)shifted + quarters;
    wide_f32 r = (wide - n * 1.57079632673412561417) - n * 6.07710050650619224932e-11;
    wide_f32 z = r * r;
    wide_f32 s = r + r * z * (-0x15555554cbac77.0p-55 + z * (0x111110896efbb2.0p-59 +
                              z * (-0x1a00f9e2cae774.0p-65 + z * 0x16cd878c3b46a7.0p-71)));
    wide_f32 c = 1.0 + z * (-0x1ffffffd0c5e81.0p-54 + z * (0x155553e1053a42.0p-57 +
                            z * (-0x16c087e80f1e27.0p-62 + z * 0x199342e0ee5069.0p-68)));
    wide_f32 y = (q & 1) != 0 ? c : s;
    return CK_NARROW((wide_f32)((wide_integers_f32)y ^ ((q & 2) << 62)));
}

CK_INLINE vector_f32 v_sin_f32(vector_f32 x) {
    vector_f32 y = sin_quarters_f32(x, 0);
    if (__builtin_expect(any_f32(v_abs_f32(x) > 524288.0f), 0))
        for (int k = 0; k < CK_BYTES / 4; k++)
            if (fabsf(x[k]) > 524288.0f) y[k] = (float)sin((double)x[k]);
    return y;
}

CK_INLINE vector_f32 v_cos_f32(vector_f32 x) {
    vector_f32 y = sin_quarters_f32(x, 1);
    if (__builtin_expect(any_f32(v_abs_f32(x) > 524288.0f), 0))
        for (int k = 0; k < CK_BYTES / 4; k++)
            if (fabsf(x[k]) > 524288.0f) y[k] = (float)cos((double)x[k]);
    return y;
}
