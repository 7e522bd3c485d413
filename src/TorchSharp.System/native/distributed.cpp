// Process groups: libtorch's c10d over Gloo (CPU) or NCCL (CUDA), as far as this libtorch and these headers have them.
// Every call has a deadline, and no C++ exception crosses the border: a call returns 0, or leaves its text in sg_error().
// Without the headers the same functions are there and say what is missing.
#include "border.h"
#include <ATen/ops/empty.h>
#include <torch/csrc/autograd/custom_function.h>
#if __has_include(<torch/version.h>)
#include <torch/version.h>
#else
#include <torch/csrc/api/include/torch/version.h>
#endif
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>

#if defined(USE_C10D_GLOO) || defined(USE_C10D_NCCL)

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#ifdef USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#endif
#ifdef USE_C10D_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

namespace {

#if TORCH_VERSION_MAJOR >= 2
using Engine = c10d::Backend;
#else
using Engine = c10d::ProcessGroup;
#endif
using std::chrono::milliseconds;

struct Group {
  c10::intrusive_ptr<c10d::Store> store;
  c10::intrusive_ptr<Engine> engine;
  milliseconds timeout{};
  std::atomic<bool> lost{false};  // a sum failed, perhaps inside a backward pass, whose caller sees only that pass fail

  void all_reduce(Tensor t) {
    std::vector<Tensor> tensors{std::move(t)};
    c10d::AllreduceOptions options;
    options.timeout = timeout;
    try {
      engine->allreduce(tensors, options)->wait(timeout);
    } catch (...) {
      lost = true;
      throw;
    }
  }
};

// A sum over all ranks with its gradient: the sum over all ranks of the gradients, since every rank's result depends on every rank's input.
struct AllReduce : torch::autograd::Function<AllReduce> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& input, int64_t group) {
    context->saved_data["group"] = group;
    auto sum = input.contiguous().clone();
    reinterpret_cast<Group*>(group)->all_reduce(sum);
    return sum;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients) {
    auto sum = gradients[0].contiguous().clone();
    reinterpret_cast<Group*>(context->saved_data["group"].toInt())->all_reduce(sum);
    return {sum, Tensor()};
  }
};

c10::intrusive_ptr<Engine> make(const std::string& backend, const c10::intrusive_ptr<c10d::Store>& store, int rank, int size,
                                const std::string& address, milliseconds timeout) {
#ifdef USE_C10D_GLOO
  if (backend == "gloo") {
    auto options = c10d::ProcessGroupGloo::Options::create(timeout);
    // As PyTorch: the interface that GLOO_SOCKET_IFNAME names, else the address of this host's name; a group on one machine needs no network.
    const char* interface = std::getenv("GLOO_SOCKET_IFNAME");
    options->devices.push_back(interface && *interface ? c10d::ProcessGroupGloo::createDeviceForInterface(interface)
                               : address == "127.0.0.1" || address == "localhost"
                                   ? c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1")
                                   : c10d::ProcessGroupGloo::createDefaultDevice());
    options->threads = 2;
    return c10::make_intrusive<c10d::ProcessGroupGloo>(store, rank, size, options);
  }
#endif
#ifdef USE_C10D_NCCL
  if (backend == "nccl") {
    auto options = c10d::ProcessGroupNCCL::Options::create();
    options->timeout = timeout;
    return c10::make_intrusive<c10d::ProcessGroupNCCL>(store, rank, size, options);
  }
#endif
  TORCH_CHECK(false, "this build has no ", backend);
}

}  // namespace

API int sg_group_has(const char* backend) {
  std::string name = backend;
#ifdef USE_C10D_GLOO
  if (name == "gloo") return 1;
#endif
#ifdef USE_C10D_NCCL
  if (name == "nccl") return 1;
#endif
  return 0;
}

// Joins the group: rank 0 is the meeting point's server unless it is there already (torchrun's agent). The prefix keeps restarts apart.
API int sg_group_join(const char* backend, const char* address, int port, int serve, const char* prefix, int rank, int size,
                      int64_t timeout_ms, void** group) {
  return guard([&] {
    auto g = std::make_unique<Group>();
    g->timeout = milliseconds(timeout_ms);
    c10d::TCPStoreOptions options;
    options.port = uint16_t(port);
    options.isServer = serve != 0;
    options.numWorkers = size;
    options.waitWorkers = false;
    options.timeout = g->timeout;
    g->store = c10::make_intrusive<c10d::PrefixStore>(prefix, c10::make_intrusive<c10d::TCPStore>(address, options));
    g->store->setTimeout(g->timeout);
    g->engine = make(backend, g->store, rank, size, address, g->timeout);
    *group = g.release();
  });
}

API void sg_group_leave(void* group) {
  guard([&] { delete static_cast<Group*>(group); });
}

API void sg_group_set_timeout(void* group, int64_t timeout_ms) { static_cast<Group*>(group)->timeout = milliseconds(timeout_ms); }

API int sg_group_lost(void* group) { return static_cast<Group*>(group)->lost; }

API int sg_group_all_reduce(void* group, Handle h) {
  return guard([&] { static_cast<Group*>(group)->all_reduce(take(h)); });
}

API int sg_group_all_reduce_grad(void* group, Handle h, Handle* out) {
  return guard([&] { *out = give(AllReduce::apply(take(h), reinterpret_cast<int64_t>(group))); });
}

API int sg_group_broadcast(void* group, Handle h, int root) {
  return guard([&] {
    auto g = static_cast<Group*>(group);
    std::vector<Tensor> tensors{take(h)};
    c10d::BroadcastOptions options;
    options.rootRank = root;
    options.rootTensor = 0;
    options.timeout = g->timeout;
    g->engine->broadcast(tensors, options)->wait(g->timeout);
  });
}

// From every rank a tensor of the same shape; `out` is a contiguous [size, ...] of them in the order of the ranks.
API int sg_group_all_gather(void* group, Handle in, Handle out) {
  return guard([&] {
    auto g = static_cast<Group*>(group);
    std::vector<Tensor> inputs{take(in)};
    std::vector<std::vector<Tensor>> outputs{take(out).unbind(0)};
    c10d::AllgatherOptions options;
    options.timeout = g->timeout;
    g->engine->allgather(outputs, inputs, options)->wait(g->timeout);
  });
}

#else

namespace {
int missing() {
  last_error = "this build of the tensor engine has no process groups";
  return 1;
}
}  // namespace

API int sg_group_has(const char*) { return 0; }
API int sg_group_join(const char*, const char*, int, int, const char*, int, int, int64_t, void**) { return missing(); }
API void sg_group_leave(void*) {}
API void sg_group_set_timeout(void*, int64_t) {}
API int sg_group_lost(void*) { return 0; }
API int sg_group_all_reduce(void*, Handle) { return missing(); }
API int sg_group_all_reduce_grad(void*, Handle, Handle*) { return missing(); }
API int sg_group_broadcast(void*, Handle, int) { return missing(); }
API int sg_group_all_gather(void*, Handle, Handle) { return missing(); }

#endif
