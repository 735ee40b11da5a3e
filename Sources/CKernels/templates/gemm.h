// Matrix products in register tiles: the left factor is read where it lies, an element at a time; the right one is
// copied into panels of CK_GEMM_COLS vectors that stay in the first cache. For products too small or too thin to pay
// for OpenBLAS' packing of both. A left factor that is read down its columns is copied too, a block of rows at a time: its
// taps lie whole rows apart, each on a page of its own. An element's sum does not depend on the rows and columns beside it.

// Taps of a panel.
#define CK_GEMM_DEPTH 256
#define CK_GEMM_WIDTH (CK_GEMM_COLS * L)
// Rows of a left factor that are copied at a time, and the least number of panels that read them for the copy to pay.
#define CK_GEMM_ROWS (768 / CK_SIZE)
#define CK_GEMM_PANELS 4
// Taps that are copied at a time.
#define CK_GEMM_TAPS 16

// sum[i][j] += sum over k < depth of a[i*row + k*tap] b[k*ldb + j], for `rows` by `cols` vectors (constant where this
// is inlined).
CK_INLINE void CK_(gemm_sums)(int rows, int cols, long depth, const T *a, long row, long tap, const T *b, long ldb,
                              V sum[CK_GEMM_TALL][CK_GEMM_COLS]) {
    for (long k = 0; k < depth; k++, a += tap, b += ldb)
#pragma clang loop unroll(full) // or the sums leave the registers
        for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
            for (int j = 0; j < cols; j++)
                sum[i][j] = CK_(fma)(CK_(splat)(a[i * row]), CK_(load)(b + j * L), sum[i][j]);
}

// The same for rows of contiguous taps. Meanwhile the rows below are fetched, a cache line of each at a time, and the
// lines that the sums will be written to: all of them at the tile's end would keep the next one waiting.
CK_INLINE void CK_(gemm_sums_ahead)(int rows, int cols, long depth, const T *a, long row, const T *b, long ldb,
                                    const T *out, long ldo, V sum[CK_GEMM_TALL][CK_GEMM_COLS]) {
    const long line = 64 / CK_SIZE;
    for (long k = 0, i = 0; k < depth; k += line, i++) {
        for (int below = rows; below < 2 * rows; below++) __builtin_prefetch(a + below * row + k);
        for (int j = 0; i < rows && j < cols * L; j += line) __builtin_prefetch(out + i * ldo + j, 1);
        CK_(gemm_sums)(rows, cols, ck_min(line, depth - k), a + k, row, 1, b + k * ldb, ldb, sum);
    }
}

// One tile of the result, `width` columns of it.
CK_INLINE void CK_(gemm_tile)(bool copied, int rows, int cols, long width, long depth, const T *a, long row, long tap,
                              const T *b, long ldb, const T *start, long lds, T *out, long ldo) {
    V sum[CK_GEMM_TALL][CK_GEMM_COLS] = {{0}};
    if (tap == 1 && !copied)
        CK_(gemm_sums_ahead)(rows, cols, depth, a, row, b, ldb, out, ldo, sum);
    else
        CK_(gemm_sums)(rows, cols, depth, a, row, tap, b, ldb, sum);
    const long rest = width - (cols - 1) * L;
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++, out += ldo)
#pragma clang loop unroll(full)
        for (int j = 0; j < cols; j++) {
            const T *from = start ? start + i * lds + j * L : start;
            if (j + 1 == cols && rest < L)
                CK_(store_part)(out + j * L, rest, start ? CK_(load_part)(from, rest, 0) + sum[i][j] : sum[i][j]);
            else
                CK_(store)(out + j * L, start ? CK_(load)(from) + sum[i][j] : sum[i][j]);
        }
}

// Rows of the next tile: `tall` at a time, then what is left, in one tile where it can be.
CK_INLINE long CK_(gemm_height)(int tall, long rows) {
    return rows >= tall ? tall : tall > 12 && rows >= 12 ? 12 : tall > 6 && rows >= 6 ? 6 : rows;
}

// All rows of `width` columns, by tiles. Where a is `copied` its tiles lie one after the other, tap by tap.
CK_INLINE void CK_(gemm_rows)(bool copied, int tall, int cols, long rows, long width, long depth, const T *a, long row,
                              long tap, const T *b, long ldb, const T *start, long lds, T *out, long ldo) {
#define CK_TILE(count)                                                                                             \
    CK_(gemm_tile)(copied, count, cols, width, depth, a + i * (copied ? depth : row), copied ? 1 : row,            \
                   copied ? count : tap, b, ldb, start ? start + i * lds : start, lds, out + i * ldo, ldo)
    long i = 0;
    for (; i + tall <= rows; i += tall) CK_TILE(tall);
    if (tall > 12 && i + 12 <= rows) {
        CK_TILE(12);
        i += 12;
    }
    if (tall > 6 && i + 6 <= rows) {
        CK_TILE(6);
        i += 6;
    }
    switch (rows - i) {
    case 5: CK_TILE(5); break;
    case 4: CK_TILE(4); break;
    case 3: CK_TILE(3); break;
    case 2: CK_TILE(2); break;
    case 1: CK_TILE(1); break;
    }
#undef CK_TILE
}

// Rows of a, whose taps are `tap` apart, as the tiles of gemm_rows: a few taps of all tiles at a time, so that the lines
// of a stay in the first cache meanwhile. Where a part of a vector is slow to store, whole ones are, and the next tap is
// written over what is too much; only beside the last rows and after the last tap there is no room for it.
CK_INLINE void CK_(gemm_copy)(int tall, long rows, long depth, const T *a, long tap, T *out) {
    for (long first = 0; first < depth; first += CK_GEMM_TAPS)
        for (long i = 0, height; i < rows; i += height) {
            height = CK_(gemm_height)(tall, rows - i);
            const bool fits = CK_BYTES < 64 && i + (height + L - 1) / L * L <= rows;
            const long last = ck_min(depth, first + CK_GEMM_TAPS), loose = fits ? ck_min(last, depth - 1) : first;
            const T *from = a + i + first * tap;
            T *to = out + i * depth + first * height;
            long k = first;
            for (; k < loose; k++, from += tap, to += height)
                for (long j = 0; j < height; j += L) CK_(store)(to + j, CK_(load)(from + j));
            for (; k < last; k++, from += tap, to += height) {
                long j = 0;
                for (; j + L <= height; j += L) CK_(store)(to + j, CK_(load)(from + j));
                if (j < height) CK_(store_part)(to + j, height - j, CK_(load_part)(from + j, height - j, 0));
            }
        }
}

// A panel of b (depth by width, or width by depth where transposed) as depth rows of `cols` vectors, filled with zeros.
CK_INLINE void CK_(gemm_pack)(int cols, bool transposed, long depth, long width, const T *b, long ldb, T *panel) {
    const long wide = cols * L;
    if (transposed) {
        if (width < wide) memset(panel, 0, (size_t)(depth * wide) * sizeof(T));
        CK_(transpose)(width, depth, b, ldb, panel, wide);
        return;
    }
    const long rest = width - (cols - 1) * L;
    for (long k = 0; k < depth; k++, b += ldb, panel += wide) {
        for (int j = 0; j + 1 < cols; j++) CK_(store)(panel + j * L, CK_(load)(b + j * L));
        const T *last = b + (cols - 1) * L;
        CK_(store)(panel + (cols - 1) * L, rest < L ? CK_(load_part)(last, rest, 0) : CK_(load)(last));
    }
}

CK_INLINE void CK_(gemm_panel)(bool copied, bool transposed, long rows, long width, long depth, const T *a, long row,
                               long tap, const T *b, long ldb, T *panel, const T *start, long lds, T *out, long ldo) {
#define CK_PANEL(tall, cols)                                                                                       \
    CK_(gemm_pack)(cols, transposed, depth, width, b, ldb, panel);                                                 \
    CK_(gemm_rows)(copied, tall, cols, rows, width, depth, a, row, tap, panel, (cols) * L, start, lds, out, ldo)
    if (width > L) {
        CK_PANEL(CK_GEMM_TALL / 2, 2);
    } else if (copied) {
        CK_PANEL(CK_GEMM_TALL / 2, 1);
    } else {
        CK_PANEL(CK_GEMM_TALL, 1);
    }
#undef CK_PANEL
}

static void CK_(gemm)(bool transpose_a, bool transpose_b, long rows, long cols, long depth, const T *a, long lda,
                      const T *b, long ldb, const T *start, long lds, T *out, long ldo) {
    T panel[CK_GEMM_DEPTH * CK_GEMM_WIDTH] __attribute__((aligned(64)));
    T tiles[CK_GEMM_DEPTH * CK_GEMM_ROWS] __attribute__((aligned(64)));
    const long row = transpose_a ? 1 : lda, tap = transpose_a ? lda : 1;
    const bool copied = transpose_a && cols >= CK_GEMM_PANELS * CK_GEMM_WIDTH;
    const long height = copied ? CK_GEMM_ROWS : rows;
    for (long k = 0; k < depth; k += CK_GEMM_DEPTH, start = out, lds = ldo)
        for (long i = 0; i < rows; i += height) {
            const long part = ck_min(CK_GEMM_DEPTH, depth - k), high = ck_min(height, rows - i);
            const T *left = a + k * tap + i * row;
            if (copied) CK_(gemm_copy)(CK_GEMM_TALL / 2, high, part, left, tap, tiles);
            for (long j = 0; j < cols; j += CK_GEMM_WIDTH) {
                const T *right = b + (transpose_b ? j * ldb + k : k * ldb + j);
                const T *from = start ? start + i * lds + j : start;
                const long width = ck_min(CK_GEMM_WIDTH, cols - j);
                if (copied)
                    CK_(gemm_panel)(true, transpose_b, high, width, part, tiles, row, tap, right, ldb, panel, from, lds,
                                    out + i * ldo + j, ldo);
                else
                    CK_(gemm_panel)(false, transpose_b, high, width, part, left, row, tap, right, ldb, panel, from, lds,
                                    out + i * ldo + j, ldo);
            }
        }
}
