// SPDX-License-Identifier: Apache-2.0
// NumPy's npz: a zip archive of npy arrays.
#include <zip.h>

#include "data/directory.h"
#include "data/failure.h"
#include "data/npy.h"

#include <memory>

namespace actfn::data {
namespace {

namespace fs = std::filesystem;

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseEntry {
  void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};

// One file of the archive, unpacked. Its checksum is compared at its end.
class ZipEntry : public ByteSource {
 public:
  ZipEntry(const fs::path& file, zip_t* archive, const std::string& entry)
      : ByteSource(file.string() + ": " + entry) {
    entry_.reset(zip_fopen(archive, entry.c_str(), 0));
    if (entry_ == nullptr) fail(name(), std::string("cannot be read: ") + zip_strerror(archive));
  }

  std::size_t read(std::span<std::uint8_t> to) override {
    std::size_t done = 0;
    while (done < to.size()) {
      const zip_int64_t got = zip_fread(entry_.get(), to.data() + done, to.size() - done);
      if (got < 0) {
        fail(name(), std::string("damaged or truncated: ") + zip_file_strerror(entry_.get()));
      }
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

 private:
  std::unique_ptr<zip_file_t, CloseEntry> entry_;
};

class Archive : public NpyArrays {
 public:
  explicit Archive(fs::path file) : file_(std::move(file)) {
    if (is_folder(file_)) fail(file_, "is a directory");
    int code = 0;
    archive_.reset(zip_open(file_.c_str(), ZIP_RDONLY, &code));
    if (archive_ != nullptr) return;
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    fail(file_, "is no archive that can be read: " + text);
  }

  bool has(const std::string& name) const override {
    return zip_name_locate(archive_.get(), (name + ".npy").c_str(), 0) >= 0;
  }

  NpyArray read(const std::string& name) const override {
    ZipEntry entry(file_, archive_.get(), name + ".npy");
    return NpyArray(entry);
  }

 private:
  fs::path file_;
  std::unique_ptr<zip_t, CloseArchive> archive_;
};

}  // namespace

Dataset read_npz(const fs::path& file, const ReadOptions& options) {
  Dataset set = read_arrays(file, Archive(file), options);
  set.format = "npz";
  return set;
}

}  // namespace actfn::data
