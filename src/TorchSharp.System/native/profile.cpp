// Where the time goes, by operator: own time (without the operators it calls), from libtorch's own record functions.
#include <ATen/record_function.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#define API extern "C" __attribute__((visibility("default")))

namespace {

using Clock = std::chrono::steady_clock;

struct Running : at::ObserverContext {
  std::string name;
  Clock::time_point start;
  double inner = 0;
};

struct Row { double seconds = 0; long calls = 0; };

std::mutex gate;
std::map<std::string, Row> rows;
at::CallbackHandle handle;
thread_local std::vector<Running*> stack;

std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& f) {
  auto r = std::make_unique<Running>();
  r->name = f.name();
  stack.push_back(r.get());
  r->start = Clock::now();
  return r;
}

void end(const at::RecordFunction&, at::ObserverContext* context) {
  auto r = static_cast<Running*>(context);
  double took = std::chrono::duration<double>(Clock::now() - r->start).count();
  if (!stack.empty() && stack.back() == r) stack.pop_back();
  if (!stack.empty()) stack.back()->inner += took;
  std::lock_guard<std::mutex> lock(gate);
  auto& row = rows[r->name];
  row.seconds += took - r->inner;
  row.calls++;
}

}  // namespace

API void sg_profile_start() {
  rows.clear();
  handle = at::addGlobalCallback(at::RecordFunctionCallback(begin, end).scopes({at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION}));
}

// A line an operator, the longest first: seconds, calls, name.
API void sg_profile_stop(char* text, int capacity) {
  at::removeCallback(handle);
  std::vector<std::pair<std::string, Row>> sorted(rows.begin(), rows.end());
  std::sort(sorted.begin(), sorted.end(), [](auto& a, auto& b) { return a.second.seconds > b.second.seconds; });
  std::string all;
  char line[512];
  for (auto& [name, row] : sorted) {
    std::snprintf(line, sizeof line, "%.6f %ld %s\n", row.seconds, row.calls, name.c_str());
    all += line;
  }
  std::strncpy(text, all.c_str(), capacity - 1);
  text[capacity - 1] = 0;
}
