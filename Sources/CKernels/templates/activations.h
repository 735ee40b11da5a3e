// Activations and other functions made of the elementary ones, in either precision.

CK_INLINE V CK_(v_sigmoid)(V x) {
    V e = CK_(v_exp)(-CK_(v_abs)(x));
    V d = (T)1 / ((T)1 + e);
    return CK_(select)(x < (T)0, e * d, d);
}

// Below this the products x * Phi(x), x * sigmoid(x) vanish; x is held there so that -inf gives 0, not NaN.
CK_INLINE V CK_(floor_at)(V x, T least) { return CK_(select)(x < least, CK_(splat)(least), x); }

CK_INLINE V CK_(v_silu)(V x) {
    x = CK_(floor_at)(x, (T)-800);
    return x * CK_(v_sigmoid)(x);
}

// max(x, 0) + log(1 + exp(-|x|)); the logarithm's argument is halved above sqrt 2 without rounding it first.
CK_INLINE V CK_(v_softplus)(V x) {
    V y = CK_(v_exp)(-CK_(v_abs)(x));
    I large = y > (T)0.41421356237309504880;
    V f = CK_(select)(large, (y - (T)1) * (T)0.5, y);
    V tail = CK_(log_reduced)(f, CK_(select)(large, CK_(splat)(1), CK_(splat)(0)));
    return CK_(select)(x <= (T)0, CK_(splat)(0), x) + tail;
}

CK_INLINE V CK_(v_gelu)(V x) {
    x = CK_(floor_at)(x, (T)-40);
    V bell;
    return x * CK_(v_normal)(x, &bell);
}

CK_INLINE V CK_(v_gelu_tanh)(V x) {
    V bounded = CK_(floor_at)(x, (T)-40);
    bounded = CK_(select)(bounded > (T)40, CK_(splat)(40), bounded);
    V u = bounded * ((T)1.59576912160573071176 + (T)(1.59576912160573071176 * 0.044715) * bounded * bounded);
    return CK_(select)(x > (T)40, x, bounded * CK_(v_sigmoid)(u));
}

// b * (Phi(a) + a * phi(a)), phi the normal density.
CK_INLINE V CK_(v_gelu_gradient)(V a, V b) {
    a = CK_(floor_at)(a, (T)-40);
    a = CK_(select)(a > (T)40, CK_(splat)(40), a);
    V bell, cdf = CK_(v_normal)(a, &bell);
    return b * CK_(fma)(a * (T)0.39894228040143267794, bell, cdf);
}

// log(1 + x): log(u) is right for the rounded u = 1 + x, and x / (u - 1) undoes the rounding (Kahan).
CK_INLINE V CK_(v_log1p)(V x) {
    V u = (T)1 + x, d = u - (T)1;
    V y = CK_(v_log)(u) * (x / d);
    y = CK_(select)(d == (T)0, x, y);
    return CK_(select)(x == (T)INFINITY, x, y);
}

// e^x - 1: u - 1 is right for the rounded u = e^x, and x / log(u) undoes the rounding (Kahan); far from 0 it is enough.
CK_INLINE V CK_(v_expm1)(V x) {
    V u = CK_(v_exp)(x), d = u - (T)1;
    V y = d * (x / CK_(v_log)(u));
    y = CK_(select)(d == (T)0, x, y);
    return CK_(select)(CK_(v_abs)(x) < (T)1, y, d);
}
