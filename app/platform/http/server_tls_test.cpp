// TLS, with a certificate made for the test.
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "platform/core/id_source.h"
#include "platform/http/client.h"
#include "platform/http/testing/server_fixture.h"

namespace sluice::http {
namespace {

using namespace std::chrono_literals;

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using File = std::unique_ptr<BIO, Deleter<BIO_free_all>>;

// Self-signed, for 127.0.0.1.
Certificate make_certificate(EVP_PKEY* key) {
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_EXTENSION* alternative = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(certificate.get(), alternative, -1);
  X509_EXTENSION_free(alternative);
  X509_sign(certificate.get(), key, EVP_sha256());
  return certificate;
}

class TlsServerTest : public testing::ServerTest {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(folder_);
    const Key key(EVP_EC_gen("P-256"));
    const auto certificate = make_certificate(key.get());
    const File key_file(BIO_new_file(files_.key.c_str(), "w"));
    const File certificate_file(BIO_new_file(files_.certificate.c_str(), "w"));
    PEM_write_bio_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    PEM_write_bio_X509(certificate_file.get(), certificate.get());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Result<ClientResponse> fetch(std::string ca_file) {
    ClientOptions options;
    options.ca_file = std::move(ca_file);
    Client client(options);
    ClientRequest request;
    request.method = Method::kPost;
    request.url = fmt::format("https://127.0.0.1:{}/echo", port());
    request.headers.set("content-type", "text/plain");
    request.body = std::string(300'000, 'x');
    return client.send(request, Deadline::after(10s));
  }

  const std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("sluice-tls-" + random_hex(8));
  const TlsFiles files_{folder_ / "certificate.pem", folder_ / "key.pem"};
};

TEST_F(TlsServerTest, SpeaksTlsToAClientThatTrustsIt) {
  ServerOptions options;
  options.tls = files_;
  start({}, options);
  const auto response = fetch(files_.certificate);
  ASSERT_TRUE(response) << response.error().describe();
  EXPECT_EQ(response->body.size(), 300'000U);
  EXPECT_EQ(fetch("").error().code, "http-client.tls") << "an unknown certificate was trusted";
}

TEST_F(TlsServerTest, PlainTextIsTurnedAway) {
  ServerOptions options;
  options.tls = files_;
  start({}, options);
  testing::RawClient client(port());
  client.send(testing::get("/health/live"));
  EXPECT_TRUE(client.closed_by_peer());
}

TEST_F(TlsServerTest, HandshakeHasADeadline) {
  ServerOptions options;
  options.tls = files_;
  options.header_deadline = 50ms;
  start({}, options);
  testing::RawClient client(port());
  EXPECT_TRUE(client.closed_by_peer());
}

TEST_F(TlsServerTest, DoesNotStartWithoutACertificate) {
  Router router;
  ServerServices services;
  services.metrics = &metrics_;
  services.ids = &ids_;
  services.clock = &clock_;
  ServerOptions options;
  options.tls = TlsFiles{folder_ / "missing.pem", files_.key};
  Server server(options, std::move(router), services);
  const auto status = server.start();
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("missing.pem"), std::string::npos);
}

}  // namespace
}  // namespace sluice::http
