// The kernels for any processor: SSE2 on x86-64, the default vectors elsewhere.
#include "templates/prelude.h"

#define CK_BYTES 16
#define CK_TILE_WIDTH 2
#define CK_THIN_ROWS 4
#define CK_THIN_COLS 2
#define CK_GEMM_TALL 12
#define CK_GEMM_COLS 2
#define CK_GEMM_REACH 0
#define CK_SET_NAME "baseline"
#define CK_TABLE ck_table_baseline
#include "templates/set.h"
