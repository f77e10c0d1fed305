// SPDX-License-Identifier: LGPL-2.1-or-later
#include <utility>
#include <vector>

#include "app/questions.hpp"
#include "tests/support/check.hpp"

using namespace rtc::app;

namespace {

/// Sees one question at a time, and may answer it.
struct Person {
  std::vector<std::string> seen;     ///< all questions
  std::vector<std::string> answers;  ///< what became of them
  Questions::Answered answered;      ///< of the question that stands

  Questions questions{[this](const std::string& text, Questions::Answered given) -> Questions::Standing {
    ck_assert_msg(!answered, "two questions at a time");
    seen.push_back(text);
    answered = std::move(given);
    return {this, [](Person* person) { person->answered = nullptr; }};
  }};

  void ask(const std::string& id) { askInWords(id, id + "?"); }
  void askInWords(const std::string& id, const std::string& text) {
    questions.ask(id, text, [this, text](bool yes) { answers.push_back((yes ? "yes to " : "no to ") + text); });
  }
  void say(bool yes) {
    RTC_ASSERT(answered);
    // As a source does it, which is gone when its handler destroys the question.
    std::exchange(answered, nullptr)(yes);
  }
};

using Words = std::vector<std::string>;

}  // namespace

RTC_TEST(the_next_question_is_asked_when_one_is_answered) {
  Person person;
  person.ask("a");
  person.ask("b");
  RTC_ASSERT(person.seen == Words{"a?"});
  person.say(true);
  RTC_ASSERT((person.seen == Words{"a?", "b?"}));
  person.say(false);
  RTC_ASSERT((person.answers == Words{"yes to a?", "no to b?"}));
  RTC_ASSERT(!person.answered);
}

RTC_TEST(the_end_of_something_else_leaves_the_question) {
  Person person;
  person.ask("a");
  person.questions.withdraw("b");
  person.say(true);
  RTC_ASSERT(person.answers == Words{"yes to a?"});
}

RTC_TEST(a_question_that_is_withdrawn_makes_room_for_the_next) {
  Person person;
  person.ask("a");
  person.ask("b");
  person.questions.withdraw("a");
  RTC_ASSERT((person.seen == Words{"a?", "b?"}));
  person.say(true);
  RTC_ASSERT(person.answers == Words{"yes to b?"});
}

RTC_TEST(what_is_over_before_its_turn_is_never_asked_about) {
  Person person;
  for (const char* id : {"a", "b", "c"}) person.ask(id);
  person.questions.withdraw("b");
  person.say(true);
  RTC_ASSERT((person.seen == Words{"a?", "c?"}));
}

RTC_TEST(nobody_answers_the_old_question_about_what_has_changed) {
  Person person;
  person.askInWords("a", "one file?");
  person.ask("b");
  person.askInWords("a", "two files?");
  RTC_ASSERT((person.seen == Words{"one file?", "b?"}));
  person.say(true);
  person.say(true);
  RTC_ASSERT((person.answers == Words{"yes to b?", "yes to two files?"}));
}

RTC_TEST(all_are_withdrawn_at_the_end) {
  Person person;
  person.ask("a");
  person.ask("b");
  person.questions.withdrawAll();
  RTC_ASSERT(!person.answered);
  RTC_ASSERT(person.seen == Words{"a?"});
}

RTC_TEST(an_answer_may_end_other_questions_and_ask_new_ones) {
  Person person;
  person.questions.ask("a", "a?", [&](bool) {
    person.questions.withdraw("b");
    person.ask("d");
  });
  person.ask("b");
  person.ask("c");
  person.say(true);
  person.say(true);
  person.say(true);
  RTC_ASSERT((person.seen == Words{"a?", "c?", "d?"}));
}
