// Which kernels this processor can run.
#include "kernels.h"
#include <atomic>
#include <cstdlib>
#include <cstring>

#define KERNELS_OF(isa)                        \
  namespace isa {                              \
  extern const sg::Kernels<float> in_float;    \
  extern const sg::Kernels<double> in_double;  \
  }
KERNELS_OF(baseline)
#ifdef SG_X86
KERNELS_OF(avx2)
KERNELS_OF(avx512)
#endif

namespace sg {
namespace {

enum Level { kBaseline, kAvx2, kAvx512 };

Level highest() {
#ifdef SG_X86
  __builtin_cpu_init();
  bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                __builtin_cpu_supports("avx512vl");
  return avx512 ? kAvx512 : avx2 ? kAvx2 : kBaseline;
#else
  return kBaseline;
#endif
}

/// The level asked for, where there is one and the processor can do it; else the highest.
Level level_of(const char* asked) {
  const Level most = highest();
  if (!asked) return most;
  if (!std::strcmp(asked, "default") || !std::strcmp(asked, "baseline")) return kBaseline;
  return !std::strcmp(asked, "avx2") && most > kAvx2 ? kAvx2 : most;
}

std::atomic<int>& chosen() {
  static std::atomic<int> level{level_of(std::getenv("ATEN_CPU_CAPABILITY"))};
  return level;
}

}  // namespace

template <>
const Kernels<float>& kernels() {
#ifdef SG_X86
  if (chosen() == kAvx512) return avx512::in_float;
  if (chosen() == kAvx2) return avx2::in_float;
#endif
  return baseline::in_float;
}

template <>
const Kernels<double>& kernels() {
#ifdef SG_X86
  if (chosen() == kAvx512) return avx512::in_double;
  if (chosen() == kAvx2) return avx2::in_double;
#endif
  return baseline::in_double;
}

void use(const char* isa) { chosen() = level_of(isa); }

}  // namespace sg
