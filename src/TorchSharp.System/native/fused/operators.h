// The fused operators, each in a file of its own. operators.cpp tells libtorch's dispatcher of them.
#pragma once
#include "common.h"

namespace fused {

Tensor feed_forward(const Tensor& x, const Tensor& nw, const Tensor& nb, const Tensor& w1, const Tensor& b1, const Tensor& w2, const Tensor& b2, double eps,
                    double p);

Tensor relative_attention(const Tensor& x, const Tensor& nw, const Tensor& nb, const Tensor& wq, const Tensor& wkv, const Tensor& table, const Tensor& wo,
                          const Tensor& bo, int64_t heads, double eps, double p);

Tensor convolution_module(const Tensor& x, const Tensor& nw, const Tensor& nb, const Tensor& ew, const Tensor& eb, const Tensor& tw, const Tensor& tb,
                          const Tensor& bw, const Tensor& bb, const Tensor& cw, const Tensor& cb, Tensor running_mean, Tensor running_variance,
                          bool training, double momentum, double norm_eps, double batch_eps);

/// Weights, norms and slopes of the layers one after the other: conv weight, conv bias, norm weight, norm bias, slope.
Tensor dense_block(const Tensor& x, const std::vector<Tensor>& layers, double eps);

}  // namespace fused
