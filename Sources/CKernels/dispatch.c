// Which set of kernels runs: chosen once from the processor's features and WEIGHTSPACE_KERNELS.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "templates/prelude.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const ck_table *chosen;
static char problem[160];

static const ck_table *best(void) {
#if defined(__x86_64__)
    const ck_table *table = ck_kernels_named("avx512");
    if (!table) table = ck_kernels_named("avx2");
    if (table) return table;
#endif
    return &ck_table_baseline;
}

const ck_table *ck_kernels_named(const char *name) {
    if (strcmp(name, "baseline") == 0) return &ck_table_baseline;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (strcmp(name, "avx2") == 0 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
        __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2"))
        return &ck_table_avx2;
    if (strcmp(name, "avx512") == 0 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && ck_kernels_named("avx2"))
        return &ck_table_avx512;
#endif
    return NULL;
}

static void choose(void) {
    const char *name = getenv("WEIGHTSPACE_KERNELS");
    chosen = name && *name ? ck_kernels_named(name) : best();
    if (chosen) return;
    bool known = strcmp(name, "avx2") == 0 || strcmp(name, "avx512") == 0;
    snprintf(problem, sizeof problem, "WEIGHTSPACE_KERNELS=%.40s: %s; expected baseline, avx2 or avx512", name,
             known ? "this processor cannot run that set" : "no such set of kernels");
    chosen = best();
}

const ck_table *ck_kernels(void) {
    pthread_once(&once, choose);
    return chosen;
}

const char *ck_kernels_problem(void) {
    pthread_once(&once, choose);
    return *problem ? problem : NULL;
}
