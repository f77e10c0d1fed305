// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The service as a program: its command line, and the files that it serves.
#include <glib/gstdio.h>
#include <libsoup/soup.h>

#include <cstdlib>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/check.hpp"
#include "tests/support/signald_process.hpp"
#include "tests/support/socket_client.hpp"

RTC_OWN_GOBJECT(GSocketClient);
RTC_OWN_GOBJECT(GSocketConnection);

using rtc::adopt;
using rtc::Out;
using rtc::testing::ChildProcess;
using rtc::testing::SignaldProcess;
using rtc::testing::SocketClient;

namespace {

std::string program() {
  return std::getenv("RTC_SIGNALD");
}

/// Runs to its end; must fail, and say why in one line.
std::string complaint(const std::vector<std::string>& options) {
  std::vector<std::string> argv{program()};
  argv.insert(argv.end(), options.begin(), options.end());
  ChildProcess process(argv, {}, true);
  const auto text = process.readStderr();
  RTC_ASSERT_EQ(process.wait().value_or(-1), 1);
  RTC_ASSERT(!process.readLine());
  RTC_ASSERT_EQ(text.find('\n'), text.size() - 1);
  return text;
}

/// A folder of a page, with things around it that must not be served.
class Site {
 public:
  Site() : folder_(adopt(g_dir_make_tmp("rtc-site-XXXXXX", nullptr))) {
    g_mkdir((path() + "/web").c_str(), 0755);
    g_mkdir((path() + "/web/sub").c_str(), 0755);
    g_mkdir((path() + "/web-other").c_str(), 0755);
    write("secret.txt", "secret");
    write("web-other/secret.txt", "secret");
    write("web/.hidden", "secret");
    write("web/index.html", "<p>home");
    write("web/page.js", "export {};");
    write("web/style.css", "p {}");
    write("web/data.bin", "\x01");
    write("web/with space.txt", "space");
    write("web/sub/index.html", "<p>sub");
    RTC_ASSERT_EQ(symlink("../secret.txt", (path() + "/web/out.txt").c_str()), 0);
    RTC_ASSERT_EQ(symlink("..", (path() + "/web/up").c_str()), 0);
    RTC_ASSERT_EQ(symlink("page.js", (path() + "/web/within.js").c_str()), 0);
    RTC_ASSERT_EQ(mkfifo((path() + "/web/pipe").c_str(), 0600), 0);
  }
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;
  ~Site() { ChildProcess({"rm", "-rf", path()}).wait(); }

  std::string path() const { return folder_.get(); }
  std::string web() const { return path() + "/web"; }

 private:
  void write(const std::string& name, const std::string& text) {
    RTC_ASSERT(g_file_set_contents((path() + "/" + name).c_str(), text.c_str(), -1, nullptr));
  }

  rtc::Ptr<gchar> folder_;
};

/// One raw HTTP exchange, so that no library tidies the path up.
std::string answerTo(const SignaldProcess& service, const std::string& request_line, const std::string& fields = "") {
  const auto client = adopt(g_socket_client_new());
  Out<GError> error;
  const auto connection = adopt(g_socket_client_connect_to_host(client.get(), "127.0.0.1",
                                                                static_cast<guint16>(service.port()), nullptr, &error));
  RTC_ASSERT(connection != nullptr);
  const std::string request = request_line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + fields + "\r\n";
  auto* stream = G_IO_STREAM(connection.get());
  RTC_ASSERT(g_output_stream_write_all(g_io_stream_get_output_stream(stream), request.data(), request.size(), nullptr,
                                       nullptr, nullptr));
  std::string response;
  char buffer[4096];
  gssize got = 0;
  while ((got = g_input_stream_read(g_io_stream_get_input_stream(stream), buffer, sizeof buffer, nullptr, nullptr)) >
         0) {
    response.append(buffer, static_cast<std::size_t>(got));
  }
  return response;
}

std::string statusOf(const std::string& response) {
  return response.substr(std::string("HTTP/1.1 ").size(), 3);
}

std::string bodyOf(const std::string& response) {
  return response.substr(response.find("\r\n\r\n") + 4);
}

bool hasHeader(const std::string& response, const std::string& line) {
  return response.find("\r\n" + line + "\r\n") < response.find("\r\n\r\n") + 2;
}

}  // namespace

// --- The command line ------------------------------------------------------------------------------------------------

RTC_TEST(the_first_line_says_where_it_listens) {
  const SignaldProcess service;
  RTC_ASSERT(service.uri().starts_with("ws://127.0.0.1:"));
  RTC_ASSERT(service.port() > 0);
}

RTC_TEST(it_listens_on_ipv6_too) {
  const SignaldProcess service({"--listen", "::1"});
  RTC_ASSERT(service.uri().starts_with("ws://[::1]:"));
  SocketClient client(service.uri());
  RTC_ASSERT(client.hearsNothing());
}

RTC_TEST(a_port_in_use_is_said_in_a_sentence) {
  const SignaldProcess service;
  const auto text = complaint({"--port", std::to_string(service.port())});
  RTC_ASSERT(text.find("it is in use") != std::string::npos);
  RTC_ASSERT(text.find(std::to_string(service.port())) != std::string::npos);
}

RTC_TEST(options_that_make_no_sense_are_said_in_a_sentence) {
  RTC_ASSERT(complaint({"--listen", "nonsense", "--insecure-open"}).find("nonsense is not an IP address") !=
             std::string::npos);
  RTC_ASSERT(
      complaint({"--listen", "192.0.2.1", "--port", "0", "--insecure-open"}).find("cannot listen on 192.0.2.1") !=
      std::string::npos);
  RTC_ASSERT(complaint({"--port", "65536"}).find("--port") != std::string::npos);
  RTC_ASSERT(complaint({"--port", "http"}).find("http") != std::string::npos);
  RTC_ASSERT(complaint({"--web-root", "/nonexistent"}).find("/nonexistent") != std::string::npos);
  RTC_ASSERT(complaint({"--ring-timeout", "0"}).find("seconds") != std::string::npos);
  RTC_ASSERT(complaint({"--ring-timeout", "nan"}).find("seconds") != std::string::npos);
  RTC_ASSERT(complaint({"--ping-interval", "0"}).find("--ping-interval") != std::string::npos);
  RTC_ASSERT(complaint({"--dance"}).find("--dance") != std::string::npos);
  RTC_ASSERT(complaint({"8888"}).find("8888") != std::string::npos);
  const auto ice = complaint({"--ice-server", "turn:me:secret@"});
  RTC_ASSERT(ice.find("--ice-server") != std::string::npos && ice.find("secret") == std::string::npos);
}

RTC_TEST(version_and_help_are_told_on_the_standard_output) {
  ChildProcess version({program(), "--version"});
  RTC_ASSERT(version.readLine().value_or("").starts_with("rtc-signald 0."));
  RTC_ASSERT_EQ(version.wait().value_or(-1), 0);
  ChildProcess help({program(), "--help"});
  std::string text;
  while (const auto line = help.readLine()) text += *line + "\n";
  RTC_ASSERT_EQ(help.wait().value_or(-1), 0);
  for (const char* option : {"--listen", "--port", "--web-root", "--ice-server", "--ring-timeout", "--setup-timeout",
                             "--resume-timeout", "--drain-timeout", "--ping-interval", "--version"}) {
    ck_assert_msg(text.find(option) != std::string::npos, "the help lacks %s", option);
  }
}

RTC_TEST(it_needs_no_gstreamer_and_no_http_server_for_internal_use) {
  ChildProcess ldd({"ldd", program()});
  bool frames = false;
  while (const auto line = ldd.readLine()) {
    frames = frames || line->find("libwslay") != std::string::npos;
    for (const char* library : {"libgst", "libsoup"}) {
      ck_assert_msg(line->find(library) == std::string::npos, "linked: %s", line->c_str());
    }
  }
  RTC_ASSERT(frames);
}

// --- Lost clients ----------------------------------------------------------------------------------------------------

RTC_TEST(a_client_that_answers_no_ping_is_given_up_and_one_that_does_is_not) {
  const SignaldProcess service({"--ping-interval", "1"});
  SocketClient alive(service.uri());
  const auto client = adopt(g_socket_client_new());
  const auto connection = adopt(g_socket_client_connect_to_host(
      client.get(), "127.0.0.1", static_cast<guint16>(service.port()), nullptr, nullptr));
  auto* stream = G_IO_STREAM(connection.get());
  const std::string request =
      "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
  RTC_ASSERT(g_output_stream_write_all(g_io_stream_get_output_stream(stream), request.data(), request.size(), nullptr,
                                       nullptr, nullptr));
  bool ended = false;
  auto* input = G_POLLABLE_INPUT_STREAM(g_io_stream_get_input_stream(stream));
  RTC_ASSERT(rtc::testing::waitFor([&] {
    char buffer[512];
    ended = g_pollable_input_stream_read_nonblocking(input, buffer, sizeof buffer, nullptr, nullptr) == 0;
    return ended;
  }));
  RTC_ASSERT(alive.hearsNothing());
}

// --- Files -----------------------------------------------------------------------------------------------------------

RTC_TEST(files_come_with_their_types) {
  const Site site;
  const SignaldProcess service({"--web-root", site.web()});
  const auto home = answerTo(service, "GET /");
  RTC_ASSERT_EQ(statusOf(home), "200");
  RTC_ASSERT_EQ(bodyOf(home), "<p>home");
  RTC_ASSERT(hasHeader(home, "Content-Type: text/html; charset=utf-8"));
  RTC_ASSERT(hasHeader(home, "X-Content-Type-Options: nosniff"));
  RTC_ASSERT(hasHeader(answerTo(service, "GET /page.js?v=1"), "Content-Type: text/javascript; charset=utf-8"));
  RTC_ASSERT(hasHeader(answerTo(service, "GET /style.css"), "Content-Type: text/css; charset=utf-8"));
  RTC_ASSERT(hasHeader(answerTo(service, "GET /data.bin"), "Content-Type: application/octet-stream"));
  RTC_ASSERT_EQ(bodyOf(answerTo(service, "GET /with%20space.txt")), "space");
  RTC_ASSERT_EQ(bodyOf(answerTo(service, "GET /within.js")), "export {};");
  RTC_ASSERT_EQ(bodyOf(answerTo(service, "GET /sub/")), "<p>sub");
}

RTC_TEST(a_folder_without_its_slash_is_redirected_to_itself) {
  const Site site;
  const SignaldProcess service({"--web-root", site.web()});
  const auto response = answerTo(service, "GET /sub");
  RTC_ASSERT_EQ(statusOf(response), "301");
  RTC_ASSERT(response.find("/sub/\r\n") != std::string::npos);
}

RTC_TEST(head_tells_all_but_the_contents) {
  const Site site;
  const SignaldProcess service({"--web-root", site.web()});
  const auto response = answerTo(service, "HEAD /page.js");
  RTC_ASSERT_EQ(statusOf(response), "200");
  RTC_ASSERT(hasHeader(response, "Content-Length: 10"));
  RTC_ASSERT_EQ(bodyOf(response), "");
}

RTC_TEST(other_methods_are_not_allowed) {
  const Site site;
  const SignaldProcess service({"--web-root", site.web()});
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"}) {
    const auto response = answerTo(service, std::string(method) + " /index.html");
    RTC_ASSERT_EQ(statusOf(response), "405");
    RTC_ASSERT(hasHeader(response, "Allow: GET, HEAD"));
  }
}

RTC_TEST(nothing_outside_of_the_folder_is_served) {
  const Site site;
  const SignaldProcess service({"--web-root", site.web()});
  for (const char* path : {"/../secret.txt",
                           "/%2e%2e/secret.txt",
                           "/%2E./secret.txt",
                           "/..%2fsecret.txt",
                           "/%2e%2e%2fsecret.txt",
                           "/%252e%252e/secret.txt",
                           "/sub/../../secret.txt",
                           "/..\\secret.txt",
                           "/../web-other/secret.txt",
                           "/out.txt",
                           "/up/secret.txt",
                           "/up/",
                           "/.hidden",

                           "//page.js",
                           "//example.net/",
                           "/sub//",
                           "/page.js%00.html",
                           "/page.js%00",
                           "/%00",
                           "/pipe",
                           "/nothing",
                           "/sub/nothing",
                           "/page.js/",
                           "/etc/passwd",
                           "/%ff%fe",
                           "/%zz"}) {
    const auto response = answerTo(service, std::string("GET ") + path);
    ck_assert_msg(response.find("secret") == std::string::npos, "%s leaks", path);
    ck_assert_msg(statusOf(response) == "404" || statusOf(response) == "400", "%s is answered with %s", path,
                  statusOf(response).c_str());
  }
  RTC_ASSERT_EQ(statusOf(answerTo(service, "GET /page.js")), "200");
}

RTC_TEST(a_file_that_the_client_has_is_not_sent_again) {
  const Site site;
  const SignaldProcess folder({"--web-root", site.web()});
  const SignaldProcess page;
  for (const auto& [service, path] : {std::pair(&folder, "/page.js"), std::pair(&page, "/lib/index.js")}) {
    const auto first = answerTo(*service, std::string("GET ") + path);
    const auto at = first.find("ETag: ") + 6;
    const auto tag = first.substr(at, first.find("\r\n", at) - at);
    RTC_ASSERT(hasHeader(first, "Cache-Control: no-cache"));
    const auto again = answerTo(*service, std::string("GET ") + path, "If-None-Match: \"other\", " + tag + "\r\n");
    RTC_ASSERT_EQ(statusOf(again), "304");
    RTC_ASSERT_EQ(bodyOf(again), "");
    RTC_ASSERT(again.find("Content-Length") == std::string::npos);
    const auto other = answerTo(*service, std::string("GET ") + path, "If-None-Match: \"other\"\r\n");
    RTC_ASSERT_EQ(statusOf(other), "200");
    RTC_ASSERT_EQ(bodyOf(other), bodyOf(first));
  }
}

RTC_TEST(the_page_in_the_program_runs_nothing_but_its_own_files) {
  const SignaldProcess service;
  const auto module = answerTo(service, "GET /lib/index.js");
  RTC_ASSERT_EQ(statusOf(module), "200");
  RTC_ASSERT(hasHeader(module, "Content-Type: text/javascript; charset=utf-8"));
  RTC_ASSERT(hasHeader(module, "X-Content-Type-Options: nosniff"));
  RTC_ASSERT(module.find("Content-Security-Policy: default-src 'none'; script-src 'self';") != std::string::npos);
  RTC_ASSERT(module.find("unsafe") == std::string::npos);
  RTC_ASSERT(module.find("Set-Cookie") == std::string::npos);
  RTC_ASSERT(bodyOf(module).find("export { Client }") != std::string::npos);
  RTC_ASSERT_EQ(bodyOf(answerTo(service, "HEAD /lib/index.js")), "");
  RTC_ASSERT_EQ(statusOf(answerTo(service, "POST /lib/index.js")), "405");
  for (const char* path :
       {"/lib/", "/lib", "/lib/../lib/index.js", "/lib//index.js", "/package.json", "/%00", "/nothing"}) {
    RTC_ASSERT_EQ(statusOf(answerTo(service, std::string("GET ") + path)), "404");
  }
}

RTC_TEST(without_a_page_there_are_no_files_but_the_sockets_work) {
  const SignaldProcess service({"--no-page"});
  RTC_ASSERT_EQ(statusOf(answerTo(service, "GET /lib/index.js")), "404");
  SocketClient client(service.uri());
  RTC_ASSERT(client.hearsNothing());
}

RTC_TEST(a_socket_opens_on_the_path_of_a_file) {
  const Site site;
  const SignaldProcess service({"--web-root", site.web()});
  SocketClient client(service.uri() + "/index.html");
  RTC_ASSERT(client.hearsNothing());
}
