// The element type of the templates that follow: T with suffix, V a vector of it, I the integers of the same
// shape, W the same lanes in double precision, L the lanes.
#undef T
#undef CK_
#undef V
#undef I
#undef W
#undef L
#if CK_SIZE == 4
#define T float
#define CK_(name) name##_f32
#else
#define T double
#define CK_(name) name##_f64
#endif
#define V CK_(vector)
#define I CK_(integers)
#define W CK_(wide)
#define L (CK_BYTES / CK_SIZE)

typedef T V __attribute__((ext_vector_type(L)));
typedef T CK_(loose) __attribute__((ext_vector_type(L), aligned(CK_SIZE), may_alias));
typedef double W __attribute__((ext_vector_type(L)));
#if CK_SIZE == 4
typedef int32_t I __attribute__((ext_vector_type(L)));
#else
typedef int64_t I __attribute__((ext_vector_type(L)));
#endif
