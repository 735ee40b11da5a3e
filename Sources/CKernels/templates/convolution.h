// Convolution with samples innermost: L samples of every pixel lie side by side as one vector, so that a weight is
// broadcast and multiplied with L samples at once, whatever the extents, strides and dilations are.
//
// A tap is one (input channel, kernel row, kernel column); a table says how far it lies from a window's corner.

// The tiles whose sums stay in registers: output channels x neighbouring output columns (or taps).
#undef CK_TILES
#undef CK_CONV_PAD
#if CK_BYTES == 64
#define CK_TILES(X) X(8, 3) X(6, 4) X(4, 6) X(2, 8) X(1, 8)
#elif CK_BYTES == 32
#define CK_TILES(X) X(6, 2) X(4, 2) X(2, 4) X(1, 8)
#else
#define CK_TILES(X) X(4, 2) X(2, 4) X(1, 8)
#endif
// Taps that exist in the table only to fill the last tile.
#define CK_CONV_PAD 7

typedef struct {
    const ck_convolution *c;
    long height, width; // of the image with its border
    long taps;
    long rows;   // output rows made at a time
    T *image;    // [inputs, height, width, L]
    T *tile;     // [rows, outWidth, channels of a tile, L]
    T *upstream; // of the weight gradient: [tiles of outputs, positions, channels of a tile, L]
    T *sums;     // of the weight gradient: [tiles of outputs, taps, channels of a tile, L]
    long *offsets;
    T *weights; // [tiles of outputs, bias and taps, channels of a tile]
    T *end;
} CK_(conv_plan);

// Channels of the next tile: all that are left, or as many as the first tile in the list that they fill.
CK_INLINE long CK_(conv_channels)(long rest) {
#define CK_PICK(channels, columns) if (rest == channels) return channels;
    CK_TILES(CK_PICK)
#undef CK_PICK
#define CK_PICK(channels, columns) if (rest >= channels) return channels;
    CK_TILES(CK_PICK)
#undef CK_PICK
    return 1;
}

// Lays out the scratch memory, which starts at a multiple of 64 bytes.
static CK_(conv_plan) CK_(conv_layout)(const ck_convolution *c, T *scratch, bool gradient) {
    CK_(conv_plan) p = {.c = c};
    p.height = (c->out_height - 1) * c->stride_y + (c->kernel_height - 1) * c->dilation_y + 1;
    p.width = (c->out_width - 1) * c->stride_x + (c->kernel_width - 1) * c->dilation_x + 1;
    p.taps = c->inputs * c->kernel_height * c->kernel_width;
    long row = ck_min(c->outputs, 8) * c->out_width * L, budget = (gradient ? 12288 : 24576) / (long)sizeof(T);
    long pool = gradient ? 1 : c->pool_height, windows = budget / (row * pool);
    p.rows = ck_min(c->out_height, windows < 1 ? pool : windows * pool);
    p.image = scratch;
    p.tile = p.image + c->inputs * p.height * p.width * L;
    p.upstream = p.tile + (gradient ? 0 : p.rows * row);
    p.sums = p.upstream + (gradient ? c->outputs * c->out_height * c->out_width * L : 0);
    T *end = p.sums + (gradient ? c->outputs * (p.taps + CK_CONV_PAD) * L : 0);
    end += (uintptr_t)end % sizeof(long) / sizeof(T);
    p.offsets = (long *)(void *)end;
    p.weights = (T *)(void *)(p.offsets + p.taps + CK_CONV_PAD);
    p.end = p.weights + (gradient ? 0 : c->outputs * (p.taps + 1));
    return p;
}

static long CK_(conv_scratch)(const ck_convolution *c, bool gradient) {
    CK_(conv_plan) p = CK_(conv_layout)(c, (T *)64, gradient);
    return p.end - (T *)64;
}

static void CK_(conv_offsets)(const CK_(conv_plan) *p) {
    const ck_convolution *c = p->c;
    long t = 0;
    for (long i = 0; i < c->inputs; i++)
        for (long y = 0; y < c->kernel_height; y++)
            for (long x = 0; x < c->kernel_width; x++)
                p->offsets[t++] = ((i * p->height + y * c->dilation_y) * p->width + x * c->dilation_x) * L;
    for (long k = 0; k < CK_CONV_PAD; k++) p->offsets[t++] = 0;
}

// Up to L samples, `stride` apart, become the lanes of the image; `fresh` memory gets its zeros first.
static void CK_(conv_image)(const CK_(conv_plan) *p, long samples, const T *x, long stride, bool fresh) {
    const ck_convolution *c = p->c;
    bool plain = c->spread_y == 1 && c->spread_x == 1 && c->top == 0 && c->left == 0 && p->height == c->height &&
                 p->width == c->width;
    if (samples < L || (fresh && !plain))
        memset(p->image, 0, (size_t)(c->inputs * p->height * p->width * L) * sizeof(T));
    if (plain) {
        CK_(transpose)(samples, c->inputs * c->height * c->width, x, stride, p->image, L);
        return;
    }
    // Columns that lie inside the image: 0 <= left + j spread < width.
    long first = c->left < 0 ? (c->spread_x - 1 - c->left) / c->spread_x : 0;
    long end = ck_min(c->width, c->left < p->width ? (p->width - c->left - 1) / c->spread_x + 1 : 0);
    if (first >= end) return;
    for (long i = 0; i < c->inputs; i++)
        for (long y = 0; y < c->height; y++) {
            long row = c->top + y * c->spread_y;
            if (row < 0 || row >= p->height) continue;
            T *target = p->image + ((i * p->height + row) * p->width + c->left + first * c->spread_x) * L;
            CK_(transpose)(samples, end - first, x + (i * c->height + y) * c->width + first, stride, target,
                           c->spread_x * L);
        }
}

// Weights in the order in which the tiles read them, each tile's biases first.
static void CK_(conv_weights)(const CK_(conv_plan) *p, const T *w, const T *bias) {
    const ck_convolution *c = p->c;
    long window = c->kernel_height * c->kernel_width;
    T *to = p->weights;
    for (long o = 0, channels; o < c->outputs; o += channels) {
        channels = CK_(conv_channels)(c->outputs - o);
        for (long k = 0; k < channels; k++) *to++ = bias ? bias[o + k] : 0;
        for (long i = 0; i < c->inputs; i++)
            for (long t = 0; t < window; t++)
                for (long k = 0; k < channels; k++)
                    *to++ = w[(o + k) * c->weight_output + i * c->weight_input + (c->flipped ? window - 1 - t : t)];
    }
}

// One tile: `columns` neighbouring windows, `step` apart, for `channels` outputs. out: [columns, channels, L].
CK_INLINE void CK_(conv_tile)(const int channels, const int columns, long taps, const long *offsets, const T *x,
                              long step, const T *w, T *out) {
    V sum[24], v[8];
#pragma clang loop unroll(full)
    for (int k = 0; k < channels * columns; k++) sum[k] = CK_(splat)(w[k / columns]);
    w += channels;
    for (long t = 0; t < taps; t++, w += channels) {
        const T *from = x + offsets[t];
#pragma clang loop unroll(full)
        for (int j = 0; j < columns; j++) v[j] = CK_(load)(from + j * step);
#pragma clang loop unroll(full)
        for (int k = 0; k < channels * columns; k++)
            sum[k] = CK_(fma)(CK_(splat)(w[k / columns]), v[k % columns], sum[k]);
    }
#pragma clang loop unroll(full)
    for (int k = 0; k < channels * columns; k++)
        CK_(store)(out + (k % columns * channels + k / columns) * L, sum[k]);
}

// `rows` output rows from `row` on, all columns; the last tile of a row ends with it, whatever it repeats.
CK_INLINE void CK_(conv_rows)(const int channels, const int columns, const CK_(conv_plan) *p, long row, long rows,
                              const T *w) {
    long step = p->c->stride_x * L, wide = p->c->out_width;
    for (long y = 0; y < rows; y++)
        for (long j = 0; j < wide; j += columns) {
            long at = ck_min(j, wide - columns);
            CK_(conv_tile)(channels, columns, p->taps, p->offsets,
                           p->image + (row + y) * p->c->stride_y * p->width * L + at * step, step, w,
                           p->tile + (y * wide + at) * channels * L);
        }
}

// The sums of one tile of taps over `rows` rows of upstream gradients. sums: [taps, channels, L].
CK_INLINE void CK_(conv_gradients)(const int channels, const int taps, const CK_(conv_plan) *p, const long *offsets,
                                long row, long rows, const T *g, T *sums) {
    V sum[24], v[8];
    const T *from[8];
    long step = p->c->stride_x * L;
#pragma clang loop unroll(full)
    for (int k = 0; k < channels * taps; k++) sum[k] = CK_(load)(sums + k * L);
    for (long y = row; y < row + rows; y++) {
#pragma clang loop unroll(full)
        for (int t = 0; t < taps; t++) from[t] = p->image + offsets[t] + y * p->c->stride_y * p->width * L;
        for (long j = 0; j < p->c->out_width; j++, g += channels * L) {
#pragma clang loop unroll(full)
            for (int t = 0; t < taps; t++) v[t] = CK_(load)(from[t] + j * step);
#pragma clang loop unroll(full)
            for (int k = 0; k < channels; k++) {
                V upstream = CK_(load)(g + k * L);
#pragma clang loop unroll(full)
                for (int t = 0; t < taps; t++)
                    sum[t * channels + k] = CK_(fma)(upstream, v[t], sum[t * channels + k]);
            }
        }
    }
#pragma clang loop unroll(full)
    for (int k = 0; k < channels * taps; k++) CK_(store)(sums + k * L, sum[k]);
}

#undef CK_DEFINE_TILE
#define CK_DEFINE_TILE(channels, columns)                                                                       \
    static void CK_(conv_rows_##channels)(const CK_(conv_plan) * p, long row, long rows, const T *w) {          \
        if (p->c->out_width >= columns) CK_(conv_rows)(channels, columns, p, row, rows, w);                     \
        else if (p->c->out_width >= 2) CK_(conv_rows)(channels, 2, p, row, rows, w);                            \
        else CK_(conv_rows)(channels, 1, p, row, rows, w);                                                      \
    }                                                                                                           \
    static void CK_(conv_gradients_##channels)(const CK_(conv_plan) * p, long row, long rows, const T *g, T *sums) { \
        for (long t = 0; t < p->taps; t += columns)                                                             \
            CK_(conv_gradients)(channels, columns, p, p->offsets + t, row, rows, g, sums + t * channels * L);      \
    }
CK_TILES(CK_DEFINE_TILE)

// A finished tile [positions, channels, L], lanes back to samples: `plane` elements lie between channels of `out`.
static void CK_(conv_samples)(long positions, long channels, long lanes, const T *tile, long plane, T *out,
                              long stride) {
    long i = 0;
#if CK_BYTES == 64 && CK_SIZE == 4
    if (lanes == L)
        for (; i + L <= positions; i += L)
            for (long k = 0; k < channels; k++)
                transpose_lines_f32(tile + (i * channels + k) * L, channels * L, out + k * plane + i, stride);
#endif
    for (long k = 0; k < channels && i < positions; k++)
        CK_(transpose)(positions - i, lanes, tile + (i * channels + k) * L, channels * L, out + k * plane + i, stride);
}

// The largest of each window of a finished tile of `rows` rows, in place.
static void CK_(conv_pool)(const ck_convolution *c, long rows, long channels, T *tile) {
    T *out = tile;
    for (long i = 0; i + c->pool_height <= rows; i += c->pool_height)
        for (long j = 0; j + c->pool_width <= c->out_width; j += c->pool_width)
            for (long k = 0; k < channels; k++, out += L) {
                const T *corner = tile + ((i * c->out_width + j) * channels + k) * L;
                V best = CK_(load)(corner);
                for (long y = 0; y < c->pool_height; y++)
                    for (long x = 0; x < c->pool_width; x++) {
                        V next = CK_(load)(corner + (y * c->out_width + x) * channels * L);
                        best = CK_(select)((next > best) | (next != next), next, best);
                    }
                CK_(store)(out, best);
            }
}

static void CK_(correlate)(const ck_convolution *c, long samples, const T *x, long stride, const T *w, const T *bias,
                           T *out, long out_stride, T *scratch) {
    CK_(conv_plan) p = CK_(conv_layout)(c, scratch, false);
    CK_(conv_offsets)(&p);
    CK_(conv_weights)(&p, w, bias);
    bool pools = c->pool_height > 1 || c->pool_width > 1;
    long height = c->out_height / c->pool_height, width = c->out_width / c->pool_width;
    for (long first = 0; first < samples; first += L) {
        long lanes = ck_min(L, samples - first);
        CK_(conv_image)(&p, lanes, x + first * stride, stride, first == 0);
        for (long row = 0; row < height * c->pool_height; row += p.rows) {
            long rows = ck_min(p.rows, height * c->pool_height - row);
            for (long o = 0, channels; o < c->outputs; o += channels) {
                channels = CK_(conv_channels)(c->outputs - o);
                const T *packed = p.weights + o * (p.taps + 1);
#define CK_RUN(number, columns) if (channels == number) CK_(conv_rows_##number)(&p, row, rows, packed);
                CK_TILES(CK_RUN)
#undef CK_RUN
                if (pools) CK_(conv_pool)(c, rows, channels, p.tile);
                CK_(conv_samples)(rows / c->pool_height * width, channels, lanes, p.tile, height * width,
                                  out + first * out_stride + (o * height + row / c->pool_height) * width, out_stride);
            }
        }
    }
}

// Up to L samples of upstream gradients as lanes.
static void CK_(conv_upstream)(const CK_(conv_plan) *p, long samples, const T *g, long stride) {
    long positions = p->c->out_height * p->c->out_width;
    if (samples < L) memset(p->upstream, 0, (size_t)(p->c->outputs * positions * L) * sizeof(T));
    for (long o = 0, channels; o < p->c->outputs; o += channels) {
        channels = CK_(conv_channels)(p->c->outputs - o);
        for (long k = 0; k < channels; k++)
            CK_(transpose)(samples, positions, g + (o + k) * positions, stride,
                           p->upstream + (o * positions + k) * L, channels * L);
    }
}

static void CK_(correlate_weights)(const ck_convolution *c, long samples, const T *x, long stride, const T *g,
                                   long upstream_stride, T *out, T *scratch) {
    CK_(conv_plan) p = CK_(conv_layout)(c, scratch, true);
    long positions = c->out_height * c->out_width, padded = p.taps + CK_CONV_PAD, channels;
    CK_(conv_offsets)(&p);
    memset(p.sums, 0, (size_t)(c->outputs * padded * L) * sizeof(T));
    for (long first = 0; first < samples; first += L) {
        long lanes = ck_min(L, samples - first);
        CK_(conv_image)(&p, lanes, x + first * stride, stride, first == 0);
        CK_(conv_upstream)(&p, lanes, g + first * upstream_stride, upstream_stride);
        for (long o = 0; o < c->outputs; o += channels) {
            channels = CK_(conv_channels)(c->outputs - o);
            for (long row = 0; row < c->out_height; row += p.rows) {
                long rows = ck_min(p.rows, c->out_height - row);
                const T *from = p.upstream + (o * positions + row * c->out_width * channels) * L;
#define CK_RUN(number, columns) \
    if (channels == number) CK_(conv_gradients_##number)(&p, row, rows, from, p.sums + o * padded * L);
                CK_TILES(CK_RUN)
#undef CK_RUN
            }
        }
    }
    for (long o = 0; o < c->outputs; o += channels) {
        channels = CK_(conv_channels)(c->outputs - o);
        for (long k = 0; k < channels; k++)
            for (long t = 0; t < p.taps; t++)
                out[(o + k) * p.taps + t] = CK_(total)(CK_(load)(p.sums + (o * padded + t * channels + k) * L));
    }
}
