#pragma once

#include <QByteArray>
#include <QString>

#include <expected>
#include <memory>
#include <mutex>

typedef struct ssl_ctx_st SSL_CTX;

namespace delta::http {

/// The certificate and the TLS rules of the edge: TLS 1.2 or newer, HTTP/1.1 only, no
/// renegotiation, no compression. Safe from any thread; connections keep the certificate with which
/// they began.
class TlsContext final
{
public:
    /// Reads a PEM chain and its PEM key. Errors: a text that names the file and what is wrong.
    [[nodiscard]] static std::expected<std::unique_ptr<TlsContext>, QString> load(
        const QByteArray &certificateFile, const QByteArray &keyFile);

    /// Reads the files again, for new connections. On an error the old certificate stays in use.
    [[nodiscard]] std::expected<void, QString> reload();
    /// Returns the current OpenSSL context.
    [[nodiscard]] std::shared_ptr<SSL_CTX> current() const;

private:
    TlsContext(QByteArray certificateFile, QByteArray keyFile);

    QByteArray m_certificateFile;
    QByteArray m_keyFile;
    mutable std::mutex m_mutex; ///< Guards m_context.
    std::shared_ptr<SSL_CTX> m_context;
};

} // namespace delta::http
