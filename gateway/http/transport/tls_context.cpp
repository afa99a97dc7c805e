#include "gateway/http/transport/tls_context.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <span>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::http {

namespace {

using Made = std::expected<std::shared_ptr<SSL_CTX>, QString>;

QString lastReason()
{
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    ERR_clear_error();
    return QString::fromLatin1(text.data());
}

std::unexpected<QString> problem(QLatin1StringView what, const QByteArray &file)
{
    return std::unexpected(u"%1 '%2': %3"_s.arg(what, QString::fromLocal8Bit(file), lastReason()));
}

/// Picks HTTP/1.1 from the client's list, and ends a handshake whose list lacks it (RFC 7301 §3.2).
int chooseProtocol(SSL *, const unsigned char **chosen, unsigned char *chosenSize,
                   const unsigned char *offered, unsigned int offeredSize, void *)
{
    static constexpr unsigned char http11[] = "\x08http/1.1";
    unsigned char *match = nullptr;
    const int outcome = SSL_select_next_proto(&match, chosenSize, http11, sizeof http11 - 1,
                                              offered, offeredSize);
    *chosen = match;
    return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

Made makeContext(const QByteArray &certificateFile, const QByteArray &keyFile)
{
    std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    if (!context) {
        return std::unexpected(lastReason());
    }
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_options(context.get(),
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION
                            | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context.get(),
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                         | SSL_MODE_RELEASE_BUFFERS);
    // One system call fetches many records instead of two calls for each.
    SSL_CTX_set_read_ahead(context.get(), 1);
    SSL_CTX_set_alpn_select_cb(context.get(), &chooseProtocol, nullptr);
    constexpr std::array<unsigned char, 5> sessionScope{'d', 'e', 'l', 't', 'a'};
    SSL_CTX_set_session_id_context(context.get(), sessionScope.data(), sessionScope.size());
    if (SSL_CTX_use_certificate_chain_file(context.get(), certificateFile.constData()) != 1) {
        return problem("cannot use the TLS certificate"_L1, certificateFile);
    }
    if (SSL_CTX_use_PrivateKey_file(context.get(), keyFile.constData(), SSL_FILETYPE_PEM) != 1) {
        return problem("cannot use the TLS key"_L1, keyFile);
    }
    return context;
}

} // namespace

TlsContext::TlsContext(QByteArray certificateFile, QByteArray keyFile)
    : m_certificateFile(std::move(certificateFile))
    , m_keyFile(std::move(keyFile))
{
}

std::expected<std::unique_ptr<TlsContext>, QString> TlsContext::load(
    const QByteArray &certificateFile, const QByteArray &keyFile)
{
    std::unique_ptr<TlsContext> context(new TlsContext(certificateFile, keyFile));
    if (const auto loaded = context->reload(); !loaded) {
        return std::unexpected(loaded.error());
    }
    return context;
}

std::expected<void, QString> TlsContext::reload()
{
    Made made = makeContext(m_certificateFile, m_keyFile);
    if (!made) {
        return std::unexpected(made.error());
    }
    const std::scoped_lock lock(m_mutex);
    m_context = std::move(*made);
    return {};
}

std::shared_ptr<SSL_CTX> TlsContext::current() const
{
    const std::scoped_lock lock(m_mutex);
    return m_context;
}

} // namespace delta::http
