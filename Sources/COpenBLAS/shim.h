#ifndef WEIGHTSPACE_COPENBLAS_SHIM_H
#define WEIGHTSPACE_COPENBLAS_SHIM_H
// OpenBLAS' own cblas.h, and the few LAPACK routines we call: Debian's OpenBLAS has LAPACK's Fortran
// symbols but no LAPACKE header.
#include <cblas.h>
#include <stdbool.h>
#include <stdlib.h>

void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
             double *work, const int *lwork, int *iwork, const int *liwork, int *info);
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);

// How OpenBLAS chooses its kernels when it is loaded; exported where it was built for many processors (DYNAMIC_ARCH).
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));

// Lets OpenBLAS choose again, as if OPENBLAS_CORETYPE had been `core`. Only before the first product and while no other
// thread uses OpenBLAS or the environment. False where this build has a single kernel set.
static inline bool openblas_choose_core(const char *core) {
    if (!gotoblas_dynamic_init || !gotoblas_dynamic_quit) return false;
    setenv("OPENBLAS_CORETYPE", core, 1);
    gotoblas_dynamic_quit();
    gotoblas_dynamic_init();
    unsetenv("OPENBLAS_CORETYPE");
    return true;
}
#endif
