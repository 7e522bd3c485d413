// The border to the managed side: handles, and errors as text. No C++ exception crosses it.
#pragma once
#include <ATen/core/Tensor.h>
#include <string>
#include <vector>

#define API extern "C" __attribute__((visibility("default")))
using at::Tensor;
using Handle = at::TensorImpl*;  // one reference

inline thread_local std::string last_error;

/// 0, or 1 with the exception's text in sg_error().
template <class F>
int guard(F f) {
  try {
    f();
    return 0;
  } catch (const c10::Error& e) {
    last_error = e.what_without_backtrace();
  } catch (const std::exception& e) {
    last_error = e.what();
  } catch (...) {
    last_error = "unknown C++ exception";
  }
  return 1;
}

using Ptr = c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>;
inline Handle give(Tensor t) { return t.defined() ? t.unsafeReleaseTensorImpl() : nullptr; }
inline Tensor take(Handle h) { return h ? Tensor(Ptr::unsafe_reclaim_from_nonowning(h)) : Tensor(); }  // adds a reference

inline std::vector<Tensor> many(Handle* p, int n) {
  std::vector<Tensor> v;
  v.reserve(n);
  for (int k = 0; k < n; k++) v.push_back(take(p[k]));
  return v;
}
