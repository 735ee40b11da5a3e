// out[i] = op(a[i], b[i]).

#define CK_TRUTH(mask) CK_(select)(mask, CK_(splat)(1), CK_(splat)(0))
CK_INLINE V CK_(v_add)(V a, V b) { return a + b; }
CK_INLINE V CK_(v_subtract)(V a, V b) { return a - b; }
CK_INLINE V CK_(v_multiply)(V a, V b) { return a * b; }
CK_INLINE V CK_(v_divide)(V a, V b) { return a / b; }
// NaN where either is NaN, as NumPy.
CK_INLINE V CK_(v_maximum)(V a, V b) { return CK_(select)((a > b) | (a != a), a, b); }
CK_INLINE V CK_(v_minimum)(V a, V b) { return CK_(select)((a < b) | (a != a), a, b); }
CK_INLINE V CK_(v_greater)(V a, V b) { return CK_TRUTH(a > b); }
CK_INLINE V CK_(v_greater_equal)(V a, V b) { return CK_TRUTH(a >= b); }
CK_INLINE V CK_(v_equal)(V a, V b) { return CK_TRUTH(a == b); }
CK_INLINE V CK_(v_relu_gradient)(V a, V b) { return CK_(select)(a <= (T)0, CK_(splat)(0), b); }
CK_INLINE V CK_(v_where)(V a, V b) { return CK_(select)(a > (T)0, b, CK_(splat)(0)); }
CK_INLINE V CK_(v_unless)(V a, V b) { return CK_(select)(a > (T)0, CK_(splat)(0), b); }
CK_INLINE V CK_(v_tanh_gradient)(V a, V b) { return b * ((T)1 - a * a); }
#undef CK_TRUTH

CK_DEFINE_ZIP(zip_add, CK_(v_add))
CK_DEFINE_ZIP(zip_subtract, CK_(v_subtract))
CK_DEFINE_ZIP(zip_multiply, CK_(v_multiply))
CK_DEFINE_ZIP(zip_divide, CK_(v_divide))
CK_DEFINE_ZIP(zip_maximum, CK_(v_maximum))
CK_DEFINE_ZIP(zip_minimum, CK_(v_minimum))
CK_DEFINE_ZIP(zip_greater, CK_(v_greater))
CK_DEFINE_ZIP(zip_greater_equal, CK_(v_greater_equal))
CK_DEFINE_ZIP(zip_equal, CK_(v_equal))
CK_DEFINE_ZIP(zip_gelu_gradient, CK_(v_gelu_gradient))
CK_DEFINE_ZIP(zip_relu_gradient, CK_(v_relu_gradient))
CK_DEFINE_ZIP(zip_tanh_gradient, CK_(v_tanh_gradient))
CK_DEFINE_ZIP(zip_where, CK_(v_where))
CK_DEFINE_ZIP(zip_unless, CK_(v_unless))

static void (*const CK_(zips)[CK_BINARY_COUNT])(long, const T *, const T *, T *) = {
    [CK_ADD] = CK_(zip_add),
    [CK_SUBTRACT] = CK_(zip_subtract),
    [CK_MULTIPLY] = CK_(zip_multiply),
    [CK_DIVIDE] = CK_(zip_divide),
    [CK_MAXIMUM] = CK_(zip_maximum),
    [CK_MINIMUM] = CK_(zip_minimum),
    [CK_GREATER] = CK_(zip_greater),
    [CK_GREATER_EQUAL] = CK_(zip_greater_equal),
    [CK_EQUAL] = CK_(zip_equal),
    [CK_GELU_GRADIENT] = CK_(zip_gelu_gradient),
    [CK_RELU_GRADIENT] = CK_(zip_relu_gradient),
    [CK_TANH_GRADIENT] = CK_(zip_tanh_gradient),
    [CK_WHERE] = CK_(zip_where),
    [CK_UNLESS] = CK_(zip_unless),
};

static void CK_(zip)(ck_binary op, long n, const T *a, long sa, const T *b, long sb, T *out) {
    if (sa == 1 && sb == 1) {
        CK_(zips)[op](n, a, b, out);
        return;
    }
    T first[CK_CHUNK], second[CK_CHUNK];
    long chunk = ck_min(CK_CHUNK, n);
    if (n > 0 && sa == 0) CK_(fill)(chunk, *a, first);
    if (n > 0 && sb == 0) CK_(fill)(chunk, *b, second);
    for (long i = 0; i < n; i += CK_CHUNK) {
        long m = ck_min(CK_CHUNK, n - i);
        const T *left = sa == 0 ? first : CK_(contiguous)(m, a + i * sa, sa, first);
        const T *right = sb == 0 ? second : CK_(contiguous)(m, b + i * sb, sb, second);
        CK_(zips)[op](m, left, right, out + i);
    }
}
