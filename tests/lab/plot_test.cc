// SPDX-License-Identifier: Apache-2.0
#include "lab/plot.h"

#include <actfn/error.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace actfn::lab {
namespace {

namespace fs = std::filesystem;

#define SKIP_WITHOUT_GNUPLOT() \
  if (!has_gnuplot()) GTEST_SKIP() << "gnuplot is not on the PATH: install gnuplot-nox"

bool has_gnuplot() {
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (access((fs::path(folder) / "gnuplot").c_str(), X_OK) == 0) return true;
  }
  return false;
}

// A folder of this test's own, removed with all that is in it.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "actfn-plot-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }

  fs::path operator/(const std::string& name) const { return path_ / name; }
  const fs::path& path() const { return path_; }
  auto files() const { return std::distance(fs::directory_iterator(path_), {}); }

 private:
  fs::path path_;
};

class ScopedPath {
 public:
  explicit ScopedPath(const fs::path& folder) : before_(std::getenv("PATH")) {
    setenv("PATH", folder.c_str(), 1);
  }
  ScopedPath(const ScopedPath&) = delete;
  ScopedPath& operator=(const ScopedPath&) = delete;
  ~ScopedPath() { setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

void write_program(const fs::path& file, const std::string& body) {
  std::ofstream(file) << "#!/bin/sh\n" << body << '\n';
  fs::permissions(file, fs::perms::owner_all);
}

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

template <typename Exception>
std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

PlotOptions options_of(const std::vector<std::string>& specs) {
  PlotOptions options;
  for (const std::string& spec : specs) options.functions.push_back(parse_function(spec));
  return options;
}

std::string plot_svg(const PlotOptions& options) {
  const Folder folder;
  plot_to_file(options, folder / "x.svg");
  return read_file(folder / "x.svg");
}

int count(const std::string& text, const std::string& what) {
  int n = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

// The path data of each drawing of a curve, one a panel.
std::vector<std::string> paths_of(const std::string& svg, const std::string& label) {
  std::vector<std::string> paths;
  const std::string title = "><title>" + label + "</title>\n";
  for (auto at = svg.find(title); at != std::string::npos; at = svg.find(title, at + 1)) {
    const auto start = svg.find(" d='", at) + 4;
    paths.push_back(svg.substr(start, svg.find('\'', start) - start));
  }
  return paths;
}

// The characters of a line that are seen: UTF-8, without colours.
int width_of(const std::string& line) {
  int width = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\033') {
      i = line.find('m', i);
    } else if ((line[i] & 0xC0) != 0x80) {
      ++width;
    }
  }
  return width;
}

void expect_fits(const std::string& text, int columns, int rows) {
  EXPECT_LE(count(text, "\n"), rows);
  EXPECT_EQ(text.back(), '\n');
  EXPECT_EQ(count(text, "\f"), 0);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(width_of(line), columns) << line;
}

TEST(PlotRange, Reads) {
  const std::map<std::string, PlotRange> cases = {
      {"-5:5", {-5, 5}}, {"0:1e3", {0, 1000}}, {"-0.5:-.25", {-0.5, -0.25}}, {"3:4.5", {3, 4.5}}};
  for (const auto& [text, expected] : cases) {
    const PlotRange range = parse_range(text);
    EXPECT_EQ(range.lo, expected.lo) << text;
    EXPECT_EQ(range.hi, expected.hi) << text;
  }
}

TEST(PlotRange, RefusesWhatIsNone) {
  for (const std::string text : {"5:1", "1:1", "", ":", "1:", ":1", "1", "a:b", "1:2:3", "1:2x",
                                 " 1:2", "nan:1", "0:inf", "-inf:0", "0:nan", "0:1e400"}) {
    EXPECT_EQ(message_of<Error>([&] { parse_range(text); }),
              "[plot] range must be A:B, finite and A < B, got " + text);
  }
  for (const auto& [text, read] : {std::pair{"-1e39:0", "-1e+39 (-inf as float32):0"},
                                   {"1:1.000000000001", "1:1.000000000001 (1 as float32)"}}) {
    EXPECT_EQ(message_of<Error>([&] { parse_range(text); }),
              std::string("[plot] range must be A:B, finite and A < B, got ") + read);
  }
}

TEST(Plot, RefusesOptionsThatMeanNothing) {
  const auto message = [](const PlotOptions& options) {
    return message_of<Error>([&] { plot_to_terminal(options, 80, 24, false); });
  };
  EXPECT_EQ(message({}), "[plot] there must be a function, got none");
  PlotOptions options = options_of({"relu"});
  options.orders = {0, 3};
  EXPECT_EQ(message(options), "[plot] order must be 0, 1 or 2, got 3");
  options.orders = {0};
  options.range = {5, 1};
  EXPECT_EQ(message(options), "[plot] range must be A:B, finite and A < B, got 5:1");
}

TEST(PlotFile, RefusesUnknownEndings) {
  for (const std::string name : {"out.pdf", "svg", ".svg", "png.", "dir.svg/out", ""}) {
    EXPECT_EQ(message_of<Error>([&] { plot_to_file(options_of({"relu"}), name); }),
              "[plot] the file's name must end in .svg or .png, got " + name);
  }
}

TEST(PlotFile, SvgNamesEachCurve) {
  SKIP_WITHOUT_GNUPLOT();
  const std::vector<std::string> specs = {"sigmoid", "leaky_relu(negative_slope=0.3)", "mish"};
  const std::string svg = plot_svg(options_of(specs));
  EXPECT_EQ(svg.rfind("<?xml", 0), 0U);
  EXPECT_NE(svg.find("<title>sigmoid, leaky_relu(negative_slope=0.3), mish</title>"),
            std::string::npos);
  for (const std::string text : {"f(x)", "f′(x)"}) {
    EXPECT_EQ(count(svg, "<text>" + text + "</text>"), 1) << text;
  }
  for (const std::string& spec : specs) {
    EXPECT_EQ(count(svg, "<text>" + spec + "</text>"), 1) << spec;
    EXPECT_EQ(paths_of(svg, spec).size(), 2U) << spec;
  }
}

TEST(PlotFile, OrdersBecomePanelsOnce) {
  SKIP_WITHOUT_GNUPLOT();
  PlotOptions options = options_of({"tanh"});
  options.orders = {1, 1};
  const std::string svg = plot_svg(options);
  EXPECT_EQ(count(svg, "<text>f(x)</text>"), 0);
  EXPECT_EQ(count(svg, "<text>f′(x)</text>"), 1);
  options.orders = {1, 0};
  const std::string both = plot_svg(options);
  EXPECT_LT(both.find("<text>f′(x)</text>"), both.find("<text>f(x)</text>"));
}

// A line begins anew ("M") where the function jumps, and only there.
TEST(PlotFile, BreaksLinesAtJumpsOnly) {
  SKIP_WITHOUT_GNUPLOT();
  const std::map<std::string, std::vector<int>> lines_of = {
      {"relu", {1, 2}},        {"hardshrink", {3, 3}}, {"softshrink", {1, 3}}, {"hardtanh", {1, 3}},
      {"hardsigmoid", {1, 3}}, {"sigmoid", {1, 1}},    {"elu", {1, 1}},        {"selu", {1, 2}}};
  for (const auto& [spec, lines] : lines_of) {
    const auto paths = paths_of(plot_svg(options_of({spec})), spec);
    ASSERT_EQ(paths.size(), 2U) << spec;
    EXPECT_EQ(count(paths[0], "M"), lines[0]) << spec;
    EXPECT_EQ(count(paths[1], "M"), lines[1]) << spec;
  }
}

TEST(PlotFile, DrawsRangesOfFewFloats) {
  SKIP_WITHOUT_GNUPLOT();
  PlotOptions options = options_of({"tanh", "relu"});
  for (const PlotRange range : {PlotRange{1, 1.0000004}, {-1e-40, 1e-40}, {-3e38, 3e38}}) {
    options.range = range;
    for (const std::string& path : paths_of(plot_svg(options), "tanh")) {
      EXPECT_EQ(count(path, "M"), 1) << range.lo << ':' << range.hi;
    }
  }
}

TEST(PlotFile, WritesPngOfTwiceThePixels) {
  SKIP_WITHOUT_GNUPLOT();
  const Folder folder;
  plot_to_file(options_of({"relu", "gelu"}), folder / "x.png");
  plot_to_file(options_of({"relu", "gelu"}), folder / "x.svg");
  const std::string png = read_file(folder / "x.png");
  ASSERT_GT(png.size(), 1000U);
  EXPECT_EQ(png.substr(0, 8), "\x89PNG\r\n\x1a\n");
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(png[i]); };
  const int width = byte(18) * 256 + byte(19);
  EXPECT_NE(read_file(folder / "x.svg").find("width=\"" + std::to_string(width / 2) + "\""),
            std::string::npos);
}

TEST(PlotFile, ReplacesWhatIsThere) {
  SKIP_WITHOUT_GNUPLOT();
  const Folder folder;
  std::ofstream(folder / "x.svg") << "before";
  plot_to_file(options_of({"relu"}), folder / "x.svg");
  EXPECT_EQ(read_file(folder / "x.svg").rfind("<?xml", 0), 0U);
  EXPECT_EQ(folder.files(), 1);
}

TEST(PlotFile, SaysWhyItCannotWrite) {
  SKIP_WITHOUT_GNUPLOT();
  const Folder folder;
  const auto message = [](const fs::path& file) {
    return message_of<std::runtime_error>([&] { plot_to_file(options_of({"relu"}), file); });
  };
  EXPECT_EQ(message(folder / "missing/x.svg"), "[plot] cannot write " + folder.path().string() +
                                                   "/missing/x.svg: No such file or directory");
  EXPECT_EQ(folder.files(), 0);
  fs::create_directory(folder / "taken.svg");
  EXPECT_EQ(message(folder / "taken.svg"),
            "[plot] cannot write " + folder.path().string() + "/taken.svg: Is a directory");
  EXPECT_EQ(folder.files(), 1);
}

TEST(PlotFile, SaysThatGnuplotIsMissing) {
  const Folder folder;
  const ScopedPath nowhere(folder.path());
  EXPECT_EQ(
      message_of<std::runtime_error>([&] { plot_to_file(options_of({"relu"}), folder / "x.svg"); }),
      "[plot] gnuplot not found: install gnuplot-nox");
  EXPECT_EQ(folder.files(), 0);
}

// None of these reads its input, which would be a SIGPIPE with a pipe.
TEST(PlotFile, LeavesNothingWhenGnuplotFails) {
  const std::map<std::string, std::string> cases = {
      {"echo half; printf ' line 1: first\\n\\n  line 7: no such terminal\\n\\n' >&2; exit 1",
       "[plot] gnuplot failed: line 7: no such terminal"},
      {"echo half; exit 3", "[plot] gnuplot failed: no message"},
      {"exit 0", "[plot] gnuplot failed: no message"},
      {"kill -9 $$", "[plot] gnuplot: ended by signal 9"}};
  const Folder programs;
  const Folder folder;
  const ScopedPath path(programs.path());
  for (const auto& [body, expected] : cases) {
    write_program(programs / "gnuplot", body);
    EXPECT_EQ(message_of<std::runtime_error>([&] {
                plot_to_file(options_of({"relu", "mish"}), folder / "x.svg");
              }),
              expected);
    EXPECT_EQ(folder.files(), 0) << body;
  }
}

TEST(PlotTerminal, FitsAnySize) {
  SKIP_WITHOUT_GNUPLOT();
  const std::vector<std::string> few = {"sigmoid", "relu", "leaky_relu(negative_slope=0.3)"};
  std::vector<std::string> many;
  for (int i = 0; i < 12; ++i) many.insert(many.end(), few.begin(), few.end());
  const std::vector<std::pair<int, int>> sizes = {
      {80, 24}, {120, 40}, {60, 50}, {200, 20}, {50, 12}, {min_plot_columns, min_plot_rows}};
  for (const auto& [columns, rows] : sizes) {
    SCOPED_TRACE(testing::Message() << columns << 'x' << rows);
    expect_fits(plot_to_terminal(options_of(few), columns, rows, true), columns, rows);
    expect_fits(plot_to_terminal(options_of(many), columns, rows, false), columns, rows);
  }
}

TEST(PlotTerminal, NamesEachCurveAndPanel) {
  SKIP_WITHOUT_GNUPLOT();
  PlotOptions options = options_of({"sigmoid", "mish"});
  options.orders = {0, 1, 2};
  const std::string text = plot_to_terminal(options, 120, 24, false);
  for (const std::string what : {"f(x)", "f'(x)", "f''(x)", "* sigmoid", "o mish", "-4", "-2"}) {
    EXPECT_NE(text.find(what), std::string::npos) << what << " in\n" << text;
  }
  EXPECT_GT(count(text, "*"), 20);
  EXPECT_GT(count(text, "o"), 20);
}

TEST(PlotTerminal, CountsWhatTheLegendCannotHold) {
  SKIP_WITHOUT_GNUPLOT();
  const std::vector<std::string> specs(30, "leaky_relu(negative_slope=0.3)");
  const std::string text = plot_to_terminal(options_of(specs), 80, 18, false);
  EXPECT_NE(text.find("+10 more"), std::string::npos) << text;
}

TEST(PlotTerminal, ColoursOnlyWhenAsked) {
  SKIP_WITHOUT_GNUPLOT();
  const PlotOptions options = options_of({"sigmoid", "relu"});
  EXPECT_EQ(plot_to_terminal(options, 80, 24, false).find('\033'), std::string::npos);
  EXPECT_NE(plot_to_terminal(options, 80, 24, true).find("\033[38;5;"), std::string::npos);
}

TEST(PlotTerminal, RefusesToDrawInTooLittle) {
  EXPECT_EQ(message_of<Error>([] { plot_to_terminal(options_of({"relu"}), 39, 24, false); }),
            "[plot] the terminal must be at least 40x10, got 39x24");
}

}  // namespace
}  // namespace actfn::lab
