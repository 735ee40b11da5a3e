// The kernels for AVX2 with fused multiply-add.
#include "templates/prelude.h"

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2"))), apply_to = function)
#define CK_BYTES 32
#define CK_TILE_WIDTH 2
#define CK_THIN_ROWS 4
#define CK_THIN_COLS 2
#define CK_GEMM_TALL 12
#define CK_GEMM_COLS 2
#define CK_GEMM_REACH 512
#define CK_FUSED 1
#define CK_SET_NAME "avx2"
#define CK_TABLE ck_table_avx2
#include "templates/set.h"
#pragma clang attribute pop
#endif
