// Philox4x32-10 (Salmon et al. 2011), several blocks at a time: each 64-bit lane holds one block's word in its low
// half; the high halves hold rubbish that no step reads.
typedef uint64_t philox_lanes __attribute__((ext_vector_type(CK_BYTES / 8)));
typedef uint64_t philox_loose __attribute__((ext_vector_type(CK_BYTES / 8), aligned(4), may_alias));
typedef uint32_t words_f32 __attribute__((ext_vector_type(CK_BYTES / 4)));

enum { CK_BLOCKS = CK_BYTES / 8, CK_WORDS = 64 * CK_BLOCKS }; // blocks a vector; words made at a time

// Interleaving of two vectors of 64-bit and of 32-bit lanes, and its inverse.
#if CK_BYTES == 64
#define CK_FRONT 0, 8, 1, 9, 2, 10, 3, 11
#define CK_BACK 4, 12, 5, 13, 6, 14, 7, 15
#define CK_EVEN 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
#define CK_ODD 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
#define CK_LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define CK_HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif CK_BYTES == 32
#define CK_FRONT 0, 4, 1, 5
#define CK_BACK 2, 6, 3, 7
#define CK_EVEN 0, 2, 4, 6, 8, 10, 12, 14
#define CK_ODD 1, 3, 5, 7, 9, 11, 13, 15
#define CK_LOW 0, 8, 1, 9, 2, 10, 3, 11
#define CK_HIGH 4, 12, 5, 13, 6, 14, 7, 15
#else
#define CK_FRONT 0, 2
#define CK_BACK 1, 3
#define CK_EVEN 0, 2, 4, 6
#define CK_ODD 1, 3, 5, 7
#define CK_LOW 0, 4, 1, 5
#define CK_HIGH 2, 6, 3, 7
#endif

// The keys of the ten rounds.
CK_INLINE void philox_schedule(uint64_t key, uint64_t low[10], uint64_t high[10]) {
    for (uint32_t round = 0; round < 10; round++) {
        low[round] = (uint32_t)key + round * 0x9E3779B9u;
        high[round] = (uint32_t)(key >> 32) + round * 0xBB67AE85u;
    }
}

// The 4 * CK_BLOCKS words of the blocks in `number`.
CK_INLINE void philox_vector(const uint64_t low[10], const uint64_t high[10], uint64_t index, philox_lanes number,
                             uint32_t *out) {
    philox_lanes c[4] = {number, number >> 32, (philox_lanes)index, (philox_lanes)(index >> 32)};
#pragma clang loop unroll(full)
    for (int round = 0; round < 10; round++) {
        philox_lanes p = (c[0] & 0xffffffff) * 0xD2511F53ull;
        philox_lanes q = (c[2] & 0xffffffff) * 0xCD9E8D57ull;
        c[0] = (q >> 32) ^ c[1] ^ low[round];
        c[1] = q;
        c[2] = (p >> 32) ^ c[3] ^ high[round];
        c[3] = p;
    }
    philox_lanes front = (c[0] & 0xffffffff) | (c[1] << 32), back = (c[2] & 0xffffffff) | (c[3] << 32);
    philox_loose *place = (philox_loose *)out;
    place[0] = __builtin_shufflevector(front, back, CK_FRONT);
    place[1] = __builtin_shufflevector(front, back, CK_BACK);
}

// At least n words from block `block` on, by whole vectors; `out` has room for CK_WORDS.
static void philox_words(uint64_t key, uint64_t index, uint64_t block, long n, uint32_t *out) {
    static const uint64_t ramp[] = {0, 1, 2, 3, 4, 5, 6, 7};
    uint64_t low[10], high[10];
    philox_schedule(key, low, high);
    philox_lanes number = *(const philox_loose *)ramp + block;
    for (long i = 0; i < n; i += 4 * CK_BLOCKS, number += CK_BLOCKS)
        philox_vector(low, high, index, number, out + i);
}

CK_INLINE vector_f32 uniform_words(words_f32 w) {
    return __builtin_convertvector((integers_f32)(w >> 8), vector_f32) * 0x1p-24f;
}

// The standard normals of two vectors of words, in place of them.
CK_INLINE void normal_words(words_f32 w, words_f32 angle, vector_f32 *first, vector_f32 *second) {
    vector_f32 e;
    vector_f32 m = split_f32(__builtin_convertvector(w, vector_f32) + 1.0f, &e);
    vector_f32 below = __builtin_convertvector(~w, vector_f32) * -0x1p-32f; // u1 - 1, exact where u1 is near 1
    e -= 32.0f;
    vector_f32 f = select_f32(e == 0.0f, below, m - 1.0f);
    vector_f32 radius = v_sqrt_f32(log_reduced_f32(f, e) * -2.0f);
    words_f32 quarter = (angle + 0x20000000u) >> 30;
    vector_f32 r = __builtin_convertvector((integers_f32)(angle - (quarter << 30)), vector_f32) * 1.46291807927e-9f;
    vector_f32 s = sin_reduced_f32(r), c = cos_reduced_f32(r);
    integers_f32 swap = (integers_f32)(quarter & 1) != 0;
    vector_f32 x = select_f32(swap, s, c), y = select_f32(swap, c, s);
    *first = radius * (vector_f32)((words_f32)x ^ (((quarter + 1) & 2) << 30));
    *second = radius * (vector_f32)((words_f32)y ^ ((quarter & 2) << 30));
}

// Words (CK_WORDS of them are readable) to values, in place of them in `out`.
static void philox_uniforms(long n, const uint32_t *words, float *out) {
    for (long i = 0; i < n; i += CK_BYTES / 4)
        store_f32(out + i, uniform_words((words_f32)load_f32((const float *)(words + i))));
}

static void philox_normals(long n, const uint32_t *words, float *out) {
    for (long i = 0; i < n; i += CK_BYTES / 2) {
        words_f32 a = (words_f32)load_f32((const float *)(words + i));
        words_f32 b = (words_f32)load_f32((const float *)(words + i + CK_BYTES / 4));
        vector_f32 x, y;
        normal_words(__builtin_shufflevector(a, b, CK_EVEN), __builtin_shufflevector(a, b, CK_ODD), &x, &y);
        store_f32(out + i, __builtin_shufflevector(x, y, CK_LOW));
        store_f32(out + i + CK_BYTES / 4, __builtin_shufflevector(x, y, CK_HIGH));
    }
}

// The pieces of a stream that start and end anywhere: words are made from a block's first on, `body` turns them
// into values, and those wanted are copied out.
#define CK_DEFINE_STREAM(name, type, body)                                             \
    static void name(uint64_t key, uint64_t index, uint64_t first, long n, type *out) { \
        uint32_t words[CK_WORDS] __attribute__((aligned(64)));                         \
        type values[CK_WORDS] __attribute__((aligned(64)));                            \
        uint64_t block = first / 4;                                                    \
        long skip = (long)(first % 4);                                                 \
        while (n > 0) {                                                                \
            long m = ck_min(CK_WORDS - skip, n);                                       \
            philox_words(key, index, block, skip + m, words);                          \
            body(skip + m, words, values);                                             \
            memcpy(out, values + skip, (size_t)m * sizeof(type));                      \
            out += m;                                                                  \
            n -= m;                                                                    \
            skip = 0;                                                                  \
            block += CK_WORDS / 4;                                                     \
        }                                                                              \
    }

static void philox_same(long n, const uint32_t *words, uint32_t *out) {
    memcpy(out, words, (size_t)n * sizeof(uint32_t));
}

CK_DEFINE_STREAM(philox_bits, uint32_t, philox_same)
CK_DEFINE_STREAM(philox_uniform_f32, float, philox_uniforms)
CK_DEFINE_STREAM(philox_normal_f32, float, philox_normals)
