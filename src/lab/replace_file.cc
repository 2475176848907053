#include "lab/replace_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <system_error>

namespace actfn::lab {

void fail_to_write(std::string_view who, const std::filesystem::path& file, int error) {
  throw std::runtime_error(fmt::format("[{}] cannot write {}: {}", who, file.string(),
                                       std::generic_category().message(error)));
}

void replace_file(std::string_view who, const std::filesystem::path& file,
                  std::string_view content) {
  std::filesystem::path temporary;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(nullptr, std::fclose);
  for (int i = 0; !out; ++i) {
    temporary = file.parent_path() / fmt::format(".actfn-{}-{}.tmp", getpid(), i);
    out.reset(std::fopen(temporary.c_str(), "wbx"));
    if (!out && errno != EEXIST) fail_to_write(who, file, errno);
  }
  const bool written = std::fwrite(content.data(), 1, content.size(), out.get()) == content.size();
  // Closed in any case: this is where a full disk may show.
  const bool closed = std::fclose(out.release()) == 0;
  if (written && closed && std::rename(temporary.c_str(), file.c_str()) == 0) return;
  const int error = errno;
  std::remove(temporary.c_str());
  fail_to_write(who, file, error);
}

}  // namespace actfn::lab
