// Every ATen operator through libtorch's dispatcher (boxed), and the few things that are not operators.
// There is no list of operators here: the managed side names one, its schema says the rest.
// No C++ exception crosses the border: a call returns 0 or leaves its text in sg_error().
#include "border.h"
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/jit_type.h>
#include <ATen/core/stack.h>
#include <c10/core/GradMode.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>
#if __has_include(<torch/version.h>)
#include <torch/version.h>
#else
#include <torch/csrc/api/include/torch/version.h>
#endif
#include <cstring>
#include <mutex>

namespace {

enum Kind : int32_t { kNone, kTensor, kInt, kFloat, kBool, kText, kInts, kTensors, kDevice };

struct Value {  // 16 bytes, mirrored by the managed struct
  int32_t kind, count;
  union { int64_t i; double d; void* p; };
};

c10::IValue load(const Value& v) {
  switch (v.kind) {
    case kNone: return {};
    case kTensor: return take(static_cast<Handle>(v.p));
    case kInt: return v.i;
    case kFloat: return v.d;
    case kBool: return v.i != 0;
    case kText: return std::string(static_cast<const char*>(v.p), v.count);
    case kInts: return at::IntArrayRef(static_cast<const int64_t*>(v.p), v.count);
    case kTensors: {
      c10::List<Tensor> list;
      auto p = static_cast<Handle*>(v.p);
      list.reserve(v.count);
      for (int k = 0; k < v.count; k++) list.push_back(take(p[k]));
      return list;
    }
    case kDevice: return c10::Device(static_cast<c10::DeviceType>(v.i), static_cast<c10::DeviceIndex>(v.count));
  }
  TORCH_CHECK(false, "unknown argument kind ", v.kind);
}

void store(c10::IValue&& r, Value* out, int capacity, int& n) {
  auto put = [&](Value v) {
    TORCH_CHECK(n < capacity, "more results than the caller has room for");
    out[n++] = v;
  };
  Value v{};
  if (r.isTensor()) {
    v.kind = kTensor, v.p = give(std::move(r).toTensor());
    put(v);
  } else if (r.isInt()) {
    v.kind = kInt, v.i = r.toInt();
    put(v);
  } else if (r.isDouble()) {
    v.kind = kFloat, v.d = r.toDouble();
    put(v);
  } else if (r.isBool()) {
    v.kind = kBool, v.i = r.toBool();
    put(v);
  } else if (r.isTensorList()) {
    for (const Tensor& t : r.toTensorVector()) {
      v.kind = kTensor, v.p = give(t);
      put(v);
    }
  } else if (r.isScalar() || r.isComplexDouble()) {
    auto s = r.toScalar();
    TORCH_CHECK(!s.isComplex(), "complex scalars are not supported");
    v.kind = s.isFloatingPoint() ? kFloat : kInt;
    if (s.isFloatingPoint()) v.d = s.toDouble(); else v.i = s.toLong();
    put(v);
  } else if (r.isNone()) {
    put(v);
  } else {
    TORCH_CHECK(false, "unsupported result type ", r.tagKind());
  }
}

at::Generator& generator(int cuda) {
  static at::Generator cpu = at::globalContext().defaultGenerator(c10::Device(c10::kCPU));
  static at::Generator gpu;
  if (!cuda) return cpu;
  gpu = at::globalContext().defaultGenerator(c10::Device(c10::kCUDA, 0));
  return gpu;
}

}  // namespace

API const char* sg_error() { return last_error.c_str(); }
API const char* sg_version() { return TORCH_VERSION; }
API int sg_config(char* text, int capacity) {
  return guard([&] {
    auto s = at::show_config();
    std::strncpy(text, s.c_str(), capacity - 1);
    text[capacity - 1] = 0;
  });
}

// Resolves an operator once; the result lives as long as the process.
API int sg_op(const char* name, const char* overload, void** op) {
  return guard([&] { *op = new c10::OperatorHandle(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload)); });
}

API int sg_call(const c10::OperatorHandle* op, const Value* args, int nargs, Value* results, int capacity, int* count) {
  return guard([&] {
    const auto& formal = op->schema().arguments();
    TORCH_CHECK(size_t(nargs) <= formal.size(), op->schema().name(), " takes ", formal.size(), " arguments, got ", nargs);
    torch::jit::Stack stack;
    stack.reserve(formal.size());
    for (int k = 0; k < nargs; k++) stack.push_back(load(args[k]));
    for (size_t k = nargs; k < formal.size(); k++) {  // versions differ in trailing arguments; the schema knows their defaults
      const auto& d = formal[k].default_value();
      TORCH_CHECK(d.has_value(), op->schema().name(), ": missing argument ", formal[k].name());
      stack.push_back(*d);
    }
    op->callBoxed(stack);
    int n = 0;
    for (auto& r : stack) store(std::move(r), results, capacity, n);
    *count = n;
  });
}

API void sg_free(Handle h) { Ptr::reclaim(h); }
API int sg_alias(Handle h, Handle* out) { return guard([&] { *out = give(take(h)); }); }

// dim, then sizes, then strides; -1 where the caller's room is too small.
API int sg_shape(Handle h, int64_t* sizes, int64_t* strides, int capacity, int* dim) {
  return guard([&] {
    Tensor t = take(h);
    *dim = int(t.dim());
    TORCH_CHECK(t.dim() <= capacity, "a tensor of ", t.dim(), " dimensions");
    for (int k = 0; k < *dim; k++) sizes[k] = t.size(k), strides[k] = t.stride(k);
  });
}
API int sg_dtype(Handle h) { return int(take(h).scalar_type()); }
API int sg_device(Handle h, int* index) {
  auto d = h->device();
  *index = d.index();
  return int(d.type());
}
API int sg_data(Handle h, void** p) { return guard([&] { *p = take(h).data_ptr(); }); }
API int sg_contiguous(Handle h) { return take(h).is_contiguous(); }

API int sg_requires_grad(Handle h) { return take(h).requires_grad(); }
API int sg_set_requires_grad(Handle h, int on) { return guard([&] { take(h).requires_grad_(on); }); }
API int sg_is_leaf(Handle h) { return take(h).is_leaf(); }
API int sg_retain_grad(Handle h) { return guard([&] { take(h).retain_grad(); }); }
API int sg_grad(Handle h, Handle* g) { return guard([&] { *g = give(take(h).grad()); }); }
API int sg_set_grad(Handle h, Handle g) { return guard([&] { take(h).mutable_grad() = take(g); }); }
API int sg_set_data(Handle h, Handle other) { return guard([&] { take(h).set_data(take(other)); }); }
API int sg_grad_mode() { return c10::GradMode::is_enabled(); }
API void sg_set_grad_mode(int on) { c10::GradMode::set_enabled(on != 0); }

API int sg_backward(Handle* tensors, int n, Handle* grads, int ngrads, int retain, int create, Handle* inputs, int ninputs) {
  return guard([&] {
    auto keep = retain < 0 ? c10::optional<bool>() : c10::optional<bool>(retain != 0);
    torch::autograd::backward(many(tensors, n), many(grads, ngrads), keep, create != 0, many(inputs, ninputs));
  });
}
API int sg_autograd_grad(Handle* outputs, int n, Handle* inputs, int ninputs, Handle* grads, int ngrads, int retain, int create,
                         int allow_unused, Handle* results) {
  return guard([&] {
    auto r = torch::autograd::grad(many(outputs, n), many(inputs, ninputs), many(grads, ngrads), retain != 0, create != 0, allow_unused != 0);
    for (size_t k = 0; k < r.size(); k++) results[k] = give(r[k]);
  });
}

API int sg_num_threads() { return at::get_num_threads(); }
API int sg_set_num_threads(int n) { return guard([&] { at::set_num_threads(n); }); }
API int sg_num_interop_threads() { return at::get_num_interop_threads(); }
API int sg_set_num_interop_threads(int n) { return guard([&] { at::set_num_interop_threads(n); }); }

API int sg_manual_seed(int64_t seed) { return guard([&] { at::manual_seed(uint64_t(seed)); }); }
API int sg_initial_seed(int64_t* seed) { return guard([&] { *seed = int64_t(generator(0).current_seed()); }); }
API int sg_rng_state(int cuda, Handle* state) {
  return guard([&] {
    auto& g = generator(cuda);
    std::lock_guard<std::mutex> lock(g.mutex());
    *state = give(g.get_state());
  });
}
API int sg_set_rng_state(int cuda, Handle state) {
  return guard([&] {
    auto& g = generator(cuda);
    std::lock_guard<std::mutex> lock(g.mutex());
    g.set_state(take(state));
  });
}

API int sg_has_cuda() { return at::globalContext().hasCUDA(); }
API int sg_cuda_count() {
  int n = 0;
  guard([&] { n = at::globalContext().hasCUDA() ? int(c10::impl::getDeviceGuardImpl(c10::kCUDA)->deviceCount()) : 0; });
  return n;
}
API int sg_set_tf32(int matmul, int on) {
  return guard([&] { matmul ? at::globalContext().setAllowTF32CuBLAS(on != 0) : at::globalContext().setAllowTF32CuDNN(on != 0); });
}
API int sg_tf32(int matmul) { return matmul ? at::globalContext().allowTF32CuBLAS() : at::globalContext().allowTF32CuDNN(); }
