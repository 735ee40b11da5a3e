#ifndef WEIGHTSPACE_CMPI_SHIM_H
#define WEIGHTSPACE_CMPI_SHIM_H
// MPI's constants are macros with casts, which Swift cannot import, and its handles are pointers in Open MPI and
// integers in MPICH: both stay behind these functions. Every function returns MPI's error code; errors are returned
// and not fatal, so that a sentence can be said before the job ends.
#include <limits.h>
#include <mpi.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct { MPI_Request request; } cmpi_request;
typedef struct {
    MPI_Message message;
    int source, tag, count;
} cmpi_message;

static inline int cmpi_join(int *provided) {
    int code = MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, provided);
    if (code == MPI_SUCCESS) code = MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    return code;
}
static inline int cmpi_serialized(void) { return MPI_THREAD_SERIALIZED; }
static inline int cmpi_leave(void) { return MPI_Finalize(); }
static inline void cmpi_abort(int status) { MPI_Abort(MPI_COMM_WORLD, status); }
static inline int cmpi_rank(int *rank) { return MPI_Comm_rank(MPI_COMM_WORLD, rank); }
static inline int cmpi_size(int *size) { return MPI_Comm_size(MPI_COMM_WORLD, size); }
static inline int cmpi_sentence(int code, char *text, int *length) { return MPI_Error_string(code, text, length); }
static inline int cmpi_longest_sentence(void) { return MPI_MAX_ERROR_STRING; }

static inline int cmpi_bits(const unsigned char *bytes, int count) {
    int bits = 0;
    for (int i = 0; i < count; i++) bits += __builtin_popcount(bytes[i]);
    return bits;
}

// The ranks of this node, and this rank's share of the processors that they may use: its own mask where masks are
// disjoint, an equal part of it where all have the same one.
static inline int cmpi_node(int *ranks, int *processors) {
    MPI_Comm node;
    int code = MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
    if (code != MPI_SUCCESS) return code;
    unsigned char own[1024] = {0}, all[1024] = {0};
    if (syscall(SYS_sched_getaffinity, 0, sizeof own, own) < 0) own[0] = 1;
    int count = cmpi_bits(own, sizeof own), sum = 0;
    code = MPI_Comm_size(node, ranks);
    if (code == MPI_SUCCESS) code = MPI_Allreduce(own, all, (int)sizeof own, MPI_BYTE, MPI_BOR, node);
    if (code == MPI_SUCCESS) code = MPI_Allreduce(&count, &sum, 1, MPI_INT, MPI_SUM, node);
    if (code == MPI_SUCCESS) *processors = (int)((long long)count * cmpi_bits(all, sizeof all) / (sum > 0 ? sum : 1));
    MPI_Comm_free(&node);
    return code;
}

// A part of a message: at most INT_MAX bytes.
static inline int cmpi_begin_send(const void *bytes, int count, int rank, int tag, cmpi_request *request) {
    return MPI_Isend(bytes, count, MPI_BYTE, rank, tag, MPI_COMM_WORLD, &request->request);
}
// Looks for a message and takes it out of the queue; a rank below 0 is any.
static inline int cmpi_look(int rank, int tag, int *found, cmpi_message *message) {
    MPI_Status status;
    int code = MPI_Improbe(rank < 0 ? MPI_ANY_SOURCE : rank, tag, MPI_COMM_WORLD, found, &message->message, &status);
    if (code != MPI_SUCCESS || !*found) return code;
    message->source = status.MPI_SOURCE;
    message->tag = status.MPI_TAG;
    return MPI_Get_count(&status, MPI_BYTE, &message->count);
}
static inline int cmpi_begin_receive(void *bytes, cmpi_message *message, cmpi_request *request) {
    return MPI_Imrecv(bytes, message->count, MPI_BYTE, &message->message, &request->request);
}
static inline int cmpi_begin_barrier(cmpi_request *request) {
    return MPI_Ibarrier(MPI_COMM_WORLD, &request->request);
}
static inline int cmpi_begin_broadcast(void *bytes, int count, int root, cmpi_request *request) {
    return MPI_Ibcast(bytes, count, MPI_BYTE, root, MPI_COMM_WORLD, &request->request);
}
// The sum over all ranks, in their place, in an order that is the library's own. Waits.
static inline int cmpi_sum(float *values, int count) {
    return MPI_Allreduce(MPI_IN_PLACE, values, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
}
static inline int cmpi_is_done(cmpi_request *request, int *done) {
    return MPI_Test(&request->request, done, MPI_STATUS_IGNORE);
}
#endif
