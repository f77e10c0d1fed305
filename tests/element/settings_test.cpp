// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/settings.hpp"

#include <string>

#include "tests/support/check.hpp"

using namespace rtc;

namespace {

GValue* emptied(GValue& value, GType type) {
  value = G_VALUE_INIT;
  return g_value_init(&value, type);
}

void setText(Settings& settings, Setting setting, const char* text) {
  GValue value;
  g_value_set_string(emptied(value, G_TYPE_STRING), text);
  settings.set(setting, &value);
  g_value_unset(&value);
}

void setNumber(Settings& settings, Setting setting, guint number) {
  GValue value;
  g_value_set_uint(emptied(value, G_TYPE_UINT), number);
  settings.set(setting, &value);
}

void setLatency(Settings& settings, gint milliseconds) {
  GValue value;
  g_value_set_int(emptied(value, G_TYPE_INT), milliseconds);
  settings.set(Setting::Latency, &value);
}

void setFlag(Settings& settings, Setting setting, bool flag) {
  GValue value;
  g_value_set_boolean(emptied(value, G_TYPE_BOOLEAN), flag);
  settings.set(setting, &value);
}

void setAccept(Settings& settings, AcceptPolicy policy) {
  GValue value;
  g_value_set_enum(emptied(value, acceptPolicyType()), static_cast<gint>(policy));
  settings.set(Setting::Accept, &value);
}

std::string conflict(Settings mine, const Settings& others) {
  const auto merged = mine.merge(others);
  return merged ? "" : merged.error().message;
}

std::string turnServersOf(const char* text) {
  Settings settings;
  setText(settings, Setting::TurnServers, text);
  std::string out;
  for (const auto& server : settings.list(Setting::TurnServers)) out += '[' + server + ']';
  return out;
}

}  // namespace

/// An object that shows the settings as its properties, as an element does.
struct RtcTestOwner {
  GObject parent;
  Settings* settings;
};
struct RtcTestOwnerClass {
  GObjectClass parent_class;
};
G_DEFINE_TYPE(RtcTestOwner, rtc_test_owner, G_TYPE_OBJECT)

static void rtc_test_owner_init(RtcTestOwner* self) {
  self->settings = new Settings;
}

static void rtc_test_owner_finalize(GObject* object) {
  delete reinterpret_cast<RtcTestOwner*>(object)->settings;
  G_OBJECT_CLASS(rtc_test_owner_parent_class)->finalize(object);
}

static void rtc_test_owner_class_init(RtcTestOwnerClass* klass) {
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->finalize = rtc_test_owner_finalize;
  object_class->set_property = [](GObject* object, guint id, const GValue* value, GParamSpec*) {
    reinterpret_cast<RtcTestOwner*>(object)->settings->set(static_cast<Setting>(id), value);
  };
  object_class->get_property = [](GObject* object, guint id, GValue* value, GParamSpec*) {
    reinterpret_cast<RtcTestOwner*>(object)->settings->get(static_cast<Setting>(id), value);
  };
  Settings::install(object_class);
}

RTC_TEST(each_setting_is_written_and_read_by_its_name) {
  const auto owner = adopt(G_OBJECT(g_object_new(rtc_test_owner_get_type(), nullptr)));
  g_object_set(owner.get(), "user", "alice", "latency", 120, "ice-tcp", TRUE, "accept", AcceptPolicy::None,
               "ice-transport-policy", GST_WEBRTC_ICE_TRANSPORT_POLICY_RELAY, nullptr);
  const auto& settings = *reinterpret_cast<RtcTestOwner*>(owner.get())->settings;
  RTC_ASSERT_EQ(settings.text(Setting::User), "alice");
  RTC_ASSERT(settings.wait(Setting::Latency) == Duration(120));
  RTC_ASSERT(settings.flag(Setting::IceTcp));
  RTC_ASSERT(settings.accept() == AcceptPolicy::None);
  RTC_ASSERT(settings.relayOnly());
  Out<gchar> user;
  g_object_get(owner.get(), "user", &user, nullptr);
  RTC_ASSERT_EQ(std::string(user.get()), "alice");
}

RTC_TEST(what_was_not_set_has_its_default) {
  const Settings settings;
  for (const auto setting : {Setting::User, Setting::Token, Setting::Peer, Setting::StunServer, Setting::TlsCaFile}) {
    RTC_ASSERT_EQ(settings.text(setting), "");
  }
  RTC_ASSERT(settings.accept() == AcceptPolicy::Auto);
  RTC_ASSERT(!settings.relayOnly());
  RTC_ASSERT(!settings.flag(Setting::IceTcp));
  RTC_ASSERT(settings.list(Setting::TurnServers).empty());
  RTC_ASSERT_EQ(settings.number(Setting::MaxCalls), 0U);
  RTC_ASSERT(settings.wait(Setting::Latency) == std::nullopt);
  RTC_ASSERT_EQ(settings.number(Setting::RingTimeout), 60'000U);
  RTC_ASSERT_EQ(settings.number(Setting::SetupTimeout), 15'000U);
  RTC_ASSERT_EQ(settings.number(Setting::PeerTimeout), 8'000U);
  RTC_ASSERT_EQ(settings.number(Setting::RecoveryTimeout), 30'000U);
  RTC_ASSERT_EQ(settings.number(Setting::MinRtpPort), 0U);
}

RTC_TEST(each_setting_is_a_property_with_the_settings_default) {
  auto* klass = static_cast<GObjectClass*>(g_type_class_ref(rtc_test_owner_get_type()));
  guint count = 0;
  GParamSpec** specs = g_object_class_list_properties(klass, &count);
  RTC_ASSERT_EQ(count, static_cast<guint>(Setting::Last));
  for (guint i = 0; i < count; ++i) {
    RTC_ASSERT(Settings::has(specs[i]->param_id));
    GValue value;
    Settings().get(static_cast<Setting>(specs[i]->param_id), emptied(value, specs[i]->value_type));
    const bool none = G_VALUE_HOLDS_STRING(&value) && *g_value_get_string(&value) == '\0';
    ck_assert_msg(none || g_param_value_defaults(specs[i], &value), "the default of %s", specs[i]->name);
    g_value_unset(&value);
  }
  g_free(specs);
  g_type_class_unref(klass);
  RTC_ASSERT(!Settings::has(0));
  RTC_ASSERT(!Settings::has(static_cast<guint>(Setting::Last) + 1));
}

RTC_TEST(what_was_set_is_what_is_read) {
  Settings settings;
  setText(settings, Setting::User, "alice");
  setNumber(settings, Setting::MaxCalls, 120);
  setLatency(settings, 0);
  setFlag(settings, Setting::IceTcp, true);
  setAccept(settings, AcceptPolicy::Ask);
  RTC_ASSERT_EQ(settings.text(Setting::User), "alice");
  RTC_ASSERT_EQ(settings.number(Setting::MaxCalls), 120U);
  RTC_ASSERT(settings.wait(Setting::Latency) == Duration(0));
  RTC_ASSERT(settings.flag(Setting::IceTcp));
  RTC_ASSERT(settings.accept() == AcceptPolicy::Ask);
  GValue value;
  settings.get(Setting::Accept, emptied(value, acceptPolicyType()));
  RTC_ASSERT_EQ(g_value_get_enum(&value), static_cast<gint>(AcceptPolicy::Ask));
  settings.get(Setting::MaxCalls, emptied(value, G_TYPE_UINT));
  RTC_ASSERT_EQ(g_value_get_uint(&value), 120U);
  settings.get(Setting::Latency, emptied(value, G_TYPE_INT));
  RTC_ASSERT_EQ(g_value_get_int(&value), 0);
  settings.get(Setting::User, emptied(value, G_TYPE_STRING));
  RTC_ASSERT_EQ(std::string(g_value_get_string(&value)), "alice");
  g_value_unset(&value);
}

RTC_TEST(relay_only_is_an_ice_policy) {
  Settings settings;
  GValue value;
  g_value_set_enum(emptied(value, GST_TYPE_WEBRTC_ICE_TRANSPORT_POLICY), GST_WEBRTC_ICE_TRANSPORT_POLICY_RELAY);
  settings.set(Setting::IceTransportPolicy, &value);
  RTC_ASSERT(settings.relayOnly());
}

RTC_TEST(a_null_text_is_an_empty_one) {
  Settings settings;
  setText(settings, Setting::Peer, nullptr);
  RTC_ASSERT_EQ(settings.text(Setting::Peer), "");
}

RTC_TEST(the_server_is_the_one_set_or_the_environments_or_this_machine) {
  Settings settings;
  g_unsetenv("RTC_SERVER");
  RTC_ASSERT_EQ(settings.server(), "ws://127.0.0.1:8888");
  g_setenv("RTC_SERVER", "", TRUE);
  RTC_ASSERT_EQ(settings.server(), "ws://127.0.0.1:8888");
  g_setenv("RTC_SERVER", "wss://calls.example", TRUE);
  RTC_ASSERT_EQ(settings.server(), "wss://calls.example");
  setText(settings, Setting::Server, "ws://here:1");
  RTC_ASSERT_EQ(settings.server(), "ws://here:1");
}

RTC_TEST(groups_are_separated_by_commas) {
  Settings settings;
  RTC_ASSERT(settings.list(Setting::Groups).empty());
  setText(settings, Setting::Groups, "support, sales,");
  RTC_ASSERT(settings.list(Setting::Groups) == (std::vector<std::string>{"support", "sales"}));
}

RTC_TEST(turn_servers_are_separated_by_commas_and_blanks_do_not_matter) {
  RTC_ASSERT_EQ(turnServersOf("turn://a:b@c"), "[turn://a:b@c]");
  RTC_ASSERT_EQ(turnServersOf("turn://a:b@c,turn://d:e@f?transport=tcp"), "[turn://a:b@c][turn://d:e@f?transport=tcp]");
  RTC_ASSERT_EQ(turnServersOf(" turn://a:b@c ,  turn://d:e@f , ,"), "[turn://a:b@c][turn://d:e@f]");
  RTC_ASSERT_EQ(turnServersOf(",,"), "");
}

RTC_TEST(two_elements_complete_each_other) {
  Settings mine;
  setText(mine, Setting::User, "alice");
  setLatency(mine, 100);
  Settings others;
  setText(others, Setting::Peer, "bob");
  setLatency(others, 100);
  RTC_ASSERT(mine.merge(others).ok());
  RTC_ASSERT_EQ(mine.text(Setting::User), "alice");
  RTC_ASSERT_EQ(mine.text(Setting::Peer), "bob");
  RTC_ASSERT(mine.wait(Setting::Latency) == Duration(100));
}

RTC_TEST(two_values_of_one_setting_are_an_error_that_names_the_property_and_keeps_the_values_to_itself) {
  Settings mine;
  setText(mine, Setting::Token, "secret-one");
  Settings others;
  setText(others, Setting::Token, "secret-two");
  const auto error = conflict(mine, others);
  RTC_ASSERT(error.find("\"token\"") != std::string::npos);
  RTC_ASSERT(error.find("secret") == std::string::npos);
}

RTC_TEST(a_value_set_to_its_default_is_set_and_conflicts_with_another) {
  Settings mine;
  setLatency(mine, -1);
  Settings others;
  RTC_ASSERT_EQ(conflict(mine, others), "");
  setLatency(others, 61);
  RTC_ASSERT(conflict(mine, others).find("\"latency\"") != std::string::npos);
}
