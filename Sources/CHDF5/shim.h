#ifndef WEIGHTSPACE_CHDF5_SHIM_H
#define WEIGHTSPACE_CHDF5_SHIM_H
// libhdf5's constants are macros over shared mutable variables: Swift cannot import the macros and refuses the
// variables. Each one we need is a static inline function here. Functions whose name is a versioned macro
// (H5Oget_info, H5Lget_info) are wrapped too, so that 1.10, 1.12 and 1.14 all build.
#include <hdf5.h>

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
#endif
