// AdamW (Loshchilov & Hutter 2019), in one pass.

typedef struct {
    T keep, step, scale, beta1, fresh1, beta2, fresh2, eps;
} CK_(adamw_rates);

CK_INLINE V CK_(adamw_step)(const CK_(adamw_rates) *c, V p, V g, V *m, V *v) {
    *m = c->beta1 * *m + c->fresh1 * g;
    *v = c->beta2 * *v + c->fresh2 * (g * g);
    V denominator = CK_(v_sqrt)(*v) * c->scale + c->eps;
    return p * c->keep - c->step * (*m / denominator);
}

static void CK_(adamw)(long n, T *p, const T *g, T *m, T *v, double lr, double beta1, double beta2, double eps,
                       double decay, double correction1, double correction2) {
    const CK_(adamw_rates) c = {
        .keep = (T)(1 - lr * decay), .step = (T)(lr / correction1), .scale = (T)(1 / sqrt(correction2)),
        .beta1 = (T)beta1, .fresh1 = (T)(1 - beta1), .beta2 = (T)beta2, .fresh2 = (T)(1 - beta2), .eps = (T)eps,
    };
    long i = 0;
    for (; i + L <= n; i += L) {
        V first = CK_(load)(m + i), second = CK_(load)(v + i);
        CK_(store)(p + i, CK_(adamw_step)(&c, CK_(load)(p + i), CK_(load)(g + i), &first, &second));
        CK_(store)(m + i, first);
        CK_(store)(v + i, second);
    }
    if (i == n) return;
    long rest = n - i;
    V first = CK_(load_part)(m + i, rest, 1), second = CK_(load_part)(v + i, rest, 1);
    V value = CK_(load_part)(p + i, rest, 1);
    CK_(store_part)(p + i, rest, CK_(adamw_step)(&c, value, CK_(load_part)(g + i, rest, 1), &first, &second));
    CK_(store_part)(m + i, rest, first);
    CK_(store_part)(v + i, rest, second);
}
