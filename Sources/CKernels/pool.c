// The worker pool: persistent threads, one job at a time, indices handed out by an atomic counter.
//
// A job is published by opening the gate and raising the epoch. A worker first counts itself inside, then looks at
// the gate; the caller first shuts the gate, then waits until nobody is inside. Both orders are sequentially
// consistent, so a worker either sees the gate shut or is waited for: a job's fields never change under a reader.
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "ckernels.h"

enum { MAX_THREADS = 256, SPIN_NANOSECONDS = 50000, STACK_BYTES = 8 << 20 };

static pthread_mutex_t inUse = PTHREAD_MUTEX_INITIALIZER; // held while a job runs or the pool changes
static pthread_mutex_t sleepLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static pthread_mutex_t doneLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t done = PTHREAD_COND_INITIALIZER;

static atomic_int wanted;   // threads, the caller included; 0 until first asked for
static atomic_bool forked;  // in the child of a fork, which has no workers
static int workerCount;     // started workers, under inUse
static bool watchingForks;  // under inUse
static pthread_t workers[MAX_THREADS];
static _Thread_local bool insideTask;

static struct {
    ck_task task;
    void *context;
    long count;
} job; // written under inUse while the gate is shut and nobody is inside

static _Alignas(64) atomic_long next;
static _Alignas(64) atomic_uint epoch;
static atomic_int sleepers;
static atomic_bool stopping;
static _Alignas(64) atomic_int inside;
static atomic_bool gate, callerSleeps;

static void pause_briefly(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static int64_t nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool epoch_passed(unsigned seen) { return atomic_load(&epoch) != seen; }
static bool nobody_inside(unsigned unused) {
    (void)unused;
    return atomic_load(&inside) == 0;
}

// Waits a moment without sleeping; whether `ready` came true.
static bool spin(bool (*ready)(unsigned), unsigned argument) {
    int64_t end = nanoseconds() + SPIN_NANOSECONDS;
    do {
        for (int k = 0; k < 16; k++) {
            if (ready(argument)) return true;
            pause_briefly();
        }
    } while (nanoseconds() < end);
    return false;
}

static void run_indices(void) {
    ck_task task = job.task;
    void *context = job.context;
    long count = job.count;
    insideTask = true;
    for (long i; (i = atomic_fetch_add(&next, 1)) < count;) task(context, i);
    insideTask = false;
}

static void wait_for_epoch(unsigned seen) {
    if (spin(epoch_passed, seen)) return;
    pthread_mutex_lock(&sleepLock);
    atomic_fetch_add(&sleepers, 1);
    while (!epoch_passed(seen)) pthread_cond_wait(&wake, &sleepLock);
    atomic_fetch_sub(&sleepers, 1);
    pthread_mutex_unlock(&sleepLock);
}

static void leave(void) {
    if (atomic_fetch_sub(&inside, 1) != 1 || !atomic_load(&callerSleeps)) return;
    pthread_mutex_lock(&doneLock);
    pthread_cond_signal(&done);
    pthread_mutex_unlock(&doneLock);
}

static void *work(void *first) {
    unsigned seen = (unsigned)(uintptr_t)first;
    while (true) {
        wait_for_epoch(seen);
        seen = atomic_load(&epoch);
        if (atomic_load(&stopping)) return NULL;
        atomic_fetch_add(&inside, 1);
        if (atomic_load(&gate)) run_indices();
        leave();
    }
}

// Raises the epoch and wakes up to `count` sleeping workers.
static void announce(long count) {
    atomic_fetch_add(&epoch, 1);
    int asleep = atomic_load(&sleepers);
    if (asleep == 0) return;
    pthread_mutex_lock(&sleepLock);
    if (count >= asleep)
        pthread_cond_broadcast(&wake);
    else
        for (long k = 0; k < count; k++) pthread_cond_signal(&wake);
    pthread_mutex_unlock(&sleepLock);
}

static void wait_until_done(void) {
    atomic_store(&gate, false);
    if (spin(nobody_inside, 0)) return;
    pthread_mutex_lock(&doneLock);
    atomic_store(&callerSleeps, true);
    while (!nobody_inside(0)) pthread_cond_wait(&done, &doneLock);
    atomic_store(&callerSleeps, false);
    pthread_mutex_unlock(&doneLock);
}

static void note_fork(void) { atomic_store(&forked, true); }

// Under inUse: brings the workers up to `count`, or to as many as the system allows. They take no signals: those
// are the main thread's.
static void start_workers(int count) {
    if (workerCount >= count) return;
    if (!watchingForks) watchingForks = pthread_atfork(NULL, NULL, note_fork) == 0;
    pthread_attr_t attributes;
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    void *seen = (void *)(uintptr_t)atomic_load(&epoch);
    while (workerCount < count && pthread_create(&workers[workerCount], &attributes, work, seen) == 0) workerCount++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
}

// Under inUse.
static void stop_workers(void) {
    atomic_store(&stopping, true);
    announce(MAX_THREADS);
    for (int k = 0; k < workerCount; k++) pthread_join(workers[k], NULL);
    workerCount = 0;
    atomic_store(&stopping, false);
}

int ck_threads(void) {
    int threads = atomic_load(&wanted);
    if (threads > 0) return threads;
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    int fresh = online < 1 ? 1 : online > MAX_THREADS ? MAX_THREADS : (int)online;
    return atomic_compare_exchange_strong(&wanted, &threads, fresh) ? fresh : threads;
}

void ck_set_threads(int threads) {
    threads = threads < 1 ? 1 : threads > MAX_THREADS ? MAX_THREADS : threads;
    if (insideTask || atomic_load(&forked)) return; // the job running now keeps its threads
    pthread_mutex_lock(&inUse);
    atomic_store(&wanted, threads);
    if (workerCount > threads - 1) stop_workers(); // the next job starts those it needs
    pthread_mutex_unlock(&inUse);
}

void ck_parallel(long count, ck_task task, void *context) {
    bool alone = count < 2 || ck_threads() == 1 || insideTask || atomic_load(&forked);
    if (alone || pthread_mutex_trylock(&inUse) != 0) {
        for (long i = 0; i < count; i++) task(context, i);
        return;
    }
    start_workers(ck_threads() - 1);
    job.task = task;
    job.context = context;
    job.count = count;
    atomic_store(&next, 0);
    atomic_store(&gate, true);
    announce(count - 1);
    run_indices();
    wait_until_done();
    pthread_mutex_unlock(&inUse);
}
