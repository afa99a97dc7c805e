#pragma once

#include <QByteArray>
#include <QString>
#include <QTemporaryDir>

namespace delta::test {

/// The PEM files with which a TLS server proves who it is.
struct TlsIdentity {
    QByteArray certificateFile;
    QByteArray keyFile;
};

/// A throw-away certificate authority and the certificates it issued, as PEM files in a temporary
/// folder that disappears with the object. Making one costs a few milliseconds (P-256 keys).
class TlsFiles
{
public:
    TlsFiles();

    /// The authority's certificate: what a client has to trust.
    [[nodiscard]] QByteArray caFile() const;
    /// Valid for `localhost`, 127.0.0.1 and ::1.
    [[nodiscard]] TlsIdentity localhost() const;
    /// As localhost(), but its time is over.
    [[nodiscard]] TlsIdentity expired() const;
    /// Valid, but for `elsewhere.test` only.
    [[nodiscard]] TlsIdentity wrongHost() const;
    /// For localhost, but signed by its own key instead of the authority's.
    [[nodiscard]] TlsIdentity selfSigned() const;

private:
    [[nodiscard]] QByteArray path(const QString &name) const;
    [[nodiscard]] TlsIdentity identity(const QString &name) const;

    QTemporaryDir m_folder;
};

} // namespace delta::test
