#include <zlib.h>

/// Prepares a zeroed stream for reading gzip members; `inflateInit2` is a macro and does not import.
static inline int ws_inflate_init_gzip(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}

/// Prepares a zeroed stream for reading deflate without a header, as ZIP archives hold it.
static inline int ws_inflate_init_raw(z_stream *stream) {
    return inflateInit2(stream, -15);
}
