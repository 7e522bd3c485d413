// Settings that must be in place before libtorch, OpenMP and the BLAS are loaded. This library links against none of
// them: the managed side loads it first, calls it, and only then loads the library that brings libtorch in.
// (Environment.SetEnvironmentVariable never reaches libc, hence native code.)
#include <malloc.h>
#include <stdlib.h>

extern "C" __attribute__((visibility("default"))) void sg_boot() {
  // A waiting OpenMP worker must not spin: on a shared machine a step otherwise takes many times longer.
  setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);
  // OpenBLAS has a thread count of its own that changes result bits; one thread is as fast or faster here.
  setenv("OPENBLAS_NUM_THREADS", "1", 0);
#ifdef __GLIBC__
  // Keep large blocks instead of giving them back to the kernel at every free: page faults were up to half of the CPU time.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);  // never, also above the 2 GB that an int can say: a training step holds more
  mallopt(M_TOP_PAD, 268435456);
  // One arena: test hosts and thread pools run training on threads other than the first, whose arenas could not grow past 64 MB.
  mallopt(M_ARENA_MAX, 1);
#endif
}
