// SPDX-License-Identifier: Apache-2.0
#include "lab/figures.h"

#include "lab/replace_file.h"

#include <sys/stat.h>

#include <cerrno>

namespace actfn::lab {

void write_figures(std::string_view who, const std::filesystem::path& directory,
                   std::span<const Chart> charts) {
  if (charts.empty()) return;
  const std::filesystem::path folder = directory / kFigures;
  if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) fail_to_write(who, folder, errno);
  for (const Chart& chart : charts) {
    replace_file(who, folder / (chart.file + ".svg"), chart_svg(chart));
  }
}

}  // namespace actfn::lab
