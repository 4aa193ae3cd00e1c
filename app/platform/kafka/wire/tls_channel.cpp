// TLS by OpenSSL over memory: the bytes go through the channel below, so that its deadlines hold and
// no write can raise SIGPIPE.
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <filesystem>
#include <memory>
#include <system_error>

#include "platform/core/resolve.h"
#include "platform/kafka/wire/channel.h"
#include "platform/kafka/wire/errors.h"

namespace sluice::kafka::wire {
namespace {

template <auto kFree>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using ContextHandle = std::unique_ptr<SSL_CTX, Freer<SSL_CTX_free>>;
using SessionHandle = std::unique_ptr<SSL, Freer<SSL_free>>;
using BioHandle = std::unique_ptr<BIO, Freer<BIO_free>>;
using CertificateHandle = std::unique_ptr<X509, Freer<X509_free>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;

std::string last_words() {
  std::array<char, 256> text{};
  const auto code = ERR_peek_error();
  ERR_error_string_n(code, text.data(), text.size());
  ERR_clear_error();
  return code == 0 ? "no reason given" : text.data();
}

BioHandle open_pem(const Pem& pem) {
  if (!pem.text.empty()) return BioHandle(BIO_new_mem_buf(pem.text.data(), static_cast<int>(pem.text.size())));
  return BioHandle(BIO_new_file(pem.file.c_str(), "r"));
}

// Without this OpenSSL asks on the terminal.
int key_password(char* room, int size, int, void* password) {
  const auto& text = *static_cast<const std::string*>(password);
  if (text.size() > static_cast<std::size_t>(size)) return 0;
  text.copy(room, text.size());
  return static_cast<int>(text.size());
}

Error unreadable(std::string_view property, const Pem& pem) {
  const std::string words = last_words();
  return errors::config(property, pem.file.empty() ? words : pem.file + ": " + words);
}

Status use_authorities(SSL_CTX* context, const Pem& pem) {
  bool loaded = false;
  if (pem.empty()) {
    loaded = SSL_CTX_set_default_verify_paths(context) == 1;
  } else if (pem.text.empty()) {
    std::error_code ignored;
    const bool folder = std::filesystem::is_directory(pem.file, ignored);
    loaded = SSL_CTX_load_verify_locations(context, folder ? nullptr : pem.file.c_str(),
                                           folder ? pem.file.c_str() : nullptr) == 1;
  } else {
    const BioHandle bio = open_pem(pem);
    while (const CertificateHandle one{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
      loaded = X509_STORE_add_cert(SSL_CTX_get_cert_store(context), one.get()) == 1;
    }
  }
  if (!loaded) return unreadable("ssl.ca.location", pem);
  ERR_clear_error();
  return {};
}

Status use_certificate(SSL_CTX* context, const Pem& pem) {
  const BioHandle bio = open_pem(pem);
  if (!bio) return unreadable("ssl.certificate.location", pem);
  const CertificateHandle own(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (!own || SSL_CTX_use_certificate(context, own.get()) != 1) return unreadable("ssl.certificate.location", pem);
  while (const CertificateHandle above{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    if (SSL_CTX_add1_chain_cert(context, above.get()) != 1) return unreadable("ssl.certificate.location", pem);
  }
  ERR_clear_error();  // the end of the file is an "error" too
  return {};
}

Status use_key(SSL_CTX* context, const Tls& tls) {
  const BioHandle bio = open_pem(tls.key);
  if (!bio) return unreadable("ssl.key.location", tls.key);
  std::string password = tls.key_password;
  const KeyHandle key(PEM_read_bio_PrivateKey(bio.get(), nullptr, key_password, &password));
  if (!key || SSL_CTX_use_PrivateKey(context, key.get()) != 1) return unreadable("ssl.key.location", tls.key);
  return {};
}

Result<ContextHandle> make_context(const Tls& tls) {
  ContextHandle context(SSL_CTX_new(TLS_client_method()));
  if (!context) return errors::tls(last_words());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), tls.verify_peer ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  SLUICE_CHECK(use_authorities(context.get(), tls.authorities));
  if (!tls.certificate.empty()) SLUICE_CHECK(use_certificate(context.get(), tls.certificate));
  if (!tls.key.empty()) SLUICE_CHECK(use_key(context.get(), tls));
  return context;
}

Status expect_host(SSL* session, const Tls& tls, const std::string& host) {
  const bool is_address = is_ip_address(host);
  bool set = is_address || SSL_set_tlsext_host_name(session, host.c_str()) == 1;
  if (tls.verify_host) {
    set = set && (is_address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str()) == 1
                             : SSL_set1_host(session, host.c_str()) == 1);
  }
  if (!set) return errors::tls("the broker's host name can't be checked");
  return {};
}

class TlsChannel final : public Channel {
 public:
  TlsChannel(std::unique_ptr<Channel> below, ContextHandle context, SessionHandle session, std::string host)
      : below_(std::move(below)), context_(std::move(context)), session_(std::move(session)), host_(std::move(host)),
        in_(SSL_get_rbio(session_.get())), out_(SSL_get_wbio(session_.get())) {}

  Status handshake(Deadline deadline) {
    for (;;) {
      const int done = SSL_do_handshake(session_.get());
      const int reason = SSL_get_error(session_.get(), done);
      if (reason != SSL_ERROR_NONE && reason != SSL_ERROR_WANT_READ) {
        const std::string why = why_not();
        (void)flush(deadline);  // the alert that tells the broker; ours is the better error
        return errors::tls(why);
      }
      SLUICE_CHECK(flush(deadline));
      if (reason == SSL_ERROR_NONE) return {};
      const Status filled = fill(deadline);
      // Nothing of Kafka's has been asked yet: whatever ends the handshake is a handshake's failure.
      if (!filled) return errors::tls(filled.error().message);
    }
  }

  Status send(std::string_view bytes, Deadline deadline) override {
    while (!bytes.empty()) {
      std::size_t written = 0;
      const int done = SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &written);
      if (done != 1) return errors::tls(why_not());  // memory never makes it wait
      bytes.remove_prefix(written);
      SLUICE_CHECK(flush(deadline));
    }
    return {};
  }

  Result<std::size_t> receive(std::span<char> room, Deadline deadline) override {
    for (;;) {
      std::size_t got = 0;
      const int done = SSL_read_ex(session_.get(), room.data(), room.size(), &got);
      if (done == 1) return got;
      const int reason = SSL_get_error(session_.get(), done);
      if (reason != SSL_ERROR_WANT_READ) return errors::connection_lost(host_, why_not());
      // What was asked is long under way: an unsent answer to the peer's own TLS is a broken connection.
      if (const Status flushed = flush(deadline); !flushed) return errors::connection_lost(host_, flushed.error().message);
      SLUICE_CHECK(fill(deadline));
    }
  }

 private:
  std::string why_not() {
    const long verified = SSL_get_verify_result(session_.get());
    if (verified == X509_V_OK) return last_words();
    ERR_clear_error();
    return std::string("the broker's certificate is not trusted: ") + X509_verify_cert_error_string(verified);
  }

  Status flush(Deadline deadline) {
    std::array<char, 16 * 1024> room{};
    for (;;) {
      const int size = BIO_read(out_, room.data(), static_cast<int>(room.size()));
      if (size <= 0) return {};
      SLUICE_CHECK(below_->send({room.data(), static_cast<std::size_t>(size)}, deadline));
    }
  }

  Status fill(Deadline deadline) {
    std::array<char, 16 * 1024> room{};
    SLUICE_TRY(const std::size_t size, below_->receive(room, deadline));
    BIO_write(in_, room.data(), static_cast<int>(size));
    return {};
  }

  std::unique_ptr<Channel> below_;
  ContextHandle context_;
  SessionHandle session_;
  std::string host_;
  BIO* in_;   // the session's
  BIO* out_;  // the session's
};

}  // namespace

Result<std::unique_ptr<Channel>> connect_tls(std::unique_ptr<Channel> below, const Tls& tls, const std::string& host,
                                             Deadline deadline) {
  ERR_clear_error();
  SLUICE_TRY(ContextHandle context, make_context(tls));
  SessionHandle session(SSL_new(context.get()));
  SSL_set_bio(session.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));  // which it frees from now on
  SSL_set_connect_state(session.get());
  SLUICE_CHECK(expect_host(session.get(), tls, host));
  auto channel = std::make_unique<TlsChannel>(std::move(below), std::move(context), std::move(session), host);
  SLUICE_CHECK(channel->handshake(deadline));
  return std::unique_ptr<Channel>(std::move(channel));
}

}  // namespace sluice::kafka::wire
