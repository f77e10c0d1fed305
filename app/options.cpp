// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/options.hpp"

#include <glib.h>

#include <cstdio>

#include "base/ptr.hpp"

RTC_OWN_UNIQUE(GOptionContext, g_option_context_free);
RTC_OWN_UNIQUE(gchar*, g_strfreev);

namespace rtc::app {

namespace {

constexpr const char* kOverview =
    "Calls over WebRTC: picture and sound to and from another user of a signaling service.\n"
    "\n"
    "Usage: rtc-call COMMAND [OPTION…]\n"
    "\n"
    "  dial USER       call somebody\n"
    "  answer          wait for calls and take them\n"
    "  send USER FILE… send files and folders to somebody\n"
    "  receive         wait for files and take them\n"
    "  users           who is logged in\n"
    "  run [PIPELINE]  host a pipeline from a launch file; without a name: list them\n"
    "  devices         the cameras, microphones and speakers that are found\n"
    "\n"
    "`rtc-call COMMAND --help` tells the options of each.\n"
    "\n"
    "Exit status: 0 ended well, 2 wrong usage, 3 declined or busy, 4 not reached (nobody there, no answer, no service),\n"
    "5 failed (no connection, the other side lost, media broke, files did not arrive), 6 a transfer was cancelled\n";

struct CommandWord {
  const char* word;
  Command command;
  const char* arguments;
  const char* summary;
};

constexpr CommandWord kCommands[] = {
    {"dial", Command::Dial, "USER", "Calls USER, and ends with the call."},
    {"answer", Command::Answer, nullptr, "Waits for calls and takes them, one at a time, until Ctrl-C."},
    {"send", Command::Send, "USER FILE…",
     "Calls USER and sends files and folders. It ends when the other side has confirmed all of them.\n"
     "What was interrupted goes on when the same command is run again."},
    {"receive", Command::Receive, nullptr, "Takes the files that others send, until Ctrl-C."},
    {"users", Command::Users, "[--watch USER…]",
     "Lists who is logged in at the service; with --watch shows how it stands with some, for as long as you like."},
    {"run", Command::Run, "[PIPELINE [NAME=VALUE…]]",
     "Hosts the pipeline of a launch file (a name, or a path with a slash in it), with values for its parameters.\n"
     "Without a name it lists the pipelines that there are."},
    {"devices", Command::Devices, nullptr,
     "Lists the cameras, microphones and speakers that are found, and what they can be set to."},
};

/// What GOption writes to.
struct Raw {
  gchar* server = nullptr;
  gchar* user = nullptr;
  gchar* token = nullptr;
  gchar* token_file = nullptr;
  gchar* tls_ca_file = nullptr;
  gchar* video = nullptr;
  gchar* audio = nullptr;
  gchar* camera = nullptr;
  gchar* microphone = nullptr;
  gchar* speaker = nullptr;
  gchar* size = nullptr;
  gchar* accept = nullptr;
  gchar* pipeline = nullptr;
  gchar* snapshot = nullptr;
  gchar* directory = nullptr;
  gchar* receive = nullptr;
  gchar* conflict = nullptr;
  gchar** send = nullptr;
  gchar** groups = nullptr;
  gchar** rest = nullptr;
  gint64 max_bitrate = 0;
  gboolean json = FALSE;
  gboolean display = FALSE;
  gboolean no_display = FALSE;
  gboolean once = FALSE;
  gboolean visible = FALSE;
  gboolean watch = FALSE;
  gboolean help = FALSE;
  gint duration = 0;
  gint recovery_timeout = Options::kRecovery;

  Raw() = default;
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;
  ~Raw() {
    for (gchar* text : {server, user, token, token_file, tls_ca_file, video, audio, camera, microphone, speaker, size,
                        accept, pipeline, snapshot, directory, receive, conflict})
      g_free(text);
    g_strfreev(send);
    g_strfreev(groups);
    g_strfreev(rest);
  }
};

std::string textOr(const gchar* text, std::string fallback) {
  return text == nullptr ? fallback : std::string(text);
}

std::vector<GOptionEntry> entriesFor(Command command, Raw& raw) {
  std::vector<GOptionEntry> entries;
  const auto add = [&](const char* name, GOptionArg kind, gpointer target, const char* what, const char* word = nullptr,
                       gchar letter = 0) {
    entries.push_back({name, letter, 0, kind, target, what, word});
  };
  const bool media = command == Command::Dial || command == Command::Answer || command == Command::Run;
  if (command != Command::Devices) {
    add("server", G_OPTION_ARG_STRING, &raw.server,
        "The signaling service (default: $RTC_SERVER or ws://127.0.0.1:8888)", "URI", 's');
    add("user", G_OPTION_ARG_STRING, &raw.user, "Who you are (default: the name of your account)", "NAME", 'u');
    add("token", G_OPTION_ARG_STRING, &raw.token, "Proves who you are (default: $RTC_TOKEN)", "TEXT");
    add("token-file", G_OPTION_ARG_FILENAME, &raw.token_file,
        "The same in a file; it is read again when the token is about to expire", "FILE");
    add("tls-ca-file", G_OPTION_ARG_FILENAME, &raw.tls_ca_file,
        "Authorities to trust for wss://, instead of the system's", "FILE");
  }
  if (media || command == Command::Send || command == Command::Receive) {
    add("recovery-timeout", G_OPTION_ARG_INT, &raw.recovery_timeout,
        "How long to try for a new connection when one is lost (default: 30; 0: not at all)", "SECONDS");
  }
  if (media) {
    add("video", G_OPTION_ARG_FILENAME, &raw.video,
        "What to show: auto (a camera if there is one), test, none or a file", "auto|test|none|FILE");
    add("audio", G_OPTION_ARG_FILENAME, &raw.audio,
        "What to let hear: auto (a microphone if there is one), test, none or a file", "auto|test|none|FILE");
    add("camera", G_OPTION_ARG_STRING, &raw.camera, "This camera: its name, or a part of it (see `rtc-call devices`)",
        "NAME");
    add("microphone", G_OPTION_ARG_STRING, &raw.microphone, "This microphone, likewise", "NAME");
    add("speaker", G_OPTION_ARG_STRING, &raw.speaker, "This speaker, likewise", "NAME");
    add("size", G_OPTION_ARG_STRING, &raw.size,
        "The largest picture to take from the camera, and the size of the test picture (default: 640x480)",
        "WIDTHxHEIGHT");
    add("display", G_OPTION_ARG_NONE, &raw.display,
        "Show received pictures in a window (default where there is a screen)");
    add("no-display", G_OPTION_ARG_NONE, &raw.no_display, "Do not show them");
    add("duration", G_OPTION_ARG_INT, &raw.duration, "Hang up so long after the connection, and end", "SECONDS");
    add("snapshot", G_OPTION_ARG_FILENAME, &raw.snapshot, "Write the last received picture when the call ends",
        "FILE.png");
  }
  if (command == Command::Dial || command == Command::Answer) {
    add("pipeline", G_OPTION_ARG_FILENAME, &raw.pipeline, "The launch file to host (default: call)", "NAME");
  }
  if (command == Command::Dial || command == Command::Answer) {
    add("receive", G_OPTION_ARG_FILENAME, &raw.receive, "Take the files of the other side, into this folder", "DIR");
  }
  if (command == Command::Answer || command == Command::Run) {
    add("accept", G_OPTION_ARG_STRING, &raw.accept, "Take calls at once, or ask at the terminal (default: auto)",
        "auto|ask");
  }
  if (command == Command::Answer || command == Command::Receive || command == Command::Run) {
    add("group", G_OPTION_ARG_STRING_ARRAY, &raw.groups, "Take the calls of this group, too; may be repeated", "NAME");
  }
  if (media || command == Command::Receive) {
    add("visible", G_OPTION_ARG_NONE, &raw.visible, "Let others watch whether you are there, and in a call");
  }
  if (command == Command::Users) {
    add("watch", G_OPTION_ARG_NONE, &raw.watch, "Show how it stands with these users, and each change, until Ctrl-C");
  }
  if (command == Command::Answer) add("once", G_OPTION_ARG_NONE, &raw.once, "End with the first call");
  if (command == Command::Receive) {
    add("directory", G_OPTION_ARG_FILENAME, &raw.directory, "Where to (default: here)", "DIR", 'd');
    add("accept", G_OPTION_ARG_STRING, &raw.accept,
        "Take files at once (hidden ones are asked about), or ask at the terminal (default: ask)", "ask|auto");
    add("conflict", G_OPTION_ARG_STRING, &raw.conflict, "Where a name is taken (default: fail)",
        "fail|rename|overwrite");
    add("once", G_OPTION_ARG_NONE, &raw.once, "End with the first transfer");
  }
  if (command == Command::Send) {
    add("max-bitrate", G_OPTION_ARG_INT64, &raw.max_bitrate, "Most of the path to use, in bit/s", "NUMBER");
  }
  if (command == Command::Dial) {
    add("send", G_OPTION_ARG_FILENAME_ARRAY, &raw.send, "Send this file or folder once connected; may be repeated",
        "FILE");
  }
  add("json", G_OPTION_ARG_NONE, &raw.json, "One JSON object per event on stdout");
  add("help", G_OPTION_ARG_NONE, &raw.help, "Show this text", nullptr, 'h');
  add(G_OPTION_REMAINING, G_OPTION_ARG_STRING_ARRAY, &raw.rest, nullptr);
  entries.push_back({});
  return entries;
}

/// The positional arguments, by what the command takes.
Result<Done> takeRest(const CommandWord& word, const Raw& raw, Options& options) {
  std::vector<std::string> words;
  for (gchar** rest = raw.rest; rest != nullptr && *rest != nullptr; ++rest) words.emplace_back(*rest);
  if (word.command == Command::Dial) {
    if (words.size() != 1 || words[0].empty()) return Error{"Whom to call? `rtc-call dial USER`"};
    options.peer = words[0];
    return Done{};
  }
  if (word.command == Command::Send) {
    if (words.size() < 2 || words[0].empty()) return Error{"To whom, and what? `rtc-call send USER FILE…`"};
    options.peer = words[0];
    options.files.assign(words.begin() + 1, words.end());
    return Done{};
  }
  if (word.command == Command::Users && raw.watch) {
    if (words.empty()) return Error{"Whom to watch? `rtc-call users --watch USER…`"};
    options.watch = std::move(words);
    return Done{};
  }
  if (word.command != Command::Run) {
    if (!words.empty()) return Error{"“" + words[0] + "” is one word too many for `rtc-call " + word.word + "`."};
    return Done{};
  }
  if (words.empty()) return Done{};
  options.pipeline = words[0];
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto equals = words[i].find('=');
    if (equals == 0 || equals == std::string::npos) return Error{"“" + words[i] + "” is not of the form NAME=VALUE."};
    options.parameters.emplace_back(words[i].substr(0, equals), words[i].substr(equals + 1));
  }
  return Done{};
}

Result<Done> takeDevices(const Raw& raw, Options& options) {
  options.camera = textOr(raw.camera, "");
  options.microphone = textOr(raw.microphone, "");
  options.speaker = textOr(raw.speaker, "");
  if (!options.camera.empty() && options.video != "auto") {
    return Error{"--camera and --video " + options.video + " cannot both be."};
  }
  if (!options.microphone.empty() && options.audio != "auto") {
    return Error{"--microphone and --audio " + options.audio + " cannot both be."};
  }
  if (raw.size == nullptr) return Done{};
  auto& size = options.size;
  char end = 0;
  const int read = std::sscanf(raw.size, "%5dx%5d%c", &size.width, &size.height, &end);
  if (read != 2 || size.width < 16 || size.height < 16 || size.width > 8192 || size.height > 8192) {
    return Error{"--size is WIDTHxHEIGHT with 16 to 8192 for each, such as 1280x720, not “" + std::string(raw.size) +
                 "”."};
  }
  return Done{};
}

Result<Done> takeOptions(const Raw& raw, Options& options) {
  const char* server = g_getenv("RTC_SERVER");
  options.server = textOr(raw.server, server != nullptr && *server != '\0' ? server : "ws://127.0.0.1:8888");
  options.user = textOr(raw.user, g_get_user_name());
  options.token = textOr(raw.token, textOr(g_getenv("RTC_TOKEN"), ""));
  options.token_file = textOr(raw.token_file, "");
  if (raw.token != nullptr && raw.token_file != nullptr) return Error{"--token and --token-file cannot both be."};
  options.tls_ca_file = textOr(raw.tls_ca_file, "");
  for (gchar** group = raw.groups; group != nullptr && *group != nullptr; ++group) {
    const std::string name = **group == '@' ? *group + 1 : *group;
    if (name.empty() || name.find(',') != std::string::npos) {
      return Error{"--group is the name of one group, not “" + std::string(*group) + "”."};
    }
    options.groups.push_back(name);
  }
  options.visible = raw.visible != FALSE;
  options.json = raw.json != FALSE;
  options.video = textOr(raw.video, "auto");
  options.audio = textOr(raw.audio, "auto");
  if (const auto taken = takeDevices(raw, options); !taken) return taken;
  options.pipeline = textOr(raw.pipeline, "call");
  options.snapshot = textOr(raw.snapshot, "");
  options.once = raw.once != FALSE;
  options.duration = raw.duration;
  if (options.user.empty()) return Error{"--user is empty."};
  options.recovery_timeout = raw.recovery_timeout;
  if (options.recovery_timeout < 0 || options.recovery_timeout > 600) {
    return Error{"--recovery-timeout is a number of seconds, at most 600."};
  }
  if (options.duration < 0) return Error{"--duration is a number of seconds."};
  if (raw.display && raw.no_display) return Error{"--display and --no-display cannot both be."};
  if (raw.display) options.display = true;
  if (raw.no_display) options.display = false;
  options.received_files = textOr(raw.receive, "");
  options.directory = textOr(raw.directory, ".");
  options.conflict = textOr(raw.conflict, "fail");
  options.max_bitrate = raw.max_bitrate;
  for (gchar** file = raw.send; file != nullptr && *file != nullptr; ++file) options.files.emplace_back(*file);
  if (options.conflict != "fail" && options.conflict != "rename" && options.conflict != "overwrite") {
    return Error{"--conflict is fail, rename or overwrite, not “" + options.conflict + "”."};
  }
  if (options.max_bitrate < 0) return Error{"--max-bitrate is a number of bits per second."};
  const auto accept = textOr(raw.accept, options.command == Command::Receive ? "ask" : "auto");
  if (accept != "auto" && accept != "ask") return Error{"--accept is auto or ask, not “" + accept + "”."};
  options.ask = accept == "ask";
  return Done{};
}

Result<Options> parseCommand(const CommandWord& word, std::vector<std::string> arguments) {
  Raw raw;
  const auto entries = entriesFor(word.command, raw);
  const auto context = adopt(g_option_context_new(nullptr));
  g_option_context_set_help_enabled(context.get(), FALSE);
  g_option_context_set_summary(context.get(), word.summary);
  g_option_context_add_main_entries(context.get(), entries.data(), nullptr);

  // GOption takes words off the list, and frees those.
  auto* words = g_new0(gchar*, arguments.size() + 2);
  words[0] = g_strdup("rtc-call");
  for (std::size_t i = 0; i < arguments.size(); ++i) words[i + 1] = g_strdup(arguments[i].c_str());
  Out<GError> error;
  const bool parsed = g_option_context_parse_strv(context.get(), &words, &error) != FALSE;
  g_strfreev(words);
  if (!parsed) return Error{std::string(error->message) + ". See `rtc-call " + word.word + " --help`."};

  Options options;
  if (raw.help) {
    // GOption's own first line knows nothing of the command.
    std::string usage = adopt(g_option_context_get_help(context.get(), TRUE, nullptr)).get();
    const auto line_end = usage.find("\n\n");
    usage = "Usage: rtc-call " + std::string(word.word) + " [OPTION…]" +
            (word.arguments == nullptr ? "" : " " + std::string(word.arguments)) + usage.substr(line_end);
    options.command = Command::Help;
    options.help = usage;
    return options;
  }
  options.command = word.command;
  if (const auto taken = takeOptions(raw, options); !taken) return taken.error();
  if (word.command == Command::Run) options.pipeline.clear();
  if (const auto taken = takeRest(word, raw, options); !taken) return taken.error();
  return options;
}

}  // namespace

std::string joinedAtCommas(const std::vector<std::string>& names) {
  std::string joined;
  for (const auto& name : names) joined += (joined.empty() ? "" : ",") + name;
  return joined;
}

Result<Options> parseOptions(std::vector<std::string> arguments) {
  Options options;
  options.help = kOverview;
  if (arguments.empty()) return Error{"What to do? `rtc-call --help` lists the commands."};
  const auto first = arguments.front();
  if (first == "--help" || first == "-h" || first == "help") return options;
  if (first == "--version") {
    options.command = Command::Version;
    return options;
  }
  for (const auto& word : kCommands) {
    if (first != word.word) continue;
    arguments.erase(arguments.begin());
    return parseCommand(word, std::move(arguments));
  }
  return Error{"“" + first + "” is no command. `rtc-call --help` lists them."};
}

}  // namespace rtc::app
