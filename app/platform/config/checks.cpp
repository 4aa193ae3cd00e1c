#include "platform/config/checks.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace sluice::config {
namespace {

bool is_loopback(std::string_view address) { return address.starts_with("127.") || address == "::1"; }

class Together {
 public:
  Together(const Config& config, const GivenValues& given, std::vector<Problem>& problems)
      : config_(config), given_(given), problems_(problems) {}

  void check() {
    check_listeners();
    check_tls();
    check_kafka();
    check_clusters();
    check_auth();
    check_s3();
  }

 private:
  void add(std::string_view path, std::string rule, std::string message, std::string fix) {
    const auto given = given_.find(path);
    const Given nowhere{.node = {}, .variable = {}, .is_default = true};
    problems_.push_back(problem_at(given == given_.end() ? nowhere : given->second, std::string(path),
                                   std::move(rule), std::move(message), std::move(fix)));
  }
  void require(std::string_view path, const std::string& value, std::string reason) {
    if (value.empty()) add(path, "required", "is required " + std::move(reason), "set it");
  }

  void check_listeners() {
    const Server& server = config_.server;
    const bool plain = !server.tls.enabled() && !server.behind_proxy;
    if (config_.production() && plain && !is_loopback(server.listen)) {
      add("server.listen", "insecure", "plain HTTP beyond loopback is refused in production",
          "set server.tls, or server.behind_proxy: true when a proxy ends TLS");
    }
    const Metrics& metrics = config_.metrics;
    if (metrics.port != 0 && !is_loopback(metrics.listen)) {
      add("metrics.listen", "insecure", "this listener asks for no token, so it must stay on loopback",
          "set metrics.port: 0; /metrics is then on the main port, with a token");
    }
    if (metrics.port != 0 && metrics.port == server.port) {
      add("metrics.port", "conflict", "is server.port, too", "give it another port, or 0");
    }
  }

  void check_tls() {
    const Tls& tls = config_.server.tls;
    if (tls.enabled()) require("server.tls.key", tls.key, "with server.tls.certificate");
    if (!tls.key.empty()) require("server.tls.certificate", tls.certificate, "with server.tls.key");
  }

  void check_kafka() {
    const auto servers = config_.kafka.properties.find("bootstrap.servers");
    if (servers != config_.kafka.properties.end() && !servers->second.empty()) return;
    add("kafka.properties", "required", "bootstrap.servers is required",
        "set kafka.properties to hold bootstrap.servers: host:port,…");
  }

  // An environment that two clusters name would be on neither: nothing may reach the wrong one.
  void check_clusters() {
    std::map<std::string, std::string> taken;
    const auto& governed = config_.governance.environments;
    for (const auto& [name, cluster] : config_.clusters) {
      const std::string path = "clusters." + name;
      if (cluster.environments.empty()) add(path + ".environments", "required", "is required", "name at least one environment");
      const auto servers = cluster.properties.find("bootstrap.servers");
      if (servers == cluster.properties.end() || servers->second.empty()) {
        add(path + ".properties", "required", "bootstrap.servers is required", "set it to host:port,…");
      }
      if (config_.production() && cluster.expected_cluster_id.empty()) {
        add(path + ".expected_cluster_id", "required", "is required in production where there are several clusters",
            "write the id that `kafka-cluster cluster-id` shows");
      }
      for (const std::string& environment : cluster.environments) {
        const auto [other, first] = taken.emplace(environment, name);
        if (!first) add(path + ".environments", "conflict", environment + " is on the cluster " + other->second + ", too", "name it once");
        if (std::find(governed.begin(), governed.end(), environment) == governed.end()) {
          add(path + ".environments", "choice", environment + " is not in governance.environments", "add it there, or leave it out");
        }
      }
    }
  }

  void check_auth() {
    const Auth& auth = config_.auth;
    if (!auth.jwks_file.empty()) {
      require("auth.issuer", auth.issuer, "with auth.jwks_file");
      require("auth.audience", auth.audience, "with auth.jwks_file");
    }
    if (auth.jwks_file.empty() && !auth.service_tokens) {
      add("auth.service_tokens", "required", "with neither JWTs nor service tokens nobody can call the API",
          "set auth.jwks_file, or auth.service_tokens: true");
    }
  }

  void check_s3() {
    const S3& s3 = config_.objects.s3;
    const std::array<std::pair<std::string_view, const std::string*>, 4> parts{
        {{"objects.s3.endpoint", &s3.endpoint},
         {"objects.s3.bucket", &s3.bucket},
         {"objects.s3.access_key", &s3.access_key},
         {"objects.s3.secret_key", &s3.secret_key}}};
    bool any = false;
    for (const auto& [path, value] : parts) any = any || !value->empty();
    if (!any) return;
    for (const auto& [path, value] : parts) require(path, *value, "to use objects.s3");
  }

  const Config& config_;
  const GivenValues& given_;
  std::vector<Problem>& problems_;
};

}  // namespace

void check_together(const Config& config, const GivenValues& given, std::vector<Problem>& problems) {
  Together(config, given, problems).check();
}

}  // namespace sluice::config
