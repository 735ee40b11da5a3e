// One instruction set: every family in single, then in double precision, then the table.
// Expects CK_BYTES (vector width), CK_TILE_WIDTH, CK_THIN_ROWS, CK_THIN_COLS, CK_GEMM_TALL and CK_GEMM_COLS (what fits
// into the registers), CK_GEMM_REACH (the extent up to which the set's own product is the faster one), CK_SET_NAME,
// CK_TABLE, and CK_FUSED where fused multiply-add is fast.
#define CK_SIZE 4
#include "element.h"
#include "vector.h"
#include "math_f32.h"
#include "families.h"
#include "random.h"
#undef CK_SIZE

#define CK_SIZE 8
#include "element.h"
#include "vector.h"
#include "math_f64.h"
#include "families.h"
#include "assignment.h"
#undef CK_SIZE

#define CK_BOTH(name) .name##_f32 = name##_f32, .name##_f64 = name##_f64

const ck_table CK_TABLE = {
    .name = CK_SET_NAME,
    CK_BOTH(map),
    CK_BOTH(zip),
    CK_BOTH(affine),
    CK_BOTH(combine),
    CK_BOTH(copy),
    CK_BOTH(gather),
    CK_BOTH(transpose),
    CK_BOTH(sum),
    CK_BOTH(dot),
    CK_BOTH(sum_rows),
    CK_BOTH(max),
    CK_BOTH(argmax),
    CK_BOTH(layer_norm),
    CK_BOTH(layer_norm_dx),
    CK_BOTH(layer_norm_dgamma),
    CK_BOTH(log_softmax),
    CK_BOTH(attention_softmax),
    CK_BOTH(attention_softmax_gradient),
    .vector_bytes = CK_BYTES,
    CK_BOTH(attention_head),
    CK_BOTH(attention_head_gradient),
    CK_BOTH(adamw),
    CK_BOTH(adamw_product),
    CK_BOTH(thin),
    CK_BOTH(thin_transposed),
    .gemm_reach = CK_GEMM_REACH,
    CK_BOTH(gemm),
    .two_least_f64 = two_least_f64,
    .relax_f64 = relax_f64,
    .philox_bits = philox_bits,
    .philox_uniform_f32 = philox_uniform_f32,
    .philox_normal_f32 = philox_normal_f32,
    CK_BOTH(conv_scratch),
    CK_BOTH(correlate),
    CK_BOTH(correlate_weights),
    CK_BOTH(max_pool),
    CK_BOTH(max_pool_2x2),
    CK_BOTH(take),
    CK_BOTH(put),
};
