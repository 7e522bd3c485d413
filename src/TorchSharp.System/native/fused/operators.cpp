// Registers the fused operators with libtorch's dispatcher: the managed side calls them as it calls any other, and the profile sees them.
#include "../border.h"
#include "operators.h"
#include <torch/library.h>

TORCH_LIBRARY(speechgan, library) {
  library.def(
      "feed_forward(Tensor x, Tensor norm_weight, Tensor norm_bias, Tensor expand_weight, Tensor expand_bias, Tensor contract_weight, "
      "Tensor contract_bias, float eps, float dropout) -> Tensor",
      fused::feed_forward);
  library.def(
      "relative_attention(Tensor x, Tensor norm_weight, Tensor norm_bias, Tensor query_weight, Tensor key_value_weight, Tensor distances, "
      "Tensor output_weight, Tensor output_bias, int heads, float eps, float dropout) -> Tensor",
      fused::relative_attention);
  library.def(
      "convolution_module(Tensor x, Tensor norm_weight, Tensor norm_bias, Tensor expand_weight, Tensor expand_bias, Tensor tap_weight, Tensor tap_bias, "
      "Tensor batch_weight, Tensor batch_bias, Tensor contract_weight, Tensor contract_bias, Tensor(a!) running_mean, Tensor(b!) running_variance, "
      "bool training, float momentum, float norm_eps, float batch_eps) -> Tensor",
      fused::convolution_module);
  library.def("dense_block(Tensor x, Tensor[] layers, float eps) -> Tensor", [](const Tensor& x, std::vector<Tensor> layers, double eps) {
    return fused::dense_block(x, layers, eps);
  });
}

/// Name of the instruction set whose kernels this processor uses.
API const char* sg_fused_kernels() { return sg::kernels<float>().name; }

/// Chooses an instruction set by name, as far as the processor has it: so that tests can run them all.
API void sg_fused_use(const char* isa) { sg::use(isa); }
