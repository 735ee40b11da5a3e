// The kernels for AVX-512 (F, BW, DQ, VL).
#include "templates/prelude.h"

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi,bmi2"))), apply_to = function)
#define CK_BYTES 64
#define CK_TILE_WIDTH 4
#define CK_THIN_ROWS 8
#define CK_THIN_COLS 3
#define CK_GEMM_TALL 24
#define CK_GEMM_COLS 2
#define CK_GEMM_REACH 128
#define CK_FUSED 1
#define CK_SET_NAME "avx512"
#define CK_TABLE ck_table_avx512
#include "templates/set.h"
#pragma clang attribute pop
#endif
