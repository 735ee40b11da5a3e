// What every kernel file needs before its target attribute is pushed.
#ifndef WEIGHTSPACE_PRELUDE_H
#define WEIGHTSPACE_PRELUDE_H
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "ckernels.h"

extern const ck_table ck_table_baseline;
#if defined(__x86_64__)
extern const ck_table ck_table_avx2;
extern const ck_table ck_table_avx512;
#endif

#define CK_INLINE static inline __attribute__((always_inline))

// Elements gathered at a time into contiguous scratch when an operand is strided.
enum { CK_CHUNK = 256 };

CK_INLINE long ck_min(long a, long b) { return a < b ? a : b; }
#endif
