#include "plot.h"

#include "gnuplot.h"

#include <actfn/elementwise.h>
#include <actfn/error.h>

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace actfn::lab {
namespace {

bool is_drawable(const PlotRange& range) {
  const double largest = std::numeric_limits<float>::max();
  // Written so that NaN fails.
  return range.lo >= -largest && range.hi <= largest &&
         static_cast<float>(range.lo) < static_cast<float>(range.hi);
}

Error bad_range(std::string_view got) {
  return Error{fmt::format("[plot] range must be A:B with A < B, got {}", got)};
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

void check(const PlotOptions& options) {
  if (options.activations.empty()) throw Error("[plot] there must be an activation, got none");
  if (options.orders.empty()) throw Error("[plot] order must be 0 or 1, got none");
  for (const int order : options.orders) {
    if (order != 0 && order != 1) {
      throw Error(fmt::format("[plot] order must be 0 or 1, got {}", order));
    }
  }
  if (!is_drawable(options.range)) {
    throw bad_range(fmt::format("{}:{}", options.range.lo, options.range.hi));
  }
}

// f or f′ of one activation.
struct Function {
  const Activation& activation;
  int order;

  void operator()(std::span<const float> x, std::span<float> y) const {
    order == 0 ? forward(activation, x, y) : derivative(activation, x, y);
  }

  CurvePoint at(float x) const {
    CurvePoint point{x, 0};
    (*this)({&point.x, 1}, {&point.y, 1});
    return point;
  }
};

std::vector<float> sample_positions(const PlotRange& range) {
  constexpr int steps = 2000;
  std::vector<float> x;
  for (int i = 0; i <= steps; ++i) {
    const double t = static_cast<double>(i) / steps;
    const auto next = static_cast<float>(range.lo * (1 - t) + range.hi * t);
    if (x.empty() || next > x.back()) x.push_back(next);
  }
  return x;
}

// The least and the greatest finite value; no value at all gives lowest > highest.
struct Extent {
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -std::numeric_limits<double>::infinity();

  void add(float y) {
    if (!std::isfinite(y)) return;
    lowest = std::min<double>(lowest, y);
    highest = std::max<double>(highest, y);
  }
};

// Closes in on the steepest place between two samples. Where most of the step is still there
// between neighbouring numbers, f jumps, and a line would show what is not so. Samples that are
// close to begin with tell nothing.
std::optional<std::pair<CurvePoint, CurvePoint>> find_jump(const Function& f, CurvePoint left,
                                                           CurvePoint right) {
  constexpr int enough_halvings = 8;
  const auto step = [](CurvePoint a, CurvePoint b) { return std::fabs(double{b.y} - a.y); };
  const double whole = step(left, right);
  for (int halvings = 0;; ++halvings) {
    const float x = left.x / 2 + right.x / 2;
    if (x <= left.x || right.x <= x) {
      if (halvings < enough_halvings) return std::nullopt;
      return std::pair{left, right};
    }
    const CurvePoint middle = f.at(x);
    if (!std::isfinite(middle.y)) return std::nullopt;
    (step(left, middle) > step(middle, right) ? right : left) = middle;
    if (step(left, right) <= whole / 2) return std::nullopt;
  }
}

// Splits samples at jumps higher than `visible` and at values that are not finite.
std::vector<CurvePiece> split(const Function& f, std::span<const float> x, std::span<const float> y,
                              double visible) {
  std::vector<CurvePiece> pieces(1);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(y[i])) {
      if (!pieces.back().empty()) pieces.emplace_back();
      continue;
    }
    const CurvePoint point{x[i], y[i]};
    CurvePiece& piece = pieces.back();
    if (!piece.empty() && std::fabs(double{point.y} - piece.back().y) > visible) {
      if (const auto jump = find_jump(f, piece.back(), point)) {
        piece.push_back(jump->first);
        pieces.push_back({jump->second});
      }
    }
    pieces.back().push_back(point);
  }
  return pieces;
}

// Drops points that a line between their neighbours passes by less than `tolerance` in y.
void thin_out(std::span<const CurvePoint> points, double tolerance, CurvePiece& kept) {
  const CurvePoint first = points.front();
  const CurvePoint last = points.back();
  const double slope = (double{last.y} - first.y) / (double{last.x} - first.x);
  std::size_t farthest = 0;
  double largest = tolerance;
  for (std::size_t i = 1; i + 1 < points.size(); ++i) {
    const double line = first.y + slope * (double{points[i].x} - first.x);
    const double distance = std::fabs(points[i].y - line);
    if (distance > largest) farthest = i, largest = distance;
  }
  if (farthest == 0) {
    kept.push_back(last);
    return;
  }
  thin_out(points.first(farthest + 1), tolerance, kept);
  thin_out(points.subspan(farthest), tolerance, kept);
}

void thin_out(Panel& panel) {
  const double tolerance = 5e-5 * (panel.high - panel.low);
  for (auto& curve : panel.curves) {
    for (CurvePiece& piece : curve) {
      if (piece.size() < 3) continue;
      CurvePiece kept = {piece.front()};
      thin_out(piece, tolerance, kept);
      piece = std::move(kept);
    }
  }
}

Panel sample_panel(const PlotOptions& options, int order) {
  const std::vector<float> x = sample_positions(options.range);
  Panel panel{order, {}, 0, 0};
  Extent all;
  for (const Activation& activation : options.activations) {
    const Function f{activation, order};
    std::vector<float> y(x.size());
    f(x, y);
    Extent own;
    std::for_each(y.begin(), y.end(), [&](float value) { own.add(value), all.add(value); });
    panel.curves.push_back(split(f, x, y, 1e-3 * (own.highest - own.lowest)));
  }
  if (all.lowest > all.highest) all = {0, 0};
  const double span = all.highest - all.lowest;
  const double margin = span > 0 ? 0.05 * span : std::max(1.0, std::fabs(all.highest) / 2);
  panel.low = all.lowest - margin;
  panel.high = all.highest + margin;
  thin_out(panel);
  return panel;
}

Figure sample(const PlotOptions& options) {
  check(options);
  Figure figure;
  figure.low = static_cast<float>(options.range.lo);
  figure.high = static_cast<float>(options.range.hi);
  for (const Activation& activation : options.activations) {
    figure.labels.push_back(to_string(activation));
  }
  for (const int order : options.orders) {
    const auto is_same = [&](const Panel& panel) { return panel.order == order; };
    if (std::any_of(figure.panels.begin(), figure.panels.end(), is_same)) continue;
    figure.panels.push_back(sample_panel(options, order));
  }
  return figure;
}

std::runtime_error failure(std::string_view what, int error) {
  return std::runtime_error(
      fmt::format("[plot] {}: {}", what, std::generic_category().message(error)));
}

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// Files take scripts and drawings of any length without a thread, and a gnuplot that ends early
// raises no SIGPIPE, as with a pipe.
File temporary_file(std::string_view text = "") {
  File file(std::tmpfile(), std::fclose);
  if (!file || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() ||
      std::fflush(file.get()) != 0 || lseek(fileno(file.get()), 0, SEEK_SET) != 0) {
    throw failure("cannot make a temporary file", errno);
  }
  return file;
}

std::string read_all(std::FILE* file) {
  std::string text;
  std::array<char, 65536> buffer;
  std::rewind(file);
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), file)) {
    text.append(buffer.data(), n);
  }
  return text;
}

// The lines before the last one show the place in the script.
std::string last_line(const std::string& text) {
  std::istringstream lines(text);
  std::string last = "no message";
  for (std::string line; std::getline(lines, line);) {
    const std::size_t start = line.find_first_not_of(" \t\r");
    if (start != std::string::npos) last = line.substr(start);
  }
  return last;
}

pid_t spawn_gnuplot(std::FILE* in, std::FILE* out, std::FILE* err) {
  char name[] = "gnuplot";
  char no_user_settings[] = "-d";
  char* const arguments[] = {name, no_user_settings, nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(in), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(out), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(err), STDERR_FILENO);
  pid_t child = 0;
  const int error = posix_spawnp(&child, name, &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error == ENOENT || error == EACCES || error == ENOTDIR) {
    throw std::runtime_error("[plot] gnuplot not found: install gnuplot-nox");
  }
  if (error != 0) throw failure("cannot run gnuplot", error);
  return child;
}

// What gnuplot writes to its standard output.
std::string run_gnuplot(const std::string& script) {
  const File in = temporary_file(script);
  const File out = temporary_file();
  const File err = temporary_file();
  const pid_t child = spawn_gnuplot(in.get(), out.get(), err.get());
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw failure("cannot wait for gnuplot", errno);
  }
  if (WIFSIGNALED(status)) {
    throw std::runtime_error(fmt::format("[plot] gnuplot: ended by signal {}", WTERMSIG(status)));
  }
  std::string drawing = read_all(out.get());
  if (status != 0 || drawing.empty()) {
    throw std::runtime_error("[plot] gnuplot failed: " + last_line(read_all(err.get())));
  }
  return drawing;
}

// Writes a new file beside the target, which then takes its place.
void replace_file(const std::filesystem::path& target, std::string_view bytes) {
  const std::string task = fmt::format("cannot write {}", target.string());
  std::filesystem::path temporary;
  File file(nullptr, std::fclose);
  for (int i = 0; !file; ++i) {
    temporary = target.parent_path() / fmt::format(".actfn-{}-{}.tmp", getpid(), i);
    file.reset(std::fopen(temporary.c_str(), "wbx"));
    if (!file && errno != EEXIST) throw failure(task, errno);
  }
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
  // Closed in any case: this is where a full disk may show.
  const bool closed = std::fclose(file.release()) == 0;
  if (!written || !closed || std::rename(temporary.c_str(), target.c_str()) != 0) {
    const int error = errno;
    std::remove(temporary.c_str());
    throw failure(task, error);
  }
}

}  // namespace

PlotRange parse_range(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) throw bad_range(text);
  const auto lo = parse_number(text.substr(0, colon));
  const auto hi = parse_number(text.substr(colon + 1));
  if (!lo || !hi || !is_drawable({*lo, *hi})) throw bad_range(text);
  return {*lo, *hi};
}

void plot_to_file(const PlotOptions& options, const std::filesystem::path& file) {
  const std::string ending = file.extension().string();
  if (ending != ".svg" && ending != ".png") {
    throw Error(
        fmt::format("[plot] cannot tell the format of {}: end it in .svg or .png", file.string()));
  }
  const Figure figure = sample(options);
  if (ending == ".svg") {
    replace_file(file, finish_svg(figure, run_gnuplot(svg_script(figure))));
  } else {
    replace_file(file, run_gnuplot(png_script(figure)));
  }
}

std::string plot_to_terminal(const PlotOptions& options, int columns, int rows, bool colour) {
  if (columns < min_plot_columns || rows < min_plot_rows) {
    throw Error(fmt::format("[plot] the terminal must be at least {}x{}, got {}x{}",
                            min_plot_columns, min_plot_rows, columns, rows));
  }
  return finish_text(run_gnuplot(text_script(sample(options), columns, rows, colour)));
}

}  // namespace actfn::lab
