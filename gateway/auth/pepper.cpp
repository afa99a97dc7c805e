#include "gateway/auth/pepper.h"

#include "shared/core/private_file.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstddef>
#include <span>
#include <stdexcept>
#include <utility>

namespace delta::auth {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype size = 32;
/// More than a pepper has, so that the length of a wrong file can be told.
constexpr qsizetype longestFile = 4'096;

Secret randomBytes(Random &random)
{
    QByteArray bytes(size, Qt::Uninitialized);
    random.fill(std::as_writable_bytes(std::span(bytes.data(), std::size_t(size))));
    return Secret(std::move(bytes));
}

/// OpenSSL fails here only when it has no memory or is misinstalled.
void require(bool isGood)
{
    if (!isGood) {
        throw std::runtime_error("OpenSSL cannot compute HMAC-SHA-256");
    }
}

struct MacDeleter {
    void operator()(EVP_MAC *mac) const
    {
        EVP_MAC_free(mac);
    }
};

/// Prepares HMAC-SHA-256 with a key. The caller owns the context.
evp_mac_ctx_st *keyedWith(std::span<const std::byte> key)
{
    const std::unique_ptr<EVP_MAC, MacDeleter> hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    require(hmac != nullptr);
    evp_mac_ctx_st *const context = EVP_MAC_CTX_new(hmac.get());
    require(context != nullptr);
    std::array<char, 7> digest{"SHA256"};
    const std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end()};
    require(EVP_MAC_init(context, reinterpret_cast<const unsigned char *>(key.data()), key.size(),
                         parameters.data())
            == 1);
    return context;
}

/// Feeds a context that is keyed, and ends it.
KeyMac finish(evp_mac_ctx_st *context, std::span<const std::byte> bytes)
{
    KeyMac result{};
    std::size_t length = 0;
    const auto *const first = reinterpret_cast<const unsigned char *>(bytes.data());
    require(EVP_MAC_update(context, first, bytes.size()) == 1);
    require(EVP_MAC_final(context, result.data(), &length, result.size()) == 1);
    require(length == result.size());
    return result;
}

std::span<const std::byte> bytesOf(QByteArrayView text)
{
    return std::as_bytes(std::span(text.data(), static_cast<std::size_t>(text.size())));
}

} // namespace

void Pepper::ContextDeleter::operator()(evp_mac_ctx_st *context) const
{
    EVP_MAC_CTX_free(context);
}

Pepper::Pepper(std::span<const std::byte, 32> bytes)
    : m_keyed(keyedWith(bytes))
{
    const Context extract(keyedWith(bytesOf("deltallm-pepper")));
    KeyMac root = finish(extract.get(), bytes);
    m_root.reset(keyedWith(std::as_bytes(std::span(root))));
    OPENSSL_cleanse(root.data(), root.size());
}

KeyMac Pepper::mac(QByteArrayView text) const
{
    Context context = m_spare.take();
    if (!context) {
        context.reset(EVP_MAC_CTX_dup(m_keyed.get()));
    }
    // Without a key it begins anew with the one that it has.
    require(context && EVP_MAC_init(context.get(), nullptr, 0, nullptr) == 1);
    const KeyMac result = finish(context.get(), bytesOf(text));
    m_spare.give(std::move(context));
    return result;
}

Pepper Pepper::derived(QByteArrayView label) const
{
    const Context expand(EVP_MAC_CTX_dup(m_root.get()));
    require(expand && EVP_MAC_init(expand.get(), nullptr, 0, nullptr) == 1);
    KeyMac bytes = finish(expand.get(), bytesOf(label.toByteArray() + '\x01'));
    Pepper pepper(std::as_bytes(std::span(bytes)));
    OPENSSL_cleanse(bytes.data(), bytes.size());
    return pepper;
}

std::expected<Pepper, QString> Pepper::open(const QString &path, IfAbsent ifAbsent, Random &random)
{
    const PrivateFile file(path, u"pepper file"_s);
    auto content = file.read(longestFile);
    if (content && !*content && ifAbsent == IfAbsent::Create) {
        content = file.create(randomBytes(random));
    }
    if (!content) {
        return std::unexpected(std::move(content).error());
    }
    if (!*content) {
        return std::unexpected(
            u"The pepper file %1 is missing, and without it no issued key can be "
            "recognised. Restore it from the backup of the state folder; delete "
            "all keys first if it is lost for good."_s.arg(path));
    }
    const QByteArray &bytes = (*content)->reveal();
    if (bytes.size() != size) {
        return std::unexpected(file.unusable(
            u"it has %1 bytes instead of %2; restore it from the backup of the state folder"_s
                .arg(bytes.size())
                .arg(size)));
    }
    return std::expected<Pepper, QString>(
        std::in_place,
        std::as_bytes(std::span<const char, size>(bytes.constData(), std::size_t(size))));
}

bool isSameMac(const KeyMac &a, const KeyMac &b)
{
    return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace delta::auth
