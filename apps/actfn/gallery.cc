// SPDX-License-Identifier: Apache-2.0
#include "lab/gallery.h"

#include <actfn/catalogue.h>
#include <actfn/error.h>
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>

#include "commands.h"
#include "output.h"

namespace actfn::app {
namespace {

struct GalleryArguments {
  std::string out = "gallery";
  bool markdown = false;
};

void gallery(const GalleryArguments& a) {
  if (a.out.empty()) throw Error("[gallery] --out must be a directory, got ''");
  write_gallery(a.markdown ? lab::GalleryForm::markdown : lab::GalleryForm::pages, a.out);
  const std::filesystem::path index =
      std::filesystem::path(a.out) / (a.markdown ? "README.md" : "index.html");
  print(fmt::format("{} functions: {}\n", catalogue().size(), index.string()));
}

}  // namespace

void add_gallery(CLI::App& program) {
  auto* command = program.add_subcommand(
      "gallery",
      "A page for each function, and an index with a search\n\n"
      "A page has curves, the formula, computed properties, recorded errors and times, names in\n"
      "other frameworks, and the experiments that name the function. It opens without an\n"
      "internet connection.\n\n"
      "Examples:\n"
      "  actfn gallery\n"
      "  actfn gallery --out pages\n"
      "  actfn gallery --markdown --out docs/gallery\n");
  auto a = std::make_shared<GalleryArguments>();
  add(*command, "--out", a->out, "The directory of the pages", "DIR")->capture_default_str();
  command->add_flag("--markdown", a->markdown, "Markdown with pictures in place of pages");
  command->callback([a] { gallery(*a); });
}

}  // namespace actfn::app
