#pragma once

#include "shared/core/random.h"

#include <QByteArrayView>
#include <QString>

#include <array>
#include <expected>
#include <memory>

struct evp_mac_ctx_st;

namespace delta::auth {

/// The HMAC-SHA-256 of a key's text: what the store and the directory know a key by.
using KeyMac = std::array<unsigned char, 32>;

/// Says what to do when there is no pepper file.
enum class IfAbsent {
    Create, ///< Only right when the store holds no keys.
    Fail,   ///< A new pepper would make every key that was issued unknown.
};

/// The secret that turns key texts into MACs. It lives in a file outside the database, so that a
/// copy of the database alone does not even let an attacker test guesses. Safe from any thread.
class Pepper
{
public:
    /// Reads the pepper from its file, or makes the file once: 32 bytes, mode 0600, written through
    /// to disk.
    /// Never replaces a file that is there.
    /// Errors: a text for the operator that names the path, what is wrong and what to do.
    [[nodiscard]] static std::expected<Pepper, QString> open(const QString &path, IfAbsent ifAbsent,
                                                             Random &random);
    /// Makes a pepper from 32 bytes that the caller has and wipes.
    explicit Pepper(std::span<const std::byte, 32> bytes);

    /// Computes the MAC of a key's text. Takes about half a microsecond: the keyed state is
    /// prepared once.
    [[nodiscard]] KeyMac mac(QByteArrayView text) const;

private:
    struct ContextDeleter {
        void operator()(evp_mac_ctx_st *context) const;
    };
    using Context = std::unique_ptr<evp_mac_ctx_st, ContextDeleter>;

    Context m_keyed; ///< Never fed: each call works on a duplicate.
};

/// Compares two MACs in constant time.
[[nodiscard]] bool isSameMac(const KeyMac &a, const KeyMac &b);

} // namespace delta::auth
