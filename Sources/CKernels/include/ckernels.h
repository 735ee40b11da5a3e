#ifndef WEIGHTSPACE_CKERNELS_H
#define WEIGHTSPACE_CKERNELS_H
// The few hot loops. Every loop is compiled once per instruction set and reached through one table that is
// filled once from the processor's features; WEIGHTSPACE_KERNELS=baseline|avx2|avx512 forces a set.
// All functions are pure: same arguments, same bytes, on any thread. None allocates, none starts a thread,
// except ck_parallel. "n" counts elements; strides count elements; a stride of 0 broadcasts.
#include <stdint.h>
#include <stdbool.h>

typedef enum {
    CK_NEGATE, CK_EXP, CK_LOG, CK_SQRT, CK_RECIPROCAL, CK_TANH, CK_ERF, CK_SIGMOID, CK_SIN, CK_COS, CK_ABS,
    CK_SIGN,      // -1, 0, 1
    CK_RELU,      // max(x, 0)
    CK_STEP,      // 1 where x > 0, else 0
    CK_SQUARE,
    CK_GELU,      // x * Phi(x), exact (erf)
    CK_GELU_TANH, // tanh approximation, as PyTorch's approximate="tanh"
    CK_SILU, CK_SOFTPLUS,
    CK_LOG1P,     // log(1 + x), exact near 0
    CK_EXPM1,     // e^x - 1, exact near 0
    CK_UNARY_COUNT
} ck_unary;

typedef enum {
    CK_ADD, CK_SUBTRACT, CK_MULTIPLY, CK_DIVIDE, CK_MAXIMUM, CK_MINIMUM,
    CK_GREATER, CK_GREATER_EQUAL, CK_EQUAL, // 1 or 0
    CK_GELU_GRADIENT,                       // b * d gelu(a) / da
    CK_RELU_GRADIENT,                       // a <= 0 ? 0 : b, so that it is b where a is NaN
    CK_TANH_GRADIENT,                       // b * (1 - a*a), a = tanh(x)
    CK_WHERE,                               // a > 0 ? b : 0
    CK_UNLESS,                              // a > 0 ? 0 : b
    CK_BINARY_COUNT
} ck_binary;

// The scalars of one AdamW step; correction1 = 1 - beta1^k, correction2 = 1 - beta2^k for step k from 1.
typedef struct {
    double rate, beta1, beta2, epsilon, decay, correction1, correction2;
} ck_adamw;

// A convolution as one group of channels of one network sees it; extents and strides count elements.
typedef struct {
    long inputs, height, width;          // what is read: [inputs, height, width], contiguous
    long outputs, out_height, out_width; // what is written, likewise
    long kernel_height, kernel_width, stride_y, stride_x, dilation_y, dilation_x;
    long top, left;           // zeros above and left of what is read; below 0, so many rows and columns are left out
    long spread_y, spread_x;  // distance between neighbouring elements of what is read; above 1, zeros lie between
    long weight_output, weight_input; // strides of the weights; a window of weights is contiguous
    bool flipped;                     // whether windows of weights are read from their end
    long pool_height, pool_width;     // of such windows of the result, side by side, only the largest is written
} ck_convolution;

// The windows of a pooling: rows row_starts[i] <= y < row_ends[i] in steps of dilation_y, likewise columns.
typedef struct {
    long height, width, out_height, out_width, dilation_y, dilation_x;
    const int32_t *row_starts, *row_ends, *column_starts, *column_ends;
} ck_pooling;

typedef struct {
    const char *name; // "baseline", "avx2" or "avx512"

    // out[i] = op(x[i*sx]); out is contiguous and may be x itself (sx == 1).
    void (*map_f32)(ck_unary op, long n, const float *x, long sx, float *out);
    void (*map_f64)(ck_unary op, long n, const double *x, long sx, double *out);
    // out[i] = op(a[i*sa], b[i*sb]); out may be a or b (stride 1). Fast for strides 0 and 1.
    void (*zip_f32)(ck_binary op, long n, const float *a, long sa, const float *b, long sb, float *out);
    void (*zip_f64)(ck_binary op, long n, const double *a, long sa, const double *b, long sb, double *out);
    // out[i] = scale * x[i*sx] + offset; out may be x (stride 1).
    void (*affine_f32)(long n, const float *x, long sx, float scale, float offset, float *out);
    void (*affine_f64)(long n, const double *x, long sx, double scale, double offset, double *out);
    // out[i] = alpha * x[i] + beta * y[i]; all contiguous; out may be x or y.
    void (*combine_f32)(long n, float alpha, const float *x, float beta, const float *y, float *out);
    void (*combine_f64)(long n, double alpha, const double *x, double beta, const double *y, double *out);
    // out[i*so] = x[i*sx]
    void (*copy_f32)(long n, const float *x, long sx, float *out, long so);
    void (*copy_f64)(long n, const double *x, long sx, double *out, long so);
    // out[r*n + i] = x[indices[r]*n + i] for i < n: rows of x, in any order.
    void (*gather_f32)(long rows, long n, const float *x, const int32_t *indices, float *out);
    void (*gather_f64)(long rows, long n, const double *x, const int32_t *indices, double *out);
    // out[j*ldo + i] = x[i*ldx + j] for i < rows, j < cols (blocked transpose)
    void (*transpose_f32)(long rows, long cols, const float *x, long ldx, float *out, long ldo);
    void (*transpose_f64)(long rows, long cols, const double *x, long ldx, double *out, long ldo);

    // Sum of x[i*sx], in a fixed order, accumulated in double.
    double (*sum_f32)(long n, const float *x, long sx);
    double (*sum_f64)(long n, const double *x, long sx);
    // Sum of a[i]*b[i], contiguous, accumulated in double in a fixed order.
    double (*dot_f32)(long n, const float *a, const float *b);
    double (*dot_f64)(long n, const double *a, const double *b);
    // out[j] = sum over i < rows of x[i*ldx + j], j < cols. The bytes of out[j] do not depend on cols.
    void (*sum_rows_f32)(long rows, long cols, const float *x, long ldx, float *out);
    void (*sum_rows_f64)(long rows, long cols, const double *x, long ldx, double *out);
    // Largest of x[i*sx] (n >= 1); NaN if any is NaN.
    float (*max_f32)(long n, const float *x, long sx);
    double (*max_f64)(long n, const double *x, long sx);
    // out[r] = index of the first largest of row r. x: [rows, n], leading dimension ldx.
    void (*argmax_f32)(long rows, long n, const float *x, long ldx, int32_t *out);
    void (*argmax_f64)(long rows, long n, const double *x, long ldx, int32_t *out);

    // Layer normalisation over the last axis: out = (x - mean) * rstd * gamma + beta. x, out: [rows, n]
    // contiguous. gamma and beta belong to row r as gamma + (r / group) * sg (population: group rows share one).
    // mean, rstd: [rows].
    void (*layer_norm_f32)(long rows, long n, const float *x, const float *gamma, const float *beta, long group,
                           long sg, float eps, float *out, float *mean, float *rstd);
    void (*layer_norm_f64)(long rows, long n, const double *x, const double *gamma, const double *beta, long group,
                           long sg, double eps, double *out, double *mean, double *rstd);
    // dx of the above from the cotangent g: [rows, n].
    void (*layer_norm_dx_f32)(long rows, long n, const float *x, const float *gamma, long group, long sg,
                              const float *mean, const float *rstd, const float *g, float *dx);
    void (*layer_norm_dx_f64)(long rows, long n, const double *x, const double *gamma, long group, long sg,
                              const double *mean, const double *rstd, const double *g, double *dx);
    // dgamma[j] = sum_r g * (x - mean) * rstd, dbeta[j] = sum_r g, over these rows (one group).
    void (*layer_norm_dgamma_f32)(long rows, long n, const float *x, const float *mean, const float *rstd,
                                  const float *g, float *dgamma, float *dbeta);
    void (*layer_norm_dgamma_f64)(long rows, long n, const double *x, const double *mean, const double *rstd,
                                  const double *g, double *dgamma, double *dbeta);

    // out = x - log sum exp x, by row. x, out: [rows, n] contiguous; out may be x.
    void (*log_softmax_f32)(long rows, long n, const float *x, float *out);
    void (*log_softmax_f64)(long rows, long n, const double *x, double *out);

    // Attention weights, by row and in place: x = softmax(scale * x + bias) over `keys` keys, x: [rows, keys]
    // contiguous, bias: rows ldb apart, or NULL. A key is left out, with weight 0, where the bias is -1e30 or less, or,
    // unless first < 0, after key first + r (causal). tops[r] is the largest score, inverses[r] 1 / sum exp(score -
    // top); a row without keys is 0 and has 0 in both.
    void (*attention_softmax_f32)(long rows, long keys, float *x, float scale, const float *bias, long ldb, long first,
                                  float *tops, float *inverses);
    void (*attention_softmax_f64)(long rows, long keys, double *x, double scale, const double *bias, long ldb,
                                  long first, double *tops, double *inverses);
    // From the same scores x and the cotangent g of the weights p: x = p and g = scale * p * (g - sum p * g), by row.
    void (*attention_softmax_gradient_f32)(long rows, long keys, float *x, float *g, float scale, const float *bias,
                                           long ldb, long first, const float *tops, const float *inverses);
    void (*attention_softmax_gradient_f64)(long rows, long keys, double *x, double *g, double scale,
                                           const double *bias, long ldb, long first, const double *tops,
                                           const double *inverses);

    // Bytes of a vector.
    long vector_bytes;
    // A whole head of attention over few tokens: out = softmax(scale q k') v, q: [queries, width], k: [keys, width],
    // v: [keys, value_width], both widths whole vectors; tops and inverses as above. scratch: queries + width elements for
    // each key, keys rounded up to whole vectors.
    void (*attention_head_f32)(long queries, long keys, long width, long value_width, const float *q, long ldq,
                               const float *k, long ldk, const float *v, long ldv, float scale, float *out, long ldo,
                               float *tops, float *inverses, float *scratch);
    void (*attention_head_f64)(long queries, long keys, long width, long value_width, const double *q, long ldq,
                               const double *k, long ldk, const double *v, long ldv, double scale, double *out, long ldo,
                               double *tops, double *inverses, double *scratch);
    // Its gradients by q, k and v from the cotangent g, [queries, value_width]. scratch: 2 queries + the larger width
    // elements for each key, rounded up likewise.
    void (*attention_head_gradient_f32)(long queries, long keys, long width, long value_width, const float *q, long ldq,
                                        const float *k, long ldk, const float *v, long ldv, const float *g, long ldg,
                                        float scale, const float *tops, const float *inverses, float *dq, long lddq,
                                        float *dk, long lddk, float *dv, long lddv, float *scratch);
    void (*attention_head_gradient_f64)(long queries, long keys, long width, long value_width, const double *q, long ldq,
                                        const double *k, long ldk, const double *v, long ldv, const double *g, long ldg,
                                        double scale, const double *tops, const double *inverses, double *dq, long lddq,
                                        double *dk, long lddk, double *dv, long lddv, double *scratch);

    // AdamW (Loshchilov & Hutter 2019, algorithm 2), PyTorch's order of operations:
    //   p *= 1 - rate*decay; m = b1*m + (1-b1)*g; v = b2*v + (1-b2)*g*g;
    //   p -= rate/correction1 * m / (sqrt(v)/sqrt(correction2) + eps)
    void (*adamw_f32)(long n, float *p, const float *g, float *m, float *v, const ck_adamw *step);
    void (*adamw_f64)(long n, double *p, const double *g, double *m, double *v, const ck_adamw *step);
    // The same along a gradient that is never stored: that of element (r, c) is sum over k < depth of
    // g[k*ldg + r] * x[k*ldx + c]. p, m, v: [rows, cols], leading dimension ldp.
    void (*adamw_product_f32)(long rows, long cols, long depth, const float *g, long ldg, const float *x, long ldx,
                              float *p, float *m, float *v, long ldp, const ck_adamw *step);
    void (*adamw_product_f64)(long rows, long cols, long depth, const double *g, long ldg, const double *x, long ldx,
                              double *p, double *m, double *v, long ldp, const ck_adamw *step);

    // Products with few rows on the left: out (+)= a b, a: [rows, depth], b: [depth, cols]; transposed: b: [cols, depth].
    // `add` adds to out. ldo, lda, ldb: leading dimensions.
    void (*thin_f32)(bool add, long rows, long cols, long depth, const float *a, long lda, const float *b, long ldb,
                     float *out, long ldo);
    void (*thin_f64)(bool add, long rows, long cols, long depth, const double *a, long lda, const double *b, long ldb,
                     double *out, long ldo);
    void (*thin_transposed_f32)(bool add, long rows, long cols, long depth, const float *a, long lda, const float *b,
                                long ldb, float *out, long ldo);
    void (*thin_transposed_f64)(bool add, long rows, long cols, long depth, const double *a, long lda, const double *b,
                                long ldb, double *out, long ldo);

    // Products with an extent of at most `gemm_reach` are faster here than in OpenBLAS.
    long gemm_reach;
    // out = start + op(a) op(b): [rows, depth] by [depth, cols]; the factors lie transposed where that is said. Rows of
    // start lie lds apart (0: all rows start from one, a bias); it may be out itself; NULL is 0.
    void (*gemm_f32)(bool transpose_a, bool transpose_b, long rows, long cols, long depth, const float *a, long lda,
                     const float *b, long ldb, const float *start, long lds, float *out, long ldo);
    void (*gemm_f64)(bool transpose_a, bool transpose_b, long rows, long cols, long depth, const double *a, long lda,
                     const double *b, long ldb, const double *start, long lds, double *out, long ldo);

    // The least of a[i] - b[i] and the second least (the same where it occurs twice), i < n; n is a multiple of 8.
    void (*two_least_f64)(long n, const double *a, const double *b, double *out);
    // length[i] = min((cost[i] - dual[i]) - shift, length[i]), and the least of them; n is a multiple of 8. Infinite
    // costs, duals and lengths are allowed, their differences must not be NaN.
    double (*relax_f64)(long n, const double *cost, const double *dual, double shift, double *length);

    // Philox4x32-10 (Salmon et al. 2011). Block b of stream (key, index) is the cipher of the counter
    // (low b, high b, low index, high index) under the key (low key, high key).
    // Element i of a stream is word i%4 of block i/4; first = index of the first element wanted (any value).
    void (*philox_bits)(uint64_t key, uint64_t index, uint64_t first, long n, uint32_t *out);
    // Uniform in [0, 1): (word >> 8) * 2^-24; element i uses word i.
    void (*philox_uniform_f32)(uint64_t key, uint64_t index, uint64_t first, long n, float *out);
    // Standard normal, Box-Muller: elements 2j, 2j+1 use words 2j, 2j+1: u1 = (w+1)*2^-32 (in (0,1]), u2 = w*2^-32;
    // r = sqrt(-2 log u1); (r cos 2 pi u2, r sin 2 pi u2). Evaluated with our own log, sin, cos so that bytes do not
    // depend on the C library.
    void (*philox_normal_f32)(uint64_t key, uint64_t index, uint64_t first, long n, float *out);

    // Elements of scratch memory, aligned to 64 bytes, that the two functions below need.
    long (*conv_scratch_f32)(const ck_convolution *c, bool gradient);
    long (*conv_scratch_f64)(const ck_convolution *c, bool gradient);
    // out = correlation of every sample with the weights, plus the bias of its output channel (bias may be NULL).
    // Samples of x and of out lie stride and out_stride apart. Of a window of equals the first is the largest, and NaN
    // is larger than all; rows and columns that fill no window are left out. A pool of 1 x 1 is none.
    void (*correlate_f32)(const ck_convolution *c, long samples, const float *x, long stride, const float *w,
                          const float *bias, float *out, long out_stride, float *scratch);
    void (*correlate_f64)(const ck_convolution *c, long samples, const double *x, long stride, const double *w,
                          const double *bias, double *out, long out_stride, double *scratch);
    // The gradient of the above by the weights, [outputs, inputs, kernel], from the upstream gradient g, summed over
    // the samples in a fixed order. Strides of weights, `flipped` and the pool are not looked at.
    void (*correlate_weights_f32)(const ck_convolution *c, long samples, const float *x, long stride, const float *g,
                                  long upstream_stride, float *out, float *scratch);
    void (*correlate_weights_f64)(const ck_convolution *c, long samples, const double *x, long stride,
                                  const double *g, long upstream_stride, double *out, double *scratch);

    // The largest element of each window and its index in the plane, the first of equals; NaN is the largest. `places`
    // may be NULL.
    void (*max_pool_f32)(const ck_pooling *c, long planes, const float *x, float *out, int32_t *places);
    void (*max_pool_f64)(const ck_pooling *c, long planes, const double *x, double *out, int32_t *places);
    // The same for windows of 2 x 2 side by side; an odd last row or column is left out.
    void (*max_pool_2x2_f32)(long height, long width, long planes, const float *x, float *out, int32_t *places);
    void (*max_pool_2x2_f64)(long height, long width, long planes, const double *x, double *out, int32_t *places);
    // out[r, i] = x[r, places[r, i]]; x: [rows, n], out and places: [rows, m].
    void (*take_f32)(long rows, long n, long m, const float *x, const int32_t *places, float *out);
    void (*take_f64)(long rows, long n, long m, const double *x, const int32_t *places, double *out);
    // The transpose: out[r, places[r, i]] += x[r, i], starting from zeros; out: [rows, n], x and places: [rows, m].
    void (*put_f32)(long rows, long n, long m, const float *x, const int32_t *places, float *out);
    void (*put_f64)(long rows, long n, long m, const double *x, const int32_t *places, double *out);
} ck_table;

// The table in force (chosen at first use). Never NULL.
const ck_table *ck_kernels(void);
// The table of a named set, or NULL where this processor cannot run it (tests run every set).
const ck_table *ck_kernels_named(const char *name);
// NULL, or why WEIGHTSPACE_KERNELS could not be obeyed (unknown set, or one this processor cannot run); the table in
// force is then the best one, and a command should refuse to go on.
const char *ck_kernels_problem(void);

// Worker pool. Runs task(context, i) once for each 0 <= i < count, on the calling thread and the pool's workers,
// and returns when all have ended. Nested calls, and calls made while another thread uses the pool, run inline.
typedef void (*ck_task)(void *context, long index);
void ck_parallel(long count, ck_task task, void *context);
// Threads used from now on, the caller included (at least 1). Default: the online processors.
void ck_set_threads(int threads);
int ck_threads(void);
#endif
