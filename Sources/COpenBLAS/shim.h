#ifndef WEIGHTSPACE_COPENBLAS_SHIM_H
#define WEIGHTSPACE_COPENBLAS_SHIM_H
// OpenBLAS' own cblas.h, and the few LAPACK routines we call: Debian's OpenBLAS has LAPACK's Fortran
// symbols but no LAPACKE header.
#include <cblas.h>

void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
             double *work, const int *lwork, int *iwork, const int *liwork, int *info);
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);
#endif
