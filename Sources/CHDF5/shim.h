#ifndef WEIGHTSPACE_CHDF5_SHIM_H
#define WEIGHTSPACE_CHDF5_SHIM_H
// libhdf5's constants are macros over shared mutable variables: Swift cannot import the macros and refuses the
// variables. Each one we need is a static inline function here. Functions whose name is a versioned macro
// (H5Oget_info, H5Lget_info) are wrapped too, so that 1.10, 1.12 and 1.14 all build.
#include <hdf5.h>
#include <stdbool.h>
#include <string.h>

static inline hid_t ch5_default(void) { return H5P_DEFAULT; }
static inline hid_t ch5_all(void) { return H5S_ALL; }
static inline hsize_t ch5_unlimited(void) { return H5S_UNLIMITED; }
static inline size_t ch5_variable(void) { return H5T_VARIABLE; }

static inline unsigned ch5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned ch5_truncate(void) { return H5F_ACC_TRUNC; }

static inline hid_t ch5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t ch5_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t ch5_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t ch5_dataset_access(void) { return H5P_DATASET_ACCESS; }
static inline hid_t ch5_dataset_create(void) { return H5P_DATASET_CREATE; }

static inline hid_t ch5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t ch5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t ch5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t ch5_native_uint64(void) { return H5T_NATIVE_UINT64; }
static inline hid_t ch5_native_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t ch5_float32_le(void) { return H5T_IEEE_F32LE; }
static inline hid_t ch5_float64_le(void) { return H5T_IEEE_F64LE; }
static inline hid_t ch5_int64_le(void) { return H5T_STD_I64LE; }
static inline hid_t ch5_uint64_le(void) { return H5T_STD_U64LE; }
static inline hid_t ch5_uint8(void) { return H5T_STD_U8LE; }
static inline hid_t ch5_c_string(void) { return H5T_C_S1; }

// Failures are collected by us: the library prints nothing. The setting belongs to the calling thread in
// thread-safe builds, so it is made at every entry.
static inline herr_t ch5_silence(void) { return H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }
static inline herr_t ch5_walk_errors(H5E_walk2_t visit, void *context) {
    return H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, visit, context);
}
static inline herr_t ch5_clear_errors(void) { return H5Eclear2(H5E_DEFAULT); }

// Kind of the link `name` below `location` (H5L_TYPE_HARD, _SOFT, _EXTERNAL, ...), or -1.
static inline int ch5_link_kind(hid_t location, const char *name) {
    H5L_info_t info;
    return H5Lget_info(location, name, &info, H5P_DEFAULT) < 0 ? -1 : (int)info.type;
}

// Number of attributes of an open object, or -1.
static inline long long ch5_attribute_count(hid_t object) {
    H5O_info_t info;
#if H5_VERSION_GE(1, 12, 0)
    return H5Oget_info(object, &info, H5O_INFO_NUM_ATTRS) < 0 ? -1 : (long long)info.num_attrs;
#else
    return H5Oget_info(object, &info) < 0 ? -1 : (long long)info.num_attrs;
#endif
}

// Takes a member's or attribute's name; a number other than 0 ends the listing.
typedef struct {
    int (*take)(const char *name, void *context);
    void *context;
} ch5_names;

static inline herr_t ch5_take_link(hid_t group, const char *name, const H5L_info_t *info, void *names) {
    (void)group, (void)info;
    return ((ch5_names *)names)->take(name, ((ch5_names *)names)->context);
}

static inline herr_t ch5_take_attribute(hid_t object, const char *name, const H5A_info_t *info, void *names) {
    (void)object, (void)info;
    return ((ch5_names *)names)->take(name, ((ch5_names *)names)->context);
}

// Names of an open group's members, in order of their bytes, in one pass: asking for each by its number walks the
// group anew for every one.
static inline herr_t ch5_link_names(hid_t group, ch5_names names) {
    hsize_t start = 0;
    return H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &start, ch5_take_link, &names);
}

// Names of an open object's attributes, likewise.
static inline herr_t ch5_attribute_names(hid_t object, ch5_names names) {
    hsize_t start = 0;
    return H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &start, ch5_take_attribute, &names);
}

// h5py's filter LZF, number 32000, which libhdf5 has not itself: reading alone. A stream is of literal runs (a byte
// below 32, then as many bytes and one more) and of references back (length in the upper three bits, distance in the
// lower five and the byte after). Every step is held against both ends.
static inline size_t ch5_lzf_decode(const unsigned char *in, size_t in_count, unsigned char *out, size_t out_count) {
    size_t read = 0, written = 0;
    while (read < in_count) {
        size_t control = in[read++];
        if (control < 32) {
            size_t count = control + 1;
            if (count > in_count - read || count > out_count - written) return 0;
            memcpy(out + written, in + read, count);
            read += count;
            written += count;
            continue;
        }
        size_t count = control >> 5;
        if (count == 7) {
            if (read >= in_count) return 0;
            count += in[read++];
        }
        count += 2;
        if (read >= in_count) return 0;
        size_t distance = ((control & 31) << 8) + in[read++] + 1;
        if (distance > written || count > out_count - written) return 0;
        for (; count > 0; count--, written++) out[written] = out[written - distance];
    }
    return written;
}

// What the library calls for a chunk; 0 is a failure. The third number of the filter is the chunk's size.
static inline size_t ch5_lzf_filter(unsigned flags, size_t value_count, const unsigned values[], size_t count,
                                    size_t *room, void **buffer) {
    if (!(flags & H5Z_FLAG_REVERSE) || value_count < 3) return 0;
    size_t size = values[2];
    if (size == 0 || size > ((size_t)512 << 20) || size / 128 > count) return 0;
    void *out = H5allocate_memory(size, false);
    if (out == NULL) return 0;
    size_t written = ch5_lzf_decode((const unsigned char *)*buffer, count, (unsigned char *)out, size);
    if (written != size) {
        H5free_memory(out);
        return 0;
    }
    H5free_memory(*buffer);
    *buffer = out;
    *room = size;
    return size;
}

#define CH5_FILTER_LZF 32000

static inline herr_t ch5_register_lzf(void) {
    const H5Z_class2_t filter = {H5Z_CLASS_T_VERS, CH5_FILTER_LZF, 0, 1, "lzf", NULL, NULL, ch5_lzf_filter};
    return H5Zregister(&filter);
}
#endif
