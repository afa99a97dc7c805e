#include "gateway/secrets/service_account.h"

#include "gateway/secrets/local_secrets.h"
#include "gateway/secrets/manager_caller.h"
#include "shared/core/quoted.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <QJsonDocument>
#include <QJsonObject>

#include <chrono>
#include <memory>

namespace delta::secrets {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 lifetimeSeconds = 3'600;
const QString usualTokenUri = u"https://oauth2.googleapis.com/token"_s;

struct Freer {
    void operator()(BIO *bio) const
    {
        BIO_free(bio);
    }
    void operator()(EVP_PKEY *key) const
    {
        EVP_PKEY_free(key);
    }
    void operator()(EVP_MD_CTX *context) const
    {
        EVP_MD_CTX_free(context);
    }
};

template <typename T>
using Owned = std::unique_ptr<T, Freer>;

QByteArray part(const QByteArray &bytes)
{
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray part(const QJsonObject &object)
{
    return part(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

/// Never asks for a pass phrase, as OpenSSL would do at the terminal.
int noPassPhrase(char *, int, int, void *)
{
    return -1;
}

/// Signs by RSA with SHA-256; empty if that fails.
QByteArray signatureOf(const QByteArray &text, const Secret &pem)
{
    const QByteArray &bytes = pem.reveal();
    const Owned<BIO> source(BIO_new_mem_buf(bytes.constData(), int(bytes.size())));
    const Owned<EVP_PKEY> key(
        source ? PEM_read_bio_PrivateKey(source.get(), nullptr, noPassPhrase, nullptr) : nullptr);
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    if (!key || !context || EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA
        || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1) {
        return {};
    }
    std::size_t length = 0;
    const auto *message = reinterpret_cast<const unsigned char *>(text.constData());
    const auto size = static_cast<std::size_t>(text.size());
    if (EVP_DigestSign(context.get(), nullptr, &length, message, size) != 1) {
        return {};
    }
    QByteArray signature(static_cast<qsizetype>(length), Qt::Uninitialized);
    auto *const place = reinterpret_cast<unsigned char *>(signature.data());
    if (EVP_DigestSign(context.get(), place, &length, message, size) != 1) {
        return {};
    }
    signature.truncate(static_cast<qsizetype>(length));
    return signature;
}

} // namespace

std::expected<ServiceAccount, ports::SecretFailure> readServiceAccount(const QString &path)
{
    const FoundSecret file = readSecretFile(path);
    if (!file) {
        return lasting(u"GOOGLE_APPLICATION_CREDENTIALS: "_s + file.error().reason);
    }
    const QJsonObject fields = QJsonDocument::fromJson(file->reveal()).object();
    if (const QString type = fields.value("type"_L1).toString(); type != "service_account"_L1) {
        return lasting(u"the file %1 is the key of no service account; its type is %2"_s.arg(
            path, quoted(type)));
    }
    ServiceAccount account{fields.value("client_email"_L1).toString(),
                           fields.value("private_key_id"_L1).toString(),
                           Secret(fields.value("private_key"_L1).toString().toUtf8()),
                           fields.value("token_uri"_L1).toString(usualTokenUri)};
    if (account.email.isEmpty() || account.key.isEmpty()) {
        return lasting(u"the file %1 lacks client_email or private_key"_s.arg(path));
    }
    const auto uri = safeAddress(account.tokenUri, u"token_uri in "_s + path);
    if (!uri) {
        return std::unexpected(uri.error());
    }
    account.tokenUri = *uri;
    return account;
}

FoundSecret signedAssertion(const ServiceAccount &account, WallTime now)
{
    const qint64 seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    QJsonObject head{{u"alg"_s, u"RS256"_s}, {u"typ"_s, u"JWT"_s}};
    if (!account.keyId.isEmpty()) {
        head.insert("kid"_L1, account.keyId);
    }
    const QJsonObject claims{{u"iss"_s, account.email},
                             {u"scope"_s, u"https://www.googleapis.com/auth/cloud-platform"_s},
                             {u"aud"_s, account.tokenUri},
                             {u"iat"_s, seconds},
                             {u"exp"_s, seconds + lifetimeSeconds}};
    const QByteArray text = part(head) + '.' + part(claims);
    const QByteArray signature = signatureOf(text, account.key);
    if (signature.isEmpty()) {
        return lasting(
            u"the private_key of the service account %1 is no RSA key"_s.arg(account.email));
    }
    return Secret(text + '.' + part(signature));
}

} // namespace delta::secrets
