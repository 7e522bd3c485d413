// The kernels of one instruction set. CMake compiles this file once for each, with SG_ISA (its name), SG_VECTOR_BYTES and the compiler's flags.
#include "attention.h"
#include "depthwise.h"
#include "layers.h"

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

namespace SG_ISA {

template <class T>
constexpr sg::Kernels<T> all() {
  return {TEXT(SG_ISA), norm_forward<T>, norm_backward<T>, swish_forward<T>, swish_backward<T>, residual_forward<T>, residual_backward<T>,
          gate_forward<T>, gate_backward<T>, depthwise_forward<T>, depthwise_backward<T>, moments<T>, norm_swish_forward<T>,
          norm_swish_backward<T>, norm_prelu_forward<T>, norm_prelu_backward<T>, batch_norm_backward<T>, attention_scratch<T>, table_stride<T>, wide, attention_forward<T>,
          attention_backward<T>};
}

extern const sg::Kernels<float> in_float = all<float>();
extern const sg::Kernels<double> in_double = all<double>();

}  // namespace SG_ISA
