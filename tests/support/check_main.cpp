// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Runs the tests of one program. An argument runs only those whose name contains it.
#include <cstdlib>
#include <string_view>
#include <vector>

#include "tests/support/check.hpp"

namespace {

std::vector<const TTest*>& tests() {
  static std::vector<const TTest*> list;
  return list;
}

}  // namespace

rtc::testing::Registration::Registration(const TTest* test) {
  tests().push_back(test);
}

int main(int argc, char** argv) {
  const std::string_view wanted = argc > 1 ? argv[1] : "";
  const std::string_view path = argv[0];
  Suite* suite = suite_create(path.substr(path.rfind('/') + 1).data());
  for (const TTest* test : tests()) {
    if (std::string_view(test->name).find(wanted) == std::string_view::npos) continue;
    TCase* test_case = tcase_create(test->name);
    tcase_set_timeout(test_case, 60);
    tcase_add_test(test_case, test);
    suite_add_tcase(suite, test_case);
  }
  SRunner* runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int ran = srunner_ntests_run(runner);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return ran > 0 && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
