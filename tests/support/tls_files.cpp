#include "tests/support/tls_files.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <QFile>

#include <memory>
#include <stdexcept>

namespace delta::test {

using namespace Qt::StringLiterals;

namespace {

template <auto free>
struct Freer {
    void operator()(auto *object) const
    {
        free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;
using File = std::unique_ptr<BIO, Freer<BIO_free>>;

constexpr long hour = 3'600;
constexpr const char *localNames = "DNS:localhost,IP:127.0.0.1,IP:::1";

/// What is written into one certificate. Times are seconds from now.
struct Wish {
    const char *commonName = nullptr;
    const char *alternativeNames = nullptr; ///< Null for an authority.
    long validFrom = -hour;
    long validUntil = 24 * hour;
};

void require(bool isDone)
{
    if (!isDone) {
        throw std::runtime_error("cannot make the test certificates");
    }
}

void addExtension(X509 &certificate, X509V3_CTX &context, int nid, const char *value)
{
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
    require(extension && X509_add_ext(&certificate, extension.get(), -1) == 1);
}

/// Makes and signs a certificate for `key`. A null issuer stands for the certificate itself.
Certificate issue(const Wish &wish, EVP_PKEY &key, X509 *issuer, EVP_PKEY &issuerKey)
{
    static long serial = 1;
    Certificate certificate(X509_new());
    require(certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), wish.validFrom);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wish.validUntil);
    X509_set_pubkey(certificate.get(), &key);
    X509_NAME *name = X509_get_subject_name(certificate.get());
    const auto *text = reinterpret_cast<const unsigned char *>(wish.commonName);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509 *signer = issuer ? issuer : certificate.get();
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
    X509V3_CTX context;
    X509V3_set_ctx(&context, signer, certificate.get(), nullptr, nullptr, 0);
    const bool isAuthority = wish.alternativeNames == nullptr;
    addExtension(*certificate, context, NID_basic_constraints,
                 isAuthority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (isAuthority) {
        addExtension(*certificate, context, NID_key_usage, "critical,keyCertSign,cRLSign");
    } else {
        addExtension(*certificate, context, NID_subject_alt_name, wish.alternativeNames);
    }
    require(X509_sign(certificate.get(), &issuerKey, EVP_sha256()) > 0);
    return certificate;
}

Key makeKey()
{
    Key key(EVP_EC_gen("P-256"));
    require(key != nullptr);
    return key;
}

File openFile(const QByteArray &path)
{
    File file(BIO_new_file(path.constData(), "w"));
    require(file != nullptr);
    return file;
}

void write(const TlsIdentity &files, X509 &certificate, EVP_PKEY &key)
{
    require(PEM_write_bio_X509(openFile(files.certificateFile).get(), &certificate) == 1);
    require(PEM_write_bio_PrivateKey(openFile(files.keyFile).get(), &key, nullptr, nullptr, 0,
                                     nullptr, nullptr)
            == 1);
}

} // namespace

TlsFiles::TlsFiles()
{
    const Key authorityKey = makeKey();
    const Certificate authority = issue({.commonName = "Throw-away test authority"}, *authorityKey,
                                        nullptr, *authorityKey);
    write(identity(u"ca"_s), *authority, *authorityKey);
    const auto writeIssued = [&](const QString &name, const Wish &wish) {
        const Key key = makeKey();
        write(identity(name), *issue(wish, *key, authority.get(), *authorityKey), *key);
    };
    writeIssued(u"localhost"_s, {.commonName = "localhost", .alternativeNames = localNames});
    writeIssued(u"expired"_s,
                {.commonName = "localhost",
                 .alternativeNames = localNames,
                 .validFrom = -48 * hour,
                 .validUntil = -hour});
    writeIssued(u"wrong-host"_s,
                {.commonName = "elsewhere.test", .alternativeNames = "DNS:elsewhere.test"});
    const Key ownKey = makeKey();
    write(identity(u"self-signed"_s),
          *issue({.commonName = "localhost", .alternativeNames = localNames}, *ownKey, nullptr,
                 *ownKey),
          *ownKey);
}

QByteArray TlsFiles::caFile() const
{
    return identity(u"ca"_s).certificateFile;
}

TlsIdentity TlsFiles::localhost() const
{
    return identity(u"localhost"_s);
}

TlsIdentity TlsFiles::expired() const
{
    return identity(u"expired"_s);
}

TlsIdentity TlsFiles::wrongHost() const
{
    return identity(u"wrong-host"_s);
}

TlsIdentity TlsFiles::selfSigned() const
{
    return identity(u"self-signed"_s);
}

QByteArray TlsFiles::path(const QString &name) const
{
    return QFile::encodeName(m_folder.filePath(name));
}

TlsIdentity TlsFiles::identity(const QString &name) const
{
    return {path(name + u".pem"_s), path(name + u".key"_s)};
}

} // namespace delta::test
