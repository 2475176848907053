// SPDX-License-Identifier: Apache-2.0
// Tables of text: what is read, and that every mistake is named with its place.
#include "data/csv.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "messages.h"
#include "temporary_directory.h"

namespace actfn::data {
namespace {

namespace fs = std::filesystem;

using testing::TemporaryDirectory;
using testing::write_file;
using Floats = std::vector<float>;
using Labels = std::vector<std::uint32_t>;
using Names = std::vector<std::string>;

class Csv : public ::testing::Test {
 protected:
  // The content as one training part, in the order of the file.
  Dataset whole(const std::string& content, const ReadOptions& options = {}) const {
    write_file(file, content);
    return read_csv(file, options);
  }
  std::string error(const std::string& content, const ReadOptions& options = {}) const {
    return testing::message<std::exception>([&] { whole(content, options); });
  }
  std::string named(const std::string& what) const {
    return "[data] " + file.string() + ": " + what;
  }

  TemporaryDirectory at;
  fs::path file = at / "some.csv";
};

TEST_F(Csv, ReadsNumbersAndCategories) {
  const Dataset set = whole("width,colour,species\n1.5,red,cat\n-2e3,blue,dog\n0.1,red,cat\n");
  EXPECT_EQ(set.format, "CSV");
  EXPECT_EQ(set.task, Task::classification);
  EXPECT_EQ(set.classes, (Names{"cat", "dog"}));
  EXPECT_EQ(set.feature_names, (Names{"width", "colour=blue", "colour=red"}));
  EXPECT_EQ(set.label_name, "species");
  EXPECT_EQ(set.shape, (SampleShape{1, 1, 3}));
  EXPECT_EQ(set.train.count, 3U);
  EXPECT_EQ(set.train.features, 3U);
  EXPECT_EQ(set.train.floats, (Floats{1.5F, 0, 1, -2000, 1, 0, 0.1F, 0, 1}));
  EXPECT_EQ(set.train.labels, (Labels{0, 1, 0}));
  EXPECT_TRUE(set.train.bytes.empty() && set.train.targets.empty());
}

TEST_F(Csv, SkipsAByteOrderMarkAndTakesBothLineEnds) {
  const Floats want = {1, 2};
  for (const std::string content :
       {"\xef\xbb\xbfx,y\n1,a\n2,b\n", "x,y\r\n1,a\r\n2,b\r\n", "x,y\n1,a\n2,b",
        "x,y\r\n1,a\r\n2,b\r\n\r\n\r\n", " x , y\n 1 ,\ta \n2, b"}) {
    const Dataset set = whole(content);
    EXPECT_EQ(set.train.floats, want) << content;
    EXPECT_EQ(set.feature_names, Names{"x"}) << content;
    EXPECT_EQ(set.classes, (Names{"a", "b"})) << content;
  }
}

TEST_F(Csv, ReadsQuotes) {
  const Dataset set = whole(
      "\"the, width\",\"a \"\"b\"\"\",y\n\"1\", \"x\ny\" ,p\n2,\" z\",q\n\"3\",\"\"\"\",\"p\"\n");
  EXPECT_EQ(set.feature_names, (Names{"the, width", "a \"b\"= z", "a \"b\"=\"", "a \"b\"=x\ny"}));
  EXPECT_EQ(set.train.floats, (Floats{1, 0, 0, 1, 2, 1, 0, 0, 3, 0, 1, 0}));
  EXPECT_EQ(set.train.labels, (Labels{0, 1, 0}));
}

TEST_F(Csv, TheDelimiterIsThatOfTheHeader) {
  EXPECT_EQ(whole("a;y\n1;p\n2;q\n").train.floats, (Floats{1, 2}));
  EXPECT_EQ(whole("a;b,y\n1,p\n2,q\n").feature_names, Names{"a;b"});
}

TEST_F(Csv, ReadsTabs) {
  const fs::path tabs = at / "some.TSV";
  write_file(tabs, "a\tb c\ty\n1\t2\tp q\n3\t4\tr\n5\t6\tp q\n7\t8\tr\n");
  const Dataset set = read(tabs);
  EXPECT_EQ(set.feature_names, (Names{"a", "b c"}));
  EXPECT_EQ(set.classes, (Names{"p q", "r"}));
}

TEST_F(Csv, UnpacksGz) {
  const fs::path packed = at / "some.csv.gz";
  const gzFile out = gzopen(packed.c_str(), "wb");
  const std::string content = "a,y\n1,p\n2,q\n3,p\n4,q\n";
  ASSERT_EQ(gzwrite(out, content.data(), static_cast<unsigned>(content.size())), 20);
  ASSERT_EQ(gzclose(out), Z_OK);
  const Dataset set = read(packed);
  EXPECT_EQ(set.train.count + set.test.count, 4U);
  EXPECT_EQ(table_extension("a.tsv.GZ"), ".tsv");
  EXPECT_EQ(table_extension("a.txt"), "");
}

TEST_F(Csv, NumbersAreTheNearestFloats) {
  const Dataset set = whole("a,y\n0.1,p\n16777217,q\n1e-46,q\n-1.17549435e-38,p\n3.4028235e38,p\n");
  EXPECT_EQ(set.train.floats, (Floats{0.1F, 16777216, 0, -0x1p-126F, 0x1.fffffep127F}));
}

TEST_F(Csv, FindsTheLabel) {
  for (const std::string name : {"label", "class", "target", "species", "y", "Species", "CLASS"}) {
    EXPECT_EQ(whole("a," + name + ",b\n1,p,2\n3,q,4\n").label_name, name);
  }
  const std::string content = "a,class,b\n1,p,2\n3,q,4\n";
  EXPECT_EQ(whole(content, {.label = "b", .task = {}}).label_name, "b");
  EXPECT_EQ(error("a,b\n1,2\n"),
            named("no column is called label, class, target, species or y: name the label's, one "
                  "of a, b"));
  EXPECT_EQ(error("a,y,label\n1,2,3\n"),
            named("several columns may be the label: name one of y, label"));
  EXPECT_EQ(
      error(content, {.label = "c", .task = {}}),
      "[data] " + file.string() + " has no column 'c' for the label; its columns are a, class, b");
}

TEST_F(Csv, OfManyColumnsSomeAreListed) {
  std::string names = "c0";
  std::string row = "1";
  for (int i = 1; i < 30; ++i) {
    names += ",c" + std::to_string(i);
    row += ",1";
  }
  const std::string text = error(names + "\n" + row + "\n");
  EXPECT_TRUE(text.ends_with("c18, c19 and 10 more")) << text;
}

// `count` rows with the labels 0, 1, … as `text` writes them.
std::string numbered(int count, const std::string& behind = "") {
  std::string content = "a,y\n";
  for (int i = 0; i < count; ++i) {
    content += "1," + std::to_string(i) + behind + "\n";
  }
  return content;
}

TEST_F(Csv, FewWholeNumbersAreClasses) {
  const Dataset few = whole(numbered(20));
  EXPECT_EQ(few.task, Task::classification);
  EXPECT_EQ(few.classes.size(), 20U);
  EXPECT_EQ(few.classes[10], "10");  // by value, not by text
  EXPECT_EQ(few.train.labels[10], 10U);
  const Dataset many = whole(numbered(21));
  EXPECT_EQ(many.task, Task::regression);
  EXPECT_TRUE(many.classes.empty() && many.train.labels.empty());
  EXPECT_EQ(many.train.targets[20], 20);
  EXPECT_EQ(whole(numbered(3, ".5")).task, Task::regression);
  EXPECT_EQ(whole(numbered(3, ".0")).classes, (Names{"0", "1", "2"}));
}

TEST_F(Csv, TheTaskMayBeGiven) {
  const ReadOptions classes = {.label = "", .task = Task::classification};
  const ReadOptions numbers = {.label = "", .task = Task::regression};
  EXPECT_EQ(whole(numbered(50), classes).classes.size(), 50U);
  EXPECT_EQ(whole(numbered(3), numbers).train.targets, (Floats{0, 1, 2}));
  EXPECT_EQ(error(numbered(3, ".5"), classes),
            "[data] " + file.string() +
                ": column y has numbers that are not whole, so they are no classes");
  EXPECT_EQ(error("a,y\n1,p\n2,q\n", numbers),
            "[data] " + file.string() + ": column y has categories, a regression needs numbers");
}

TEST_F(Csv, NamesWhatIsNoTable) {
  EXPECT_EQ(error(""), named("is empty"));
  EXPECT_EQ(error("\n\r\n"), named("is empty"));
  EXPECT_EQ(error("a,y\n"), named("has no rows below the line of names"));
  EXPECT_EQ(error("1,2\n3,4\n"),
            named("row 1 has numbers alone: the first line must have the names of the columns"));
  EXPECT_EQ(error("a,,y\n1,2,3\n"), named("column 2 has no name"));
  EXPECT_EQ(error("a,y,a\n1,2,3\n"), named("two columns have the name 'a'"));
  EXPECT_EQ(error("y\n1\n2\n"), named("has no column beside the label"));
  EXPECT_EQ(error("\xff\xfe"
                  "a"),
            named("is text in UTF-16; save it in UTF-8"));
  EXPECT_EQ(error(std::string("a,y\n1,\0002\n", 9)), named("holds a zero byte, so it is no text"));
}

TEST_F(Csv, NamesRowsOfOtherLengths) {
  EXPECT_EQ(error("a,y\n1,2\n1\n"), named("row 3 has 1 columns, the line of names has 2"));
  EXPECT_EQ(error("a,y\n1,2,\n"), named("row 2 has 3 columns, the line of names has 2"));
  EXPECT_EQ(error("a,y\n1,2\n\n3,4\n"), named("row 3 has 1 columns, the line of names has 2"));
}

TEST_F(Csv, NamesQuotesThatDoNotFit) {
  EXPECT_EQ(error("a,y\n1,\"2\n"), named("row 2, column 2: a quote is not closed"));
  EXPECT_EQ(error("a,y\n\"1\"x,2\n"), named("row 2, column 1: text follows a closing quote"));
  EXPECT_EQ(error("a,y\n1,x\"2\"\n"),
            named("row 2, column 2: a quote is within a value that does not begin with one"));
}

TEST_F(Csv, NamesMissingValues) {
  for (const std::string value : {"?", "NA", "N/A", "NaN", "nan"}) {
    EXPECT_EQ(error("a,b,y\n1,2,p\n3," + value + ",q\n"),
              named("row 3, column b: the value is missing: '" + value + "'"));
    EXPECT_EQ(error("a,y\n1,p\n3," + value + "\n"),
              named("row 3, column y: the value is missing: '" + value + "'"));
  }
  EXPECT_EQ(error("a,b,y\n,2,p\n1,2,q\n"), named("row 2, column a: the value is missing"));
  EXPECT_EQ(error("a,b,y\n1,\"\",p\n2,z,q\n"), named("row 2, column b: the value is missing"));
}

TEST_F(Csv, NamesWhatDoesNotFitAColumn) {
  EXPECT_EQ(error("a,y\n1,p\n2,q\nx,p\n"), named("row 4, column a: expected a number, got 'x'"));
  EXPECT_EQ(error("a,y\nx,p\n2,q\n"),
            named("row 3, column a: expected a category as in the rows above, got the number '2'"));
  for (const std::string value : {"inf", "-1e39", "3.41e38"}) {
    EXPECT_EQ(error("a,y\n1,p\n" + value + ",q\n"),
              named("row 3, column a: expected a finite number of float32, got '" + value + "'"));
  }
  EXPECT_EQ(error("a,y\n1,2\n2,inf\n"),
            named("row 3, column y: expected a finite number of float64, got 'inf'"));
  EXPECT_EQ(error("a,y\n1,.5\n2,1e39\n"),
            named("row 3, column y: expected a finite number of float32, got '1e39'"));
  EXPECT_EQ(error("a\tb,y\n1,p\nx,q\n"),
            named("row 3, column a\\x09b: expected a number, got 'x'"));
}

TEST_F(Csv, NamesLabelsAndCategoriesThatAreUseless) {
  EXPECT_EQ(error("a,y\n1,p\n2,p\n"), named("all labels are 'p', so there is nothing to learn"));
  std::string content = "name,y\n";
  for (int i = 0; i <= 1000; ++i) content += "n" + std::to_string(i) + (i % 2 ? ",p\n" : ",q\n");
  EXPECT_EQ(error(content), named("column name has more than 1000 different texts: too many for "
                                  "categories"));
}

TEST_F(Csv, SplitsATestPartOff) {
  std::string content = "a,y\n";
  for (int i = 0; i < 50; ++i) content += std::to_string(i) + (i % 5 == 0 ? ",p\n" : ",q\n");
  write_file(file, content);
  const Dataset set = read(file);
  EXPECT_TRUE(set.test_was_split_off);
  EXPECT_EQ(set.path, file);
  EXPECT_EQ(set.train.count, 40U);
  EXPECT_EQ(set.test.count, 10U);
  EXPECT_EQ(std::ranges::count(set.test.labels, 0U), 2);
  const Dataset half = read(file, {.label = "", .task = {}, .test_share = 0.5});
  EXPECT_EQ(half.test.count, 25U);
  write_file(file, "a,y\n1,1.5\n");
  EXPECT_EQ(testing::message<std::runtime_error>([&] { read(file); }),
            named("has 1 sample, too few to split off a test part"));
}

class CsvDirectory : public Csv {
 protected:
  std::string error_of(const std::string& test) const {
    write_file(at / "train.csv", "a,c,y\n1,red,p\n2,blue,q\n");
    write_file(at / "test.csv", test);
    return testing::message<std::runtime_error>([&] { read(at.path()); });
  }
  std::string in_test(const std::string& what) const {
    return "[data] " + (at / "test.csv").string() + ": " + what;
  }
};

TEST_F(CsvDirectory, HasATestPart) {
  EXPECT_EQ(error_of("a,c,y\n3,red,q\n"), "no error");
  const Dataset set = read(at.path());
  EXPECT_FALSE(set.test_was_split_off);
  EXPECT_EQ(set.train.count, 2U);
  EXPECT_EQ(set.test.floats, (Floats{3, 0, 1}));
  EXPECT_EQ(set.test.labels, Labels{1});
}

TEST_F(CsvDirectory, NamesWhatTheTrainingPartHasNot) {
  EXPECT_EQ(error_of("a,c\n3,red\n"), in_test("has 2 columns, train.csv has 3"));
  EXPECT_EQ(error_of("a,y,c\n3,q,red\n"), in_test("column 2 is 'y', in train.csv it is 'c'"));
  EXPECT_EQ(error_of("a,c,y\n3,violet,p\n"),
            in_test("row 2, column c: no training sample has the category 'violet'"));
  EXPECT_EQ(error_of("a,c,y\n3,red,r\n"),
            in_test("row 2, column y: no training sample has the category 'r'"));
  EXPECT_EQ(error_of("a,c,y\nx,red,p\n"), in_test("row 2, column a: expected a number, got 'x'"));
  EXPECT_EQ(error_of("a,c,y\n3,?,p\n"), in_test("row 2, column c: the value is missing: '?'"));
  EXPECT_EQ(error_of("a,c,y\n3,red\n"), in_test("row 2 has 2 columns, the line of names has 3"));
  write_file(at / "train.csv", "a,y\n1,0\n2,1\n");
  write_file(at / "test.csv", "a,y\n1,7\n");
  EXPECT_EQ(testing::message<std::runtime_error>([&] { read(at.path()); }),
            in_test("row 2, column y: no training sample has the label '7'"));
}

}  // namespace
}  // namespace actfn::data
