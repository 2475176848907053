// SPDX-License-Identifier: Apache-2.0
// data of the program: what it says of each format, and its errors.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "subprocess.h"
#include "temporary_directory.h"
#include "toy_files.h"

namespace actfn::testing {
namespace {

class Data : public ::testing::Test {
 protected:
  std::string describe(const Words& arguments) const {
    Words all = {"data"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const auto got = run(program(all));
    EXPECT_EQ(got.status, 0) << got.err;
    return got.out;
  }

  TemporaryDirectory at;
  const std::string file = (at / "some.csv").string();
};

TEST_F(Data, DescribesATable) {
  write_file(file, "a,c,species\n1,red,cat\n3,blue,dog\n1,red,cat\n3,blue,dog\n");
  EXPECT_EQ(describe({file}), file +
                                  "  (CSV)\n\n"
                                  "task      classification of species, 2 classes\n"
                                  "samples   2 for training, 2 for testing, split off: the data "
                                  "have no test part\n"
                                  "features  3\n\n"
                                  "CLASS  TRAINING  TEST\n"
                                  "cat           1     1\n"
                                  "dog           1     1\n\n"
                                  "TRAINING  MEAN  DEVIATION  MINIMUM  MAXIMUM\n"
                                  "a            2          1        1        3\n"
                                  "c=blue     0.5        0.5        0        1\n"
                                  "c=red      0.5        0.5        0        1\n");
}

TEST_F(Data, DescribesARegression) {
  write_file(at / "train.csv", "a,y,price\n1,2,0.5\n1,4,1.5\n");
  write_file(at / "test.csv", "a,y,price\n1,2,0.5\n");
  const std::string path = at.path().string();
  EXPECT_EQ(describe({path, "--label", "price"}),
            path +
                "  (CSV)\n\n"
                "task      regression of price\n"
                "samples   2 for training, 1 for testing\n"
                "features  2\n\n"
                "TRAINING  MEAN  DEVIATION  MINIMUM  MAXIMUM\n"
                "a            1          0        1        1\n"
                "y            3          1        2        4\n"
                "price        1        0.5      0.5      1.5\n");
  EXPECT_NE(describe({path}).find("classification of y, 2 classes"), std::string::npos);
  EXPECT_NE(describe({path, "--task", "regression"}).find("regression of y"), std::string::npos);
}

TEST_F(Data, DescribesImages) {
  write_toy_files(at.path());
  const Words all = lines(describe({at.path().string()}));
  ASSERT_EQ(all.size(), 17U);
  EXPECT_EQ(all[0], at.path().string() + "  (IDX)");
  EXPECT_EQ(all[2], "task      classification, 10 classes");
  EXPECT_EQ(all[3], "samples   200 for training, 60 for testing");
  EXPECT_EQ(all[4], "shape     8x8, bytes");
}

TEST_F(Data, HasTheSameAsJson) {
  write_file(file, "a,species\n1,cat\n3,dog\n1,cat\n3,dog\n");
  const auto table = nlohmann::json::parse(describe({file, "--json"}));
  EXPECT_EQ(table.at("path"), file);
  EXPECT_EQ(table.at("format"), "CSV");
  EXPECT_EQ(table.at("task"), "classification");
  EXPECT_EQ(table.at("label"), "species");
  EXPECT_EQ(table.at("train"), 2);
  EXPECT_EQ(table.at("test"), 2);
  EXPECT_EQ(table.at("test_was_split_off"), true);
  EXPECT_EQ(table.at("shape"), nlohmann::json({1, 1, 1}));
  EXPECT_EQ(table.at("type"), "floats");
  EXPECT_EQ(table.at("classes").at(1),
            nlohmann::json({{"name", "dog"}, {"train", 1}, {"test", 1}}));
  EXPECT_EQ(table.at("features"), nlohmann::json::array({{{"name", "a"},
                                                          {"mean", 2.0},
                                                          {"deviation", 1.0},
                                                          {"minimum", 1.0},
                                                          {"maximum", 3.0}}}));
  EXPECT_TRUE(table.at("target").is_null());
  write_toy_files(at.path());
  const auto images = nlohmann::json::parse(describe({at.path().string(), "--json"}));
  EXPECT_EQ(images.at("shape"), nlohmann::json({1, 8, 8}));
  EXPECT_EQ(images.at("type"), "bytes");
  EXPECT_TRUE(images.at("features").empty() && images.at("label").is_null());
}

TEST_F(Data, NamesStayOnOneLine) {
  write_file(file, "\"a\nb\",y\n1,\"p\x1bq\"\n2,r\n3,\"p\x1bq\"\n4,r\n");
  const std::string text = describe({file});
  EXPECT_NE(text.find("\np\\x1bq "), std::string::npos) << text;
  EXPECT_NE(text.find("\na\\x0ab "), std::string::npos) << text;
}

TEST_F(Data, ErrorsAreOneLine) {
  const auto error = [&](const Words& arguments, int status) {
    Words all = {"data"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const auto got = run(program(all));
    EXPECT_EQ(got.status, status);
    EXPECT_EQ(got.out, "");
    return got.err;
  };
  write_file(file, "a,b\n1,p\nx,q\n");
  EXPECT_EQ(error({file, "--label", "b"}, 1),
            "actfn: [data] " + file + ": row 3, column a: expected a number, got 'x'\n");
  EXPECT_EQ(error({file, "--label", "c"}, 2),
            "actfn: [data] " + file + " has no column 'c' for the label; its columns are a, b\n");
  EXPECT_EQ(error({file, "--task", "sorting"}, 2),
            "actfn: [data] --task must be classification or regression, got 'sorting'\n");
  EXPECT_EQ(error({""}, 2), "actfn: [data] PATH must be a file or a directory, got ''\n");
  const std::string missing = (at / "missing").string();
  EXPECT_EQ(error({missing}, 1), "actfn: [data] " + missing + ": No such file or directory\n");
}

}  // namespace
}  // namespace actfn::testing
