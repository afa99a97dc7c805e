#pragma once

#include "shared/core/random.h"

#include <QByteArrayView>
#include <QString>

#include <array>
#include <atomic>
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

    /// Computes the MAC of a key's text. Takes about a quarter of a microsecond: the keyed state is
    /// prepared once, and the last caller leaves what it worked with to the next.
    [[nodiscard]] KeyMac mac(QByteArrayView text) const;

    /// Makes a secret of its own for another purpose, so that nobody who has it learns this one, and no text that this
    /// one is asked about matters to it: 32 bytes of HKDF-SHA-256 (RFC 5869) with the salt "deltallm-pepper" and `label`
    /// as info. All who share the pepper make the same.
    [[nodiscard]] Pepper derived(QByteArrayView label) const;

private:
    struct ContextDeleter {
        void operator()(evp_mac_ctx_st *context) const;
    };
    using Context = std::unique_ptr<evp_mac_ctx_st, ContextDeleter>;

    /// Room for one context between two calls. Who finds none makes one, so that nobody waits.
    class Spare
    {
    public:
        Spare() = default;
        Spare(Spare &&other) noexcept
            : m_context(other.m_context.exchange(nullptr))
        {
        }
        Spare &operator=(Spare &&other) noexcept
        {
            give(other.take());
            return *this;
        }
        Spare(const Spare &) = delete;
        Spare &operator=(const Spare &) = delete;
        ~Spare()
        {
            take();
        }

        /// Returns the context that was left; null if there is none.
        Context take()
        {
            return Context(m_context.exchange(nullptr));
        }
        void give(Context context)
        {
            const Context previous(m_context.exchange(context.release()));
        }

    private:
        std::atomic<evp_mac_ctx_st *> m_context = nullptr;
    };

    Context m_keyed; ///< Never fed: calls work on duplicates.
    Context m_root;  ///< Likewise; what other secrets are derived from.
    mutable Spare m_spare;
};

/// Compares two MACs in constant time.
[[nodiscard]] bool isSameMac(const KeyMac &a, const KeyMac &b);

} // namespace delta::auth
